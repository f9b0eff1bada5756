"""Workbooks as wards keep them, written by XlsxWriter; what they hold is made up.

Each function writes one book; `BOOKS` names them all. The bytes are the same every time.
What an import must make of each is in `expected.py`.
"""

import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | date | None
Row = Sequence[Cell]

ROSTER = [
    "employee_id", "name", "email", "unit", "role",
    "employment_type", "starts_on", "ends_on", "manager_email",
]
CARDS = ["employee_id", "type", "issuer", "issued_on", "expires_on", "number", "verified_on"]


@contextmanager
def _book(path: Path) -> Iterator[Workbook]:
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": datetime(2026, 1, 15, 7, 30)})  # noqa: DTZ001 a workbook keeps no zone
    yield book
    book.close()


def _fill(
    sheet: Worksheet,
    rows: Iterable[Row],
    *,
    top: int = 1,
    dates: Format | None = None,
    numbers: Format | None = None,
) -> None:
    """Write rows from the sheet's row `top` on; None leaves a cell out."""
    for index, row in enumerate(rows, start=top - 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(index, column, value)
            elif isinstance(value, int):
                sheet.write_number(index, column, value, numbers)
            elif value is not None:
                sheet.write_datetime(index, column, value, dates)


def _serial(day: date) -> int:
    """The number that a spreadsheet keeps for a day."""
    return (day - date(1899, 12, 30)).days


def _rewrite(path: Path, part: str, changes: Mapping[bytes, bytes]) -> None:
    """Replace bytes inside one part of a written book."""
    changed = path.with_suffix(".changed")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == part:
                for before, after in changes.items():
                    if data.count(before) != 1:
                        raise ValueError(f"{path.name}: {before!r} must occur once in {part}")
                    data = data.replace(before, after)
            new.writestr(info, data)
    shutil.move(changed, path)


def roster_and_cards(path: Path) -> None:
    """The canonical roster and cards on two sheets, everything as text."""
    with _book(path) as book:
        manager = "ines.carvalho@stbrendan.example"
        _fill(
            book.add_worksheet("Roster"),
            [
                ROSTER,
                ["001001", "Hana Sato", "hana.sato@stbrendan.example", "Oncology", "RN",
                 "employee", "2018-05-07", None, manager],
                ["001002", "Pieter Maas", None, "Oncology", "RN",
                 "per diem", "2024-02-05", "2026-06-30", manager],
                ["001003", "Lucía Prado", "lucia.prado@stbrendan.example", "Oncology", "NP",
                 "employee", "2025-11-17", None, manager],
                ["001004", "Glen Ashby", "glen.ashby@stbrendan.example", "Oncology", "RN",
                 "employee", "soon", None, manager],
            ],
        )
        _fill(
            book.add_worksheet("Cards"),
            [
                CARDS,
                ["001001", "BLS", "AHA", "2025-01-20", "2027-01-31", "255401001001",
                 "2025-01-22"],
                ["001001", "ACLS", "AHA", "2024-06-11", "2026-06", None, None],
                ["001002", "BLS", "American Red Cross", "2024-07-15", "2026-07-15",
                 "000RC412", None],
                ["001003", "BLS", None, None, None, "255401001003", None],
                ["001003", "ACLS", "AHA", "2025-09-10", "2027-09-30", None, None],
            ],
        )


def merged_title(path: Path) -> None:
    """A wide roster under merged title rows; real dates among words; a wrapped header."""
    with _book(path) as book:
        sheet = book.add_worksheet("4 West")
        title = book.add_format({"bold": True, "align": "center", "font_size": 14})
        us_date = book.add_format({"num_format": "mm/dd/yyyy"})
        sheet.merge_range("A1:H1", "4 WEST MEDICAL - CERTIFICATIONS", title)
        sheet.merge_range("A2:H2", "as of 15 January 2026", title)
        _fill(
            sheet,
            [
                ["Employee ID", "Name", "Dept", "Job Title", "Hire Date",
                 "BLS Exp", "ACLS exp date", "PALS\nExpires"],
                ["002001", "Abbott, Rae", "4 West", "RN", date(2017, 2, 6),
                 date(2027, 3, 31), date(2026, 2, 28), "n/a"],
                ["002002", "Chowdhury, Nila", "4 West", "RN", date(2023, 9, 18),
                 date(2026, 9, 30), "enrolled 1/9/26", "n/a"],
                ["002003", "Eriksen, Nils", "4 West", "CNA", date(2024, 2, 29),
                 date(2026, 3, 31), "none", None],
                ["002004", "Fofana, Awa", "4 West", "RN", date(2025, 12, 1),
                 None, "-", date(2027, 5, 31)],
            ],
            top=4,
            dates=us_date,
        )
        sheet.freeze_panes(4, 2)


def month_cells(path: Path) -> None:
    """Months typed as "Jun 2028", which a spreadsheet keeps as the 1st and shows as a month."""
    with _book(path) as book:
        _fill(
            book.add_worksheet("Sheet1"),
            [
                ["Emp ID", "Name", "Unit", "Position", "BLS Exp", "ACLS Exp", "NRP Exp"],
                ["002101", "Gallo, Enzo", "L&D", "RN",
                 date(2028, 6, 1), date(2026, 12, 1), date(2027, 2, 1)],
                ["002102", "Hussein, Layla", "L&D", "RN",
                 date(2026, 2, 1), None, date(2026, 11, 1)],
                ["002103", "Ivers, Dot", "L&D", "Scrub Tech",
                 date(2027, 9, 1), "n/a", "n/a"],
                ["002104", "Jansen, Bram", "L&D", "RN",
                 date(2026, 4, 1), date(2026, 4, 1), "n/a"],
            ],
            dates=book.add_format({"num_format": "mmm yyyy"}),
        )


def text_dates(path: Path) -> None:
    """Dates typed as text in mixed forms; 03/31/2027 settles the order of all slashed ones."""
    with _book(path) as book:
        _fill(
            book.add_worksheet("Dialysis"),
            [
                ["Employee Number", "Employee Name", "Department", "Role", "Start Date",
                 "E-mail", "BLS Expires", "ACLS Expires"],
                ["000310", "Kaur, Simran", "Dialysis", "RN", "2016-10-03",
                 "simran.kaur@stbrendan.example", "03/31/2027", "Mar 2027"],
                ["000311", "Lowe, Bettina", "Dialysis", "RN", "05/06/2019",
                 "bettina.lowe@stbrendan.example", "3/27", "06/2028"],
                ["000312", "Mbeki, Themba", "Dialysis", "RN", "11/04/2024",
                 None, "2027-03-31", "07/08/2026"],
                ["000313", "Nolan, Sean", "Dialysis", "Technician", "1/12/2026",
                 None, "2027-02-30", "n/a"],
                ["000314", "Ochoa, Irma", "Dialysis", "Technician", "12/2/2024",
                 None, " 06/30/2026\N{NO-BREAK SPACE}", "waived?"],
            ],
        )


def numeric_ids(path: Path) -> None:
    """Ids and card numbers kept as numbers, beside ids kept as text with leading zeros."""
    with _book(path) as book:
        _fill(
            book.add_worksheet("Export"),
            [
                ["EmployeeID", "Name", "Unit", "Job Title", "BLS Exp", "BLS Card #"],
                [4513, "Pryor, Celia", "Radiology", "RN", "2026-10-31", 245400004513],
                ["004513", "Quiroga, Beto", "Radiology", "RN", "2027-05-31", 255400104513],
                [20417, "Rahman, Iffat", "Radiology", "Rad Tech", "2026-06-30", None],
                [118200, "Sands, Perry", "Radiology", "Rad Tech", "2027-01", "005400118200"],
            ],
        )


def padded_ids(path: Path) -> None:
    """Ids kept as numbers and shown with six digits by the cells' format: 4520 reads 004520."""
    with _book(path) as book:
        _fill(
            book.add_worksheet("Staff"),
            [
                ["Emp ID", "Name", "Unit", "Job Title", "BLS Exp"],
                [4520, "Tran, Minh", "Endoscopy", "RN", "2027-03-31"],
                [31007, "Ueda, Aki", "Endoscopy", "RN", "2026-08-31"],
                [902, "Vidal, Rosa", "Endoscopy", "Technician", "2026-05-31"],
                [445210, "Weiss, Jonah", "Endoscopy", "RN", "2027-12-31"],
            ],
            numbers=book.add_format({"num_format": "000000"}),
        )


def hidden_sheet(path: Path) -> None:
    """This year's sheet, and last year's hidden behind it with leavers and old dates."""
    header = ["Employee ID", "Name", "Unit", "Role", "BLS Exp"]
    with _book(path) as book:
        _fill(
            book.add_worksheet("2026"),
            [
                header,
                ["003001", "Xu, Mei", "5 East", "RN", "2027-04-30"],
                ["003002", "Yilmaz, Deniz", "5 East", "RN", "2026-07-31"],
                ["003003", "Zeller, Ina", "5 East", "LPN", "2026-02-28"],
                ["003004", "Acosta, Raul", "5 East", "CNA", "n/a"],
            ],
        )
        old = book.add_worksheet("2024")
        _fill(
            old,
            [
                header,
                ["003001", "Xu, Mei", "5 East", "RN", "2025-04-30"],
                ["002950", "Burke, Moira", "5 East", "RN", "2024-12-31"],
                ["002951", "Cohen, Avi", "5 East", "RN", "2025-01-31"],
            ],
        )
        old.hide()


def legend_below(path: Path) -> None:
    """A table with a coloured legend and a signature under it, and one row without an id."""
    with _book(path) as book:
        sheet = book.add_worksheet("Resp Care")
        iso = book.add_format({"num_format": "yyyy-mm-dd"})
        red = book.add_format({"bg_color": "#FFC7CE"})
        _fill(
            sheet,
            [
                ["Badge No", "Name", "Dept.", "Job Title", "Date of Hire",
                 "BLS Issue Date", "BLS Exp", "NRP Exp"],
                ["RT-011", "Diallo, Fatou", "Respiratory Care", "RT", date(2019, 8, 12),
                 date(2025, 2, 11), date(2027, 2, 28), date(2026, 10, 31)],
                ["RT-012", "Egan, Colm", "Respiratory Care", "RT", date(2022, 3, 21),
                 date(2024, 5, 14), None, "enrolled in March"],
                [None, "Fuchs, Greta", "Respiratory Care", "RT", date(2025, 6, 9),
                 date(2025, 6, 3), date(2027, 6, 30), None],
                ["RT-014", "Giordano, Ugo", "Respiratory Care", "RRT", date(2012, 1, 30),
                 date(2024, 11, 19), date(2026, 11, 30), date(2026, 1, 31)],
                [],
                ["Key"],
                [None, "expired"],
                ["n/a", "not required for the role"],
                ["Kept by G. Fuchs, ext. 4410"],
            ],
            dates=iso,
        )
        sheet.write_blank(7, 0, None, red)


def two_header_rows(path: Path) -> None:
    """A header of two rows: each credential merged over its own columns."""
    with _book(path) as book:
        sheet = book.add_worksheet("Cath Lab")
        bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter"})
        iso = book.add_format({"num_format": "yyyy-mm-dd"})
        for letter, header in zip(
            "ABCD", ["Employee ID", "Name", "Department", "Job Title"], strict=True
        ):
            sheet.merge_range(f"{letter}1:{letter}2", header, bold)
        sheet.merge_range("E1:F1", "BLS", bold)
        sheet.merge_range("G1:I1", "ACLS", bold)
        for column, header in enumerate(
            ["Issued", "Expires", "Issued", "Expires", "Card #"], start=4
        ):
            sheet.write_string(1, column, header, bold)
        _fill(
            sheet,
            [
                ["004001", "Hoang, Lan", "Cath Lab", "RN", date(2025, 3, 4),
                 date(2027, 3, 31), date(2025, 3, 5), date(2027, 3, 31), "255500004001"],
                ["004002", "Ibarra, Joel", "Cath Lab", "RN", date(2024, 9, 17),
                 date(2026, 9, 30), None, date(2026, 5, 31), None],
                ["004003", "Jokinen, Aino", "Cath Lab", "RCIS", date(2025, 5, 20),
                 date(2024, 5, 31), date(2024, 8, 6), None, "245500004003"],
                ["004004", "Keane, Orla", "Cath Lab", "RN", None,
                 "06/2028", None, None, "255500004004"],
            ],
            top=3,
            dates=iso,
        )


def formulas(path: Path) -> None:
    """Expiries worked out by formulas with their saved values; G3's was never saved."""
    with _book(path) as book:
        sheet = book.add_worksheet("Infusion")
        iso = book.add_format({"num_format": "yyyy-mm-dd"})
        _fill(
            sheet,
            [
                ["Employee ID", "Name", "Unit", "Role",
                 "BLS Issue Date", "BLS Exp", "ACLS Exp"],
                ["005001", "Lindqvist, Bo", "Infusion", "RN", date(2025, 2, 3)],
                ["005002", "Mendes, Clara", "Infusion", "RN", date(2024, 7, 30)],
                ["005003", "Njoroge, Wanja", "Infusion", "RN", None],
                ["005004", "=Olsen, Kari", "Infusion", "LPN", date(2025, 10, 14)],
            ],
            dates=iso,
        )
        for row, bls in enumerate(
            [date(2027, 2, 28), date(2026, 7, 31), None, date(2027, 10, 31)], start=2
        ):
            sheet.write_formula(
                f"F{row}",
                f'=IF(E{row}="","n/a",EOMONTH(E{row},24))',
                iso,
                _serial(bls) if bls else "n/a",
            )
        sheet.write_formula("G2", "=DATE(2026,8,31)", iso, _serial(date(2026, 8, 31)))
        sheet.write_formula("G3", "=DATE(2026,9,30)", iso, _serial(date(2026, 9, 30)))
    unsaved = f"<v>{_serial(date(2026, 9, 30))}</v>".encode()
    _rewrite(path, "xl/worksheets/sheet1.xml", {unsaved: b""})


def ambiguous_text_dates(path: Path) -> None:
    """Slashed text dates that could all be two days; the real dates beside them settle nothing."""
    with _book(path) as book:
        _fill(
            book.add_worksheet("Behavioral"),
            [
                ["Employee ID", "Name", "Unit", "Role", "Hire Date", "BLS Exp"],
                ["006001", "Park, Dae", "Behavioral Health", "RN",
                 date(2018, 3, 26), "04/05/2027"],
                ["006002", "Quaye, Esi", "Behavioral Health", "RN",
                 date(2023, 10, 30), "11/12/2026"],
                ["006003", "Reyes, Luz", "Behavioral Health", "LPN",
                 date(2025, 8, 18), "08/08/2026"],
                ["006004", "Stroud, Al", "Behavioral Health", "Tech",
                 date(2021, 1, 4), "n/a"],
            ],
            dates=book.add_format({"num_format": "dd/mm/yyyy"}),
        )


BOOKS: dict[str, Callable[[Path], None]] = {
    f"{write.__name__}.xlsx": write
    for write in (
        roster_and_cards,
        merged_title,
        month_cells,
        text_dates,
        numeric_ids,
        padded_ids,
        hidden_sheet,
        legend_below,
        two_header_rows,
        formulas,
        ambiguous_text_dates,
    )
}
