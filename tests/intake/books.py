"""One roster as every format of workbook keeps it, written by another library each.

Ids are a number shown as 004512, a bare number and a text; the unit is merged over three rows; there are an expiry
shown as a month and an error; and a hidden sheet. The names are in a hidden column.
"""

import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from struct import pack
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P

HEADER = ["Emp ID", "Name", "Unit", "Hire Date", "BLS Exp", "BLS Card #"]
HIRED, MONTH, DAY = date(2020, 2, 29), date(2027, 6, 1), date(2027, 1, 31)
CARD = 265502000123


def by_xlsxwriter(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Staff")
        sheet.write_row(0, 0, HEADER)
        sheet.write_number(1, 0, 4512, book.add_format({"num_format": "000000"}))
        sheet.write_number(2, 0, 77)
        sheet.write_column(1, 1, ["Ada", "Bo", "Cy"])
        sheet.write_string(3, 0, "0099")
        sheet.merge_range("C2:C4", "ICU")
        days = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(1, 3, HIRED, days)
        sheet.write_datetime(1, 4, MONTH, book.add_format({"num_format": "mmm-yy"}))
        sheet.write_formula(2, 4, "=A0", days, "#REF!")
        sheet.write_datetime(3, 4, DAY, days)
        sheet.write_number(1, 5, CARD)
        sheet.set_column(1, 1, None, None, {"hidden": True})
        hidden = book.add_worksheet("Old")
        hidden.write_row(0, 0, HEADER)
        hidden.hide()


def by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Staff"
    for row in [HEADER, [4512, "Ada", "ICU", HIRED, MONTH, CARD], [77, "Bo"], ["0099", "Cy", None, None, DAY]]:
        sheet.append(row)
    sheet["A2"].number_format = "000000"
    sheet["E2"].number_format = "mmm-yy"
    sheet["E3"] = "#REF!"
    sheet["E3"].data_type = "e"
    sheet.merge_cells("C2:C4")
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("Old").append(HEADER)
    book["Old"].sheet_state = "veryHidden"
    book.save(path)


def by_xlwt(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Staff")
    for column, text in enumerate(HEADER):
        sheet.write(0, column, text)
    days = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    sheet.write(1, 0, 4512, xlwt.easyxf(num_format_str="000000"))
    sheet.write(2, 0, 77)
    sheet.write(3, 0, "0099")
    for row, name in enumerate(["Ada", "Bo", "Cy"], 1):
        sheet.write(row, 1, name)
    sheet.write_merge(1, 3, 2, 2, "ICU")
    sheet.write(1, 3, HIRED, days)
    sheet.write(1, 4, MONTH, xlwt.easyxf(num_format_str="mmm-yy"))
    sheet.row(2).set_cell_error(4, "#REF!")
    sheet.write(3, 4, DAY, days)
    sheet.write(1, 5, CARD)
    sheet.col(1).hidden = True
    hidden = book.add_sheet("Old")
    hidden.write(0, 0, "Emp ID")
    hidden.visibility = 1
    book.save(str(path))


def by_odfpy(path: Path) -> None:
    book = OpenDocumentSpreadsheet()
    for name, display, rows in (("Staff", "true", _odf_rows()), ("Old", "false", [[_odf(text) for text in HEADER]])):
        style = Style(name=f"{name}-table", family="table")
        style.addElement(TableProperties(display=display))
        book.automaticstyles.addElement(style)
        sheet = Table(name=name, stylename=style)
        sheet.addElement(TableColumn())
        sheet.addElement(TableColumn(visibility="collapse"))
        sheet.addElement(TableColumn(numbercolumnsrepeated=4))
        for cells in rows:
            row = TableRow()
            for cell in cells:
                row.addElement(cell)
            sheet.addElement(row)
        book.spreadsheet.addElement(sheet)
    book.save(str(path))


def _odf_rows() -> list[list[Any]]:
    unit = _odf("ICU", numberrowsspanned=3, numbercolumnsspanned=1)
    hired, month, day = (
        _odf(shown, valuetype="date", datevalue=day.isoformat())
        for day, shown in ((HIRED, "29/02/2020"), (MONTH, "Jun-27"), (DAY, "31/01/2027"))
    )
    first = _odf("004512", valuetype="float", value="4512")
    number = _odf(str(CARD), valuetype="float", value=str(CARD))
    error = _odf("#REF!", valuetype="string", formula="of:=#REF!")
    covered = [CoveredTableCell(), CoveredTableCell()]
    return [
        [_odf(text) for text in HEADER],
        [first, _odf("Ada"), unit, hired, month, number],
        [_odf("77", valuetype="float", value="77"), _odf("Bo"), covered[0], TableCell(), error],
        [_odf("0099"), _odf("Cy"), covered[1], TableCell(), day],
    ]


def _odf(text: str, valuetype: str = "string", **attributes: Any) -> Any:
    cell = TableCell(valuetype=valuetype, **attributes)
    cell.addElement(P(text=text))
    return cell


def by_hand(path: Path) -> None:
    """An XLSB, which no library writes as Excel does."""
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", _TYPES)
        book.writestr("_rels/.rels", _relations("officeDocument", "xl/workbook.bin"))
        book.writestr("xl/_rels/workbook.bin.rels", _relations("worksheet", "worksheets/sheet1.bin"))
        sheets = b"".join(
            _record(156, pack("<II", hidden, number) + _text("rId1") + _text(name))
            for number, (name, hidden) in enumerate((("Staff", 0), ("Old", 1)), 1)
        )
        book.writestr("xl/workbook.bin", _record(131) + _record(143) + sheets + _record(144) + _record(132))
        formats = b"".join(_record(47, pack("<HH", 0, number) + bytes(12)) for number in (0, 164, 17, 14))
        custom = _record(615, pack("<I", 1)) + _record(44, pack("<H", 164) + _text("000000")) + _record(616)
        styles = _record(278) + custom + _record(617, pack("<I", 4)) + formats + _record(618) + _record(279)
        book.writestr("xl/styles.bin", styles)
        cells = b"".join(_binary_cells())
        merged = _record(177, pack("<I", 1)) + _record(176, pack("<IIII", 1, 3, 2, 2)) + _record(178)
        size = _record(148, pack("<IIII", 0, 3, 0, 5))
        columns = _record(390) + _record(60, pack("<IIIIH", 1, 1, 2304, 0, 1)) + _record(391)
        sheet = _record(129) + size + columns + _record(145) + cells + _record(146) + merged + _record(130)
        book.writestr("xl/worksheets/sheet1.bin", sheet)


def _binary_cells() -> Iterator[bytes]:
    error = b"\x17"
    rows: list[list[tuple[int, int, bytes]]] = [
        [(6, 0, _text(text)) for text in HEADER],
        [_real(4512, 1), (6, 0, _text("Ada")), (6, 0, _text("ICU")), _real_day(HIRED, 3), _real_day(MONTH, 2)],
        [_real(77), (6, 0, _text("Bo")), (1, 0, b""), (1, 0, b""), (3, 0, error)],
        [(6, 0, _text("0099")), (6, 0, _text("Cy")), (1, 0, b""), (1, 0, b""), _real_day(DAY, 3)],
    ]
    rows[1].append(_real(CARD))
    for number, cells in enumerate(rows):
        yield _record(0, pack("<I", number) + bytes(13))
        for column, (kind, style, value) in enumerate(cells):
            yield _record(kind, pack("<II", column, style) + value)


def _real(value: float, style: int = 0) -> tuple[int, int, bytes]:
    return 5, style, pack("<d", value)


def _real_day(day: date, style: int) -> tuple[int, int, bytes]:
    return _real((day - date(1899, 12, 30)).days, style)


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    return head + (bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])) + content


def _text(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")


def _relations(kind: str, target: str) -> str:
    schema = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{schema}/package/2006/relationships"><Relationship Id="rId1" Target="{target}" '
        f'Type="{schema}/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )


_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'

WRITERS: dict[str, Callable[[Path], None]] = {
    "xlsxwriter.xlsx": by_xlsxwriter,
    "openpyxl.xlsm": by_openpyxl,
    "xlwt.xls": by_xlwt,
    "odfpy.ods": by_odfpy,
    "byhand.xlsb": by_hand,
}
