"""Looks up, for any format of workbook, what people see of its sheets beside the bare values."""

import io
import struct
import zipfile

from tracker.intake.identify import Format
from tracker.intake.shown_cells import ods, xls, xlsb, xlsx
from tracker.intake.shown_cells.parts import UNREADABLE
from tracker.intake.shown_cells.patch import Shown


def look_up(data: bytes, form: Format, names: list[str], order: list[str]) -> dict[str, Shown]:
    """Find the cells of some sheets that are shown otherwise than by their value, and merged ranges.

    Args:
        data: the workbook.
        form: its format.
        names: the sheets wanted.
        order: all sheets, as the workbook has them.

    Returns:
        by sheet; nothing for a file that is built otherwise, as calamine has the say on whether it can be read at all.

    Raises:
        BadInput: calamine would pass over cells of it.
    """
    try:
        if form == "xls":
            return xls.look_up(data, names, order)
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            if form == "xlsb":
                return xlsb.look_up(book, names)
            return ods.look_up(book, names) if form == "ods" else xlsx.look_up(book, names)
    except (*UNREADABLE, struct.error):
        return {}
