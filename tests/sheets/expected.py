"""What an honest import makes of every sample file and of every book in `books.py`.

Each entry stands alone: an empty database, then the files of `after`, then this one. The policy
knows the types BLS, ACLS, PALS and NRP by their titles, the issuers AHA and American Red Cross,
and the requirement `acute-acls`. No issue date is later than 15 January 2026.

How to read an entry:
- Rows are 1-based rows of the sheet (blank rows count); the sheet of a text file is "".
- Headers are as written, outer blanks dropped and line breaks within read as one space; where a
  header has two rows, the group's words come first ("BLS Issued"). A header that is not listed
  is not understood, and nothing of its column is kept.
- `people` is one entry an assignment. Names are as written; an empty cell is None.
- `cards` holds the different cards: rows that show the same one are counted once. `stated` is
  "YYYY-MM" where only a month was given.
- `rejected` in a list: the row stays out. In a wide sheet it is one cell: no card comes of it,
  and the rest of the row goes in, unless the column is the employee id.
- `ignored` are rows that hold no data (titles, legends, a hidden sheet): nothing comes of them,
  and they are not counted as rejected.
- With `questions`, nothing goes in until they are answered; everything else in the entry is
  what the import yields with the options in `settled_by`.
"""

from typing import NamedTuple


class Person(NamedTuple):
    """One person in one assignment."""

    employee_id: str
    name: str
    unit: str
    role: str
    starts_on: str | None = None
    email: str | None = None
    employment_type: str | None = None
    ends_on: str | None = None
    manager_email: str | None = None


class Card(NamedTuple):
    employee_id: str
    type: str
    issuer: str | None = None
    issued_on: str | None = None
    stated: str | None = None
    number: str | None = None


class Verified(NamedTuple):
    """The issuer confirmed this person's card of the type with this number on the day."""

    employee_id: str
    type: str
    number: str
    day: str


class Absence(NamedTuple):
    employee_id: str
    from_: str
    until: str | None


class Exemption(NamedTuple):
    employee_id: str
    requirement: str
    from_: str
    until: str
    reason: str
    approver: str


class Unit(NamedTuple):
    unit: str
    facility: str | None
    managers: tuple[str, ...]
    director: str | None


class Rejected(NamedTuple):
    sheet: str
    row: int
    column: str


class Ignored(NamedTuple):
    sheet: str
    row: int


class Table(NamedTuple):
    sheet: str
    kind: str
    columns: dict[str, str]


class Expected(NamedTuple):
    kind: str
    columns: dict[str, str]
    sheet: str = ""
    other_tables: tuple[Table, ...] = ()
    people: tuple[Person, ...] = ()
    cards: tuple[Card, ...] = ()
    verified: tuple[Verified, ...] = ()
    absences: tuple[Absence, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    units: tuple[Unit, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    questions: tuple[str, ...] = ()  # "date_order", "column", "kind"
    settled_by: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        return (Table(self.sheet, self.kind, self.columns), *self.other_tables)


def _same(*headers: str) -> dict[str, str]:
    """Canonical headers are their own fields."""
    return {header: header for header in headers}


ROSTER = _same(
    "employee_id", "name", "email", "unit", "role",
    "employment_type", "starts_on", "ends_on", "manager_email",
)
CARDS = _same(
    "employee_id", "type", "issuer", "issued_on", "expires_on", "number", "verified_on"
)
DANA = "dana.whitfield@stbrendan.example"
KAY = "kay.lindqvist@stbrendan.example"
INES = "ines.carvalho@stbrendan.example"
RUTH = "ruth.castellano@stbrendan.example"
CENTER = "St. Brendan Medical Center"

CANONICAL = {
    # 004512 and 4512 are two people; 010077 works in two units.
    "roster.csv": Expected(
        kind="roster",
        columns=ROSTER,
        people=(
            Person("004512", "Maria Alvarez", "ICU", "RN", "2019-03-04",
                   "maria.alvarez@stbrendan.example", "employee", None, DANA),
            Person("4512", "Marcus Oyelaran", "ICU", "RN II", "2022-08-15",
                   "marcus.oyelaran@stbrendan.example", "employee", None, DANA),
            Person("010077", "O'Neill, Siobhán", "ED", "Registered Nurse", "2024-11-04",
                   "siobhan.oneill@stbrendan.example", "employee", None, KAY),
            Person("010077", "O'Neill, Siobhán", "Float Pool", "Registered Nurse", "2025-06-01",
                   "siobhan.oneill@stbrendan.example", "per diem"),
            Person("020318", "Grace Nakamura", "Telemetry", "RN", "2023-02-13",
                   None, "employee"),
            Person("T-0091", "Devon Price", "ED", "RN", "2025-10-06",
                   "devon.price@travelcare.example", "traveler", "2026-04-04", KAY),
            Person("030455", "Helen Brandt", "PICU", "MD", None,
                   "helen.brandt@stbrendan.example", "employee"),
            Person("030456", "Priya Raman", "PICU", "Respiratory Therapist", "2025-12-01",
                   "priya.raman@stbrendan.example"),
            Person("040121", "Abel Mwangi", "ICU", "Unit Secretary", "2021-05-17",
                   "abel.mwangi@stbrendan.example", "employee", "2025-12-31"),
        ),
        rejected=(
            Rejected("", 10, "employee_id"),  # missing
            Rejected("", 11, "starts_on"),  # 2025-02-30
        ),
    ),
    # Row 13 shows the BLS card of row 2 again, without its number.
    "cards.csv": Expected(
        kind="cards",
        columns=CARDS,
        cards=(
            Card("004512", "BLS", "AHA", "2025-03-10", "2027-03-31", "255412345678"),
            Card("004512", "ACLS", "AHA", "2024-08-10", "2026-08", "245512345678"),
            Card("4512", "BLS", "American Red Cross", "2024-05-20", "2026-05-20", "00RC98X1"),
            Card("4512", "ACLS", None, None, "2026-11"),
            Card("010077", "BLS", "AHA", "2025-06-12", "2027-06-30", "255400000018"),
            Card("T-0091", "BLS", "AHA", "2024-02-29"),
            Card("030455", "PALS", "AHA", "2024-09-18", "2026-09-30", "245600000044"),
        ),
        verified=(
            Verified("004512", "BLS", "255412345678", "2025-03-12"),
            Verified("030455", "PALS", "245600000044", "2024-09-20"),
        ),
        rejected=(
            Rejected("", 6, "expires_on"),  # stated before issued
            Rejected("", 8, "expires_on"),  # neither date
            Rejected("", 9, "expires_on"),  # 2027-02-30
            Rejected("", 10, "employee_id"),  # missing
        ),
        after=("roster.csv",),
    ),
    "absences.csv": Expected(
        kind="absences",
        columns=_same("employee_id", "from", "until"),
        absences=(
            Absence("004512", "2025-11-03", "2026-02-02"),
            Absence("020318", "2026-01-05", None),
            Absence("030455", "2025-07-01", "2025-07-31"),
        ),
        rejected=(
            Rejected("", 4, "from"),  # missing
            Rejected("", 5, "until"),  # before from
            Rejected("", 6, "from"),  # 31 September
        ),
        after=("roster.csv",),
    ),
    "exemptions.tsv": Expected(
        kind="exemptions",
        columns=_same("employee_id", "requirement", "from", "until", "reason", "approver"),
        exemptions=(
            Exemption("004512", "acute-acls", "2025-12-01", "2026-05-31",
                      "Wrist fracture, no compressions", "Dr. Renée Côté"),
            Exemption("T-0091", "acute-acls", "2025-10-06", "2025-11-30",
                      "Class cancelled \N{EN DASH} winter storm", "Dr. Renée Côté"),
        ),
        rejected=(
            Rejected("", 4, "until"),  # missing
            Rejected("", 5, "until"),  # month 13
            Rejected("", 6, "requirement"),  # missing
        ),
        after=("roster.csv",),
    ),
    # Semicolons within cells, more of them than a careless guess of the delimiter can bear.
    "units.csv": Expected(
        kind="units",
        columns=_same("unit", "facility", "managers", "director"),
        units=(
            Unit("ICU", CENTER, (DANA, "omar.haddad@stbrendan.example"), RUTH),
            Unit("ED", CENTER, (KAY,), RUTH),
            Unit("Telemetry", CENTER, (DANA, "ben.achterberg@stbrendan.example"), None),
            Unit("PICU", "St. Brendan Children's, North Campus", (INES,), RUTH),
            Unit("Float Pool", None, (), None),
        ),
        rejected=(Rejected("", 7, "unit"),),  # missing
    ),
}

KEPT_BY_WARDS = {
    # Month first: most dates can be read one way only.
    "icu_cert_tracker.csv": Expected(
        kind="roster",
        columns={
            "Emp ID": "employee_id", "Name": "name", "Dept": "unit", "Job Title": "role",
            "Hire Date": "starts_on", "E-mail": "email", "BLS Exp": "BLS.expires_on",
            "ACLS exp date": "ACLS.expires_on", "PALS Expires": "PALS.expires_on",
        },
        people=(
            Person("000731", "Petrov, Anna", "ICU", "RN", "2014-06-02",
                   "anna.petrov@stbrendan.example"),
            Person("000802", "Alder, June", "ICU", "RN", "2019-03-04",
                   "june.alder@stbrendan.example"),
            Person("001288", "de la Cruz, Ramon", "ICU", "Respiratory Therapist", "2020-09-21",
                   "ramon.delacruz@stbrendan.example"),
            Person("001290", "Bello, Tunde", "ICU", "RN II", "2022-08-15",
                   "tunde.bello@stbrendan.example"),
            Person("005190", "Kim, Soo-jin", "ICU", "RN", "2025-10-13",
                   "soojin.kim@stbrendan.example"),
            Person("005191", "Hart, Owen", "ICU", "Nurse Manager", "2011-04-05"),
        ),
        cards=(
            Card("000731", "BLS", stated="2027-01-31"),
            Card("000802", "BLS", stated="2027-03-31"),
            Card("000802", "ACLS", stated="2026-08-31"),
            Card("001288", "BLS", stated="2026-07-31"),
            Card("001288", "ACLS", stated="2026-07-31"),
            Card("001290", "BLS", stated="2026-05-31"),
            Card("001290", "ACLS", stated="2026-11-30"),
            Card("005190", "ACLS", stated="2027-10-31"),
            Card("005191", "BLS", stated="2026-12-31"),
            Card("005191", "ACLS", stated="2026-12-31"),
            Card("005191", "PALS", stated="2026-06-30"),
        ),
        rejected=(
            Rejected("", 5, "ACLS exp date"),  # enrolled 1/9/26
            Rejected("", 9, "Emp ID"),  # missing
            Rejected("", 10, "BLS Exp"),  # 30 February
        ),
        ignored=tuple(Ignored("", row) for row in (1, 2, 13, 14, 15, 16)),
    ),
    # Day first; 0047 has two posts and one card of each type.
    "ed_skills_matrix.csv": Expected(
        kind="roster",
        columns={
            "Staff No": "employee_id", "Full Name": "name", "Department": "unit",
            "Position": "role", "Start Date": "starts_on", "Work Email": "email",
            "Basic Life Support expiry": "BLS.expires_on", "ACLS valid until": "ACLS.expires_on",
        },
        people=(
            Person("0045", "Zoë Müller", "ED", "Staff Nurse", "2021-09-01",
                   "zoe.muller@stbrendan.example"),
            Person("0046", "André Lefèvre", "ED", "Physician", "2018-01-15",
                   "andre.lefevre@stbrendan.example"),
            Person("0047", "Fiona Gallagher", "ED", "Staff Nurse", "2022-03-07",
                   "fiona.gallagher@stbrendan.example"),
            Person("0047", "Fiona Gallagher", "Minor Injuries", "Staff Nurse", "2025-06-02",
                   "fiona.gallagher@stbrendan.example"),
            Person("0048", "Kofi Ansah", "ED", "Technician", "2024-11-11"),
            Person("0049", "Nóra Szabó", "ED", "Staff Nurse", "2025-12-01",
                   "nora.szabo@stbrendan.example"),
        ),
        cards=(
            Card("0045", "BLS", stated="2027-03-31"),
            Card("0045", "ACLS", stated="2026-04-30"),
            Card("0046", "BLS", stated="2027-06-05"),
            Card("0046", "ACLS", stated="2026-11-12"),
            Card("0047", "BLS", stated="2027-02-28"),
            Card("0047", "ACLS", stated="2027-02-28"),
        ),
        rejected=(Rejected("", 8, "Basic Life Support expiry"),),  # booked for Feb
        ignored=(Ignored("", 1),),
    ),
    # A spreadsheet's "Unicode text"; months in every form, and no date that could be two days.
    "womens_childrens.tsv": Expected(
        kind="roster",
        columns={
            "Employee ID": "employee_id", "Employee Name": "name", "Unit": "unit",
            "Role": "role", "Date of Hire": "starts_on", "Email Address": "email",
            "BLS Expiration": "BLS.expires_on", "NRP Exp.": "NRP.expires_on",
            "PALS Exp": "PALS.expires_on",
        },
        people=(
            Person("00215", "Okafor, Chidi", "NICU", "RN", "2016-07-11",
                   "chidi.okafor@stbrendan.example"),
            Person("00216", "Lindgren, Maja", "NICU", "RN", "2020-02-29",
                   "maja.lindgren@stbrendan.example"),
            Person("00217", "Dubois, Élise", "Labor & Delivery", "RN", "2023-01-12",
                   "elise.dubois@stbrendan.example"),
            Person("00218", "Ortega, Paz", "PICU", "RN", "2021-10-04"),
            Person("00219", "Whelan, Tom", "PICU", "RT", "2024-05-20",
                   "tom.whelan@stbrendan.example"),
        ),
        cards=(
            Card("00215", "BLS", stated="2027-03"),
            Card("00215", "NRP", stated="2027-03"),
            Card("00216", "BLS", stated="2028-06"),
            Card("00216", "NRP", stated="2027-09"),
            Card("00217", "BLS", stated="2026-06"),
            Card("00217", "NRP", stated="2026-11"),
            Card("00218", "BLS", stated="2026-09"),
            Card("00218", "PALS", stated="2026-12"),
            Card("00219", "BLS", stated="2027-01-31"),
        ),
        rejected=(
            Rejected("", 6, "NRP Exp."),  # on leave
            Rejected("", 6, "PALS Exp"),  # 13/27
        ),
    ),
    # Every slashed date is two days or the same either way, so the file settles nothing.
    "agency_travelers.csv": Expected(
        kind="roster",
        columns={
            "Emp #": "employee_id", "Name": "name", "Unit": "unit", "Position": "role",
            "Start Date": "starts_on", "End Date": "ends_on", "BLS Exp": "BLS.expires_on",
            "ACLS Exp": "ACLS.expires_on",
        },
        people=(
            Person("T-0101", "Sorensen, Kit", "ED", "RN", "2025-10-06", ends_on="2026-04-04"),
            Person("T-0102", "Abara, Ngozi", "ICU", "RN", "2025-11-03", ends_on="2026-05-02"),
            Person("T-0103", "Quist, Leah", "Telemetry", "RN", "2025-12-01",
                   ends_on="2026-06-06"),
            Person("T-0104", "Moreau, Yves", "ICU", "RN", "2025-09-08", ends_on="2026-03-07"),
        ),
        cards=(
            Card("T-0101", "BLS", stated="2026-06-07"),
            Card("T-0101", "ACLS", stated="2026-09-10"),
            Card("T-0102", "BLS", stated="2027-05-05"),
            Card("T-0102", "ACLS", stated="2027-03-02"),
            Card("T-0103", "BLS", stated="2027-01-12"),
            Card("T-0104", "BLS", stated="2026-08-11"),
            Card("T-0104", "ACLS", stated="2026-08-11"),
        ),
        questions=("date_order",),
        settled_by=("--date-order", "mdy"),
    ),
    # "BLS Date": of issue, or of expiry?
    "telemetry_bls_date.csv": Expected(
        kind="roster",
        columns={
            "Employee Number": "employee_id", "Employee": "name", "Home Unit": "unit",
            "Job Title": "role", "Hire Date": "starts_on", "BLS Date": "BLS.issued_on",
            "ACLS Date": "ACLS.issued_on",
        },
        people=(
            Person("007001", "Yoder, Ruth", "Telemetry", "RN", "2015-09-14"),
            Person("007002", "Castell, Ivo", "Telemetry", "RN", "2021-01-25"),
            Person("007003", "Nwosu, Ada", "Telemetry", "LPN", "2022-06-06"),
            Person("007004", "Barros, Tiago", "Telemetry", "Monitor Tech", "2023-11-13"),
        ),
        cards=(
            Card("007001", "BLS", issued_on="2024-10-08"),
            Card("007001", "ACLS", issued_on="2024-10-09"),
            Card("007002", "BLS", issued_on="2025-02-18"),
            Card("007002", "ACLS", issued_on="2025-02-19"),
            Card("007003", "BLS", issued_on="2025-05-06"),
            Card("007004", "BLS", issued_on="2024-12-03"),
        ),
        questions=("column", "column"),
        settled_by=("--map", "BLS Date=BLS.issued_on", "--map", "ACLS Date=ACLS.issued_on"),
    ),
    # Issue dates, numbers and issuers; ISO and month-first dates in one file.
    "periop_cards.csv": Expected(
        kind="roster",
        columns={
            "Employee No.": "employee_id", "Name (Last, First)": "name", "Department": "unit",
            "Title": "role", "Hire Date": "starts_on", "BLS Issue Date": "BLS.issued_on",
            "BLS Exp Date": "BLS.expires_on", "BLS Card #": "BLS.number",
            "BLS Issuer": "BLS.issuer", "ACLS Issue Date": "ACLS.issued_on",
            "ACLS Exp Date": "ACLS.expires_on", "ACLS card #": "ACLS.number",
        },
        people=(
            Person("03310", "Vance, Carla", "OR", "RN", "1998-09-14"),
            Person("03311", "Iqbal, Samir", "OR", "CRNA", "2013-07-01"),
            Person("03312", "Stone, Petra", "PACU", "RN", "2019-02-28"),
            Person("03313", "Rossi, Gio", "PACU", "RN", "2024-05-06"),
            Person("03314", "Lam, Wei", "PACU", "RN", "2025-12-08"),
        ),
        cards=(
            Card("03310", "BLS", "AHA", "2025-04-14", "2027-04-30", "255400003310"),
            Card("03310", "ACLS", None, "2025-04-15", "2027-04", "255500003310"),
            Card("03311", "BLS", "American Red Cross", "2024-08-22", "2026-08-22", "00ARC7731"),
            Card("03311", "ACLS", None, "2024-11-05", "2026-11-30", "245500003311"),
            Card("03312", "ACLS", None, "2025-06-21", "2027-06-30", "255500003312"),
            Card("03313", "BLS", "AHA", "2024-05-07"),
            Card("03314", "BLS", stated="2027-12"),
        ),
        rejected=(
            Rejected("", 5, "BLS Exp Date"),  # before the issue date
            Rejected("", 6, "ACLS card #"),  # a number without either date
        ),
        ignored=(Ignored("", 1),),
    ),
    # An educator's list, one row a card, day first, types by their titles or in any case.
    "class_completions.csv": Expected(
        kind="cards",
        columns={
            "Staff ID": "employee_id", "Certification": "type", "Certifying Body": "issuer",
            "Date Issued": "issued_on", "Valid Until": "expires_on", "Certificate No": "number",
        },
        cards=(
            Card("004512", "BLS", "AHA", "2023-03-14", "2025-03-31", "235400000101"),
            Card("004512", "BLS", "AHA", "2025-03-10", "2027-03-31", "255400000102"),
            Card("4512", "ACLS", "AHA", "2024-11-05", "2026-11", "245500000103"),
            Card("010077", "ACLS", "American Red Cross", "2024-12-02", "2026-12-02", "00AB-103"),
            Card("030456", "NRP", stated="2027-06"),
        ),
        rejected=(
            Rejected("", 6, "Valid Until"),  # neither date
            Rejected("", 7, "Valid Until"),  # before the issue date
        ),
        after=("roster.csv",),
    ),
    # From and to, but of what: leave, or a job?
    "staff_dates.csv": Expected(
        kind="absences",
        columns={"Staff ID": "employee_id", "Name": "name", "Start Date": "from", "End Date": "until"},
        absences=(
            Absence("004512", "2025-11-03", "2026-02-02"),
            Absence("020318", "2026-01-05", None),
            Absence("030455", "2025-07-01", "2025-07-31"),
        ),
        questions=("kind",),
        settled_by=("--kind", "absences"),
        after=("roster.csv",),
    ),
}

BOOKS = {
    "roster_and_cards.xlsx": Expected(
        kind="roster",
        sheet="Roster",
        columns=ROSTER,
        other_tables=(Table("Cards", "cards", CARDS),),
        people=(
            Person("001001", "Hana Sato", "Oncology", "RN", "2018-05-07",
                   "hana.sato@stbrendan.example", "employee", None, INES),
            Person("001002", "Pieter Maas", "Oncology", "RN", "2024-02-05",
                   None, "per diem", "2026-06-30", INES),
            Person("001003", "Lucía Prado", "Oncology", "NP", "2025-11-17",
                   "lucia.prado@stbrendan.example", "employee", None, INES),
        ),
        cards=(
            Card("001001", "BLS", "AHA", "2025-01-20", "2027-01-31", "255401001001"),
            Card("001001", "ACLS", "AHA", "2024-06-11", "2026-06"),
            Card("001002", "BLS", "American Red Cross", "2024-07-15", "2026-07-15", "000RC412"),
            Card("001003", "ACLS", "AHA", "2025-09-10", "2027-09-30"),
        ),
        verified=(Verified("001001", "BLS", "255401001001", "2025-01-22"),),
        rejected=(
            Rejected("Roster", 5, "starts_on"),  # soon
            Rejected("Cards", 5, "expires_on"),  # neither date
        ),
    ),
    "merged_title.xlsx": Expected(
        kind="roster",
        sheet="4 West",
        columns={
            "Employee ID": "employee_id", "Name": "name", "Dept": "unit", "Job Title": "role",
            "Hire Date": "starts_on", "BLS Exp": "BLS.expires_on",
            "ACLS exp date": "ACLS.expires_on", "PALS Expires": "PALS.expires_on",
        },
        people=(
            Person("002001", "Abbott, Rae", "4 West", "RN", "2017-02-06"),
            Person("002002", "Chowdhury, Nila", "4 West", "RN", "2023-09-18"),
            Person("002003", "Eriksen, Nils", "4 West", "CNA", "2024-02-29"),
            Person("002004", "Fofana, Awa", "4 West", "RN", "2025-12-01"),
        ),
        cards=(
            Card("002001", "BLS", stated="2027-03-31"),
            Card("002001", "ACLS", stated="2026-02-28"),
            Card("002002", "BLS", stated="2026-09-30"),
            Card("002003", "BLS", stated="2026-03-31"),
            Card("002004", "PALS", stated="2027-05-31"),
        ),
        rejected=(Rejected("4 West", 6, "ACLS exp date"),),  # enrolled 1/9/26
        ignored=(Ignored("4 West", 1), Ignored("4 West", 2)),
    ),
    # The 1st of a month, shown as a month, is that month.
    "month_cells.xlsx": Expected(
        kind="roster",
        sheet="Sheet1",
        columns={
            "Emp ID": "employee_id", "Name": "name", "Unit": "unit", "Position": "role",
            "BLS Exp": "BLS.expires_on", "ACLS Exp": "ACLS.expires_on",
            "NRP Exp": "NRP.expires_on",
        },
        people=(
            Person("002101", "Gallo, Enzo", "L&D", "RN"),
            Person("002102", "Hussein, Layla", "L&D", "RN"),
            Person("002103", "Ivers, Dot", "L&D", "Scrub Tech"),
            Person("002104", "Jansen, Bram", "L&D", "RN"),
        ),
        cards=(
            Card("002101", "BLS", stated="2028-06"),
            Card("002101", "ACLS", stated="2026-12"),
            Card("002101", "NRP", stated="2027-02"),
            Card("002102", "BLS", stated="2026-02"),
            Card("002102", "NRP", stated="2026-11"),
            Card("002103", "BLS", stated="2027-09"),
            Card("002104", "BLS", stated="2026-04"),
            Card("002104", "ACLS", stated="2026-04"),
        ),
    ),
    "text_dates.xlsx": Expected(
        kind="roster",
        sheet="Dialysis",
        columns={
            "Employee Number": "employee_id", "Employee Name": "name", "Department": "unit",
            "Role": "role", "Start Date": "starts_on", "E-mail": "email",
            "BLS Expires": "BLS.expires_on", "ACLS Expires": "ACLS.expires_on",
        },
        people=(
            Person("000310", "Kaur, Simran", "Dialysis", "RN", "2016-10-03",
                   "simran.kaur@stbrendan.example"),
            Person("000311", "Lowe, Bettina", "Dialysis", "RN", "2019-05-06",
                   "bettina.lowe@stbrendan.example"),
            Person("000312", "Mbeki, Themba", "Dialysis", "RN", "2024-11-04"),
            Person("000313", "Nolan, Sean", "Dialysis", "Technician", "2026-01-12"),
            Person("000314", "Ochoa, Irma", "Dialysis", "Technician", "2024-12-02"),
        ),
        cards=(
            Card("000310", "BLS", stated="2027-03-31"),
            Card("000310", "ACLS", stated="2027-03"),
            Card("000311", "BLS", stated="2027-03"),
            Card("000311", "ACLS", stated="2028-06"),
            Card("000312", "BLS", stated="2027-03-31"),
            Card("000312", "ACLS", stated="2026-07-08"),
            Card("000314", "BLS", stated="2026-06-30"),
        ),
        rejected=(
            Rejected("Dialysis", 5, "BLS Expires"),  # 2027-02-30
            Rejected("Dialysis", 6, "ACLS Expires"),  # waived?
        ),
    ),
    # A number is its digits, without a point or an exponent; 4513 and 004513 are two people.
    "numeric_ids.xlsx": Expected(
        kind="roster",
        sheet="Export",
        columns={
            "EmployeeID": "employee_id", "Name": "name", "Unit": "unit", "Job Title": "role",
            "BLS Exp": "BLS.expires_on", "BLS Card #": "BLS.number",
        },
        people=(
            Person("4513", "Pryor, Celia", "Radiology", "RN"),
            Person("004513", "Quiroga, Beto", "Radiology", "RN"),
            Person("20417", "Rahman, Iffat", "Radiology", "Rad Tech"),
            Person("118200", "Sands, Perry", "Radiology", "Rad Tech"),
        ),
        cards=(
            Card("4513", "BLS", stated="2026-10-31", number="245400004513"),
            Card("004513", "BLS", stated="2027-05-31", number="255400104513"),
            Card("20417", "BLS", stated="2026-06-30"),
            Card("118200", "BLS", stated="2027-01", number="005400118200"),
        ),
    ),
    # The id is what the reader of the sheet sees.
    "padded_ids.xlsx": Expected(
        kind="roster",
        sheet="Staff",
        columns={
            "Emp ID": "employee_id", "Name": "name", "Unit": "unit", "Job Title": "role",
            "BLS Exp": "BLS.expires_on",
        },
        people=(
            Person("004520", "Tran, Minh", "Endoscopy", "RN"),
            Person("031007", "Ueda, Aki", "Endoscopy", "RN"),
            Person("000902", "Vidal, Rosa", "Endoscopy", "Technician"),
            Person("445210", "Weiss, Jonah", "Endoscopy", "RN"),
        ),
        cards=(
            Card("004520", "BLS", stated="2027-03-31"),
            Card("031007", "BLS", stated="2026-08-31"),
            Card("000902", "BLS", stated="2026-05-31"),
            Card("445210", "BLS", stated="2027-12-31"),
        ),
    ),
    # Nothing of a hidden sheet goes in unless it is asked for by name.
    "hidden_sheet.xlsx": Expected(
        kind="roster",
        sheet="2026",
        columns={
            "Employee ID": "employee_id", "Name": "name", "Unit": "unit", "Role": "role",
            "BLS Exp": "BLS.expires_on",
        },
        people=(
            Person("003001", "Xu, Mei", "5 East", "RN"),
            Person("003002", "Yilmaz, Deniz", "5 East", "RN"),
            Person("003003", "Zeller, Ina", "5 East", "LPN"),
            Person("003004", "Acosta, Raul", "5 East", "CNA"),
        ),
        cards=(
            Card("003001", "BLS", stated="2027-04-30"),
            Card("003002", "BLS", stated="2026-07-31"),
            Card("003003", "BLS", stated="2026-02-28"),
        ),
        ignored=tuple(Ignored("2024", row) for row in (1, 2, 3, 4)),
    ),
    "legend_below.xlsx": Expected(
        kind="roster",
        sheet="Resp Care",
        columns={
            "Badge No": "employee_id", "Name": "name", "Dept.": "unit", "Job Title": "role",
            "Date of Hire": "starts_on", "BLS Issue Date": "BLS.issued_on",
            "BLS Exp": "BLS.expires_on", "NRP Exp": "NRP.expires_on",
        },
        people=(
            Person("RT-011", "Diallo, Fatou", "Respiratory Care", "RT", "2019-08-12"),
            Person("RT-012", "Egan, Colm", "Respiratory Care", "RT", "2022-03-21"),
            Person("RT-014", "Giordano, Ugo", "Respiratory Care", "RRT", "2012-01-30"),
        ),
        cards=(
            Card("RT-011", "BLS", issued_on="2025-02-11", stated="2027-02-28"),
            Card("RT-011", "NRP", stated="2026-10-31"),
            Card("RT-012", "BLS", issued_on="2024-05-14"),
            Card("RT-014", "BLS", issued_on="2024-11-19", stated="2026-11-30"),
            Card("RT-014", "NRP", stated="2026-01-31"),
        ),
        rejected=(
            Rejected("Resp Care", 3, "NRP Exp"),  # enrolled in March
            Rejected("Resp Care", 4, "Badge No"),  # missing
        ),
        ignored=tuple(Ignored("Resp Care", row) for row in (7, 8, 9, 10)),
    ),
    "two_header_rows.xlsx": Expected(
        kind="roster",
        sheet="Cath Lab",
        columns={
            "Employee ID": "employee_id", "Name": "name", "Department": "unit",
            "Job Title": "role", "BLS Issued": "BLS.issued_on", "BLS Expires": "BLS.expires_on",
            "ACLS Issued": "ACLS.issued_on", "ACLS Expires": "ACLS.expires_on",
            "ACLS Card #": "ACLS.number",
        },
        people=(
            Person("004001", "Hoang, Lan", "Cath Lab", "RN"),
            Person("004002", "Ibarra, Joel", "Cath Lab", "RN"),
            Person("004003", "Jokinen, Aino", "Cath Lab", "RCIS"),
            Person("004004", "Keane, Orla", "Cath Lab", "RN"),
        ),
        cards=(
            Card("004001", "BLS", issued_on="2025-03-04", stated="2027-03-31"),
            Card("004001", "ACLS", None, "2025-03-05", "2027-03-31", "255500004001"),
            Card("004002", "BLS", issued_on="2024-09-17", stated="2026-09-30"),
            Card("004002", "ACLS", stated="2026-05-31"),
            Card("004003", "ACLS", issued_on="2024-08-06", number="245500004003"),
            Card("004004", "BLS", stated="2028-06"),
        ),
        rejected=(
            Rejected("Cath Lab", 5, "BLS Expires"),  # before the issue date
            Rejected("Cath Lab", 6, "ACLS Card #"),  # a number without either date
        ),
    ),
    "formulas.xlsx": Expected(
        kind="roster",
        sheet="Infusion",
        columns={
            "Employee ID": "employee_id", "Name": "name", "Unit": "unit", "Role": "role",
            "BLS Issue Date": "BLS.issued_on", "BLS Exp": "BLS.expires_on",
            "ACLS Exp": "ACLS.expires_on",
        },
        people=(
            Person("005001", "Lindqvist, Bo", "Infusion", "RN"),
            Person("005002", "Mendes, Clara", "Infusion", "RN"),
            Person("005003", "Njoroge, Wanja", "Infusion", "RN"),
            Person("005004", "=Olsen, Kari", "Infusion", "LPN"),
        ),
        cards=(
            Card("005001", "BLS", issued_on="2025-02-03", stated="2027-02-28"),
            Card("005001", "ACLS", stated="2026-08-31"),
            Card("005002", "BLS", issued_on="2024-07-30", stated="2026-07-31"),
            Card("005004", "BLS", issued_on="2025-10-14", stated="2027-10-31"),
        ),
        rejected=(Rejected("Infusion", 3, "ACLS Exp"),),  # a formula without a saved value
    ),
    "ambiguous_text_dates.xlsx": Expected(
        kind="roster",
        sheet="Behavioral",
        columns={
            "Employee ID": "employee_id", "Name": "name", "Unit": "unit", "Role": "role",
            "Hire Date": "starts_on", "BLS Exp": "BLS.expires_on",
        },
        people=(
            Person("006001", "Park, Dae", "Behavioral Health", "RN", "2018-03-26"),
            Person("006002", "Quaye, Esi", "Behavioral Health", "RN", "2023-10-30"),
            Person("006003", "Reyes, Luz", "Behavioral Health", "LPN", "2025-08-18"),
            Person("006004", "Stroud, Al", "Behavioral Health", "Tech", "2021-01-04"),
        ),
        cards=(
            Card("006001", "BLS", stated="2027-05-04"),
            Card("006002", "BLS", stated="2026-12-11"),
            Card("006003", "BLS", stated="2026-08-08"),
        ),
        questions=("date_order",),
        settled_by=("--date-order", "dmy"),
    ),
}

EXPECTED: dict[str, Expected] = {**CANONICAL, **KEPT_BY_WARDS, **BOOKS}
