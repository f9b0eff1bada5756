"""Certificates as PDFs, made up in the layouts of the AHA (older and newer) and the Red Cross."""

from typing import Any

from fpdf import FPDF
from fpdf.enums import EncryptionMethod

Pair = tuple[str, str]

NAME, CODE = "Ada Zoe Ali", "251100000017"
# As long as a code, and above it: nothing but its label tells it apart.
INSTRUCTOR, CENTER = "021500000995", "TX05432"
AHA_SENTENCE = (
    "has successfully completed the cognitive and skills evaluations",
    "in accordance with the curriculum of the American Heart Association",
    "Basic Life Support (CPR and AED) Program.",
)


class Sheet:
    """A page to write on by place, in points from its upper left."""

    def __init__(self, **settings: Any) -> None:
        self.pdf = FPDF(unit="pt", format=(816, 1056))
        self.pdf.set_auto_page_break(False)
        if settings:
            self.pdf.set_encryption(**settings)
        self.pdf.add_page()

    def centred(self, left: float, top: float, width: float, text: str, size: int = 12) -> None:
        """Writes a line in the middle of a column."""
        self.pdf.set_font("Helvetica", size=size)
        self.pdf.set_xy(left, top)
        self.pdf.cell(width, size, text, align="C")

    def left(self, left: float, top: float, text: str, size: int = 12) -> None:
        """Writes a line from a place on."""
        self.pdf.set_font("Helvetica", size=size)
        self.pdf.text(left, top, text)

    def data(self) -> bytes:
        """The file."""
        return bytes(self.pdf.output())


def new_ecard(number: str = CODE, instructor: str = INSTRUCTOR, name: str = NAME, shift: float = -5) -> bytes:
    """The newer eCard: two columns, each label above its value; one column a little higher than the other."""
    sheet = Sheet()
    for at, text in enumerate(("BLS", "Provider")):
        sheet.centred(140, 100 + 30 * at, 200, text, 30)
    for at, text in enumerate(("American Heart", "Association")):
        sheet.centred(500, 110 + 15 * at, 200, text, 15)
    for at, text in enumerate((name, *AHA_SENTENCE)):
        sheet.centred(64, 225 + 20 * at, 662, text, 14)
    columns: dict[float, list[Pair]] = {
        100: [
            ("Issue Date", "01/05/2025"),
            ("Training Center Name", "ACLS Training of Springfield"),
            ("Training Center ID", CENTER),
            ("Training Center City, State", "Springfield, TX"),
            ("Training Center Phone", "5551234567"),
        ],
        432: [
            ("Renew By", "01/2027"),
            ("Instructor Name", "Red Cross"),
            ("Instructor ID", instructor),
            ("eCard Code", number),
            ("QR Code", ""),
        ],
    }
    for left, pairs in columns.items():
        for at, (label, value) in enumerate(pairs):
            top = 345 + 45 * at + (shift if left > 400 else 0)
            sheet.centred(left, top, 260, label, 15)
            sheet.centred(left, top + 21, 260, value)
    sheet.centred(64, 680, 662, "To verify authenticity go to www.heart.org/cpr/mycards or scan the QR code.", 9)
    return sheet.data()


def old_ecard(number: str = CODE, instructor: str = INSTRUCTOR, name: str = NAME) -> bytes:
    """The older eCard: dates above their labels, the rest a table with the label to the left."""
    sheet = Sheet()
    sheet.left(60, 60, "AMERICAN HEART ASSOCIATION", 15)
    sheet.left(60, 110, "BLS Provider", 40)
    sheet.left(60, 150, name, 28)
    for at, text in enumerate(AHA_SENTENCE):
        sheet.left(60, 180 + 16 * at, text)
    for left, value, label in ((60, "01/05/2025", "Issue Date"), (300, "01/2027", "Recommended Renewal Date")):
        sheet.left(left, 260, value, 18)
        sheet.left(left, 280, label)
    table = [
        ("Training Center Name", "ACLS Training of Springfield"),
        ("TC ID #", CENTER),
        ("TC Info", "555-123-4567"),
        ("Course Location", "Springfield, TX"),
        ("Instructor Name", "Ima Teacher"),
        ("Instructor ID", instructor),
        ("eCard Code", number),
    ]
    for at, (label, value) in enumerate(table):
        sheet.left(60, 330 + 24 * at, label)
        sheet.left(260, 330 + 24 * at, value)
    return sheet.data()


def red_cross(course: str = "Basic Life Support: valid 2 Years") -> bytes:
    """A certificate of the Red Cross: a sentence, and labels above their values."""
    sheet = Sheet()
    lines = [
        "American Red Cross",
        "Certificate of Completion",
        NAME,
        "has successfully completed requirements for",
        course,
        "conducted by American Red Cross",
    ]
    for at, text in enumerate(lines):
        sheet.centred(64, 100 + 40 * at, 662, text, 18)
    pairs = [("Date Completed", "01/05/2025"), ("Valid Period", "2 Years"), ("Certificate ID", "GZ4ZQN")]
    for at, (label, value) in enumerate([*pairs, ("Instructor ID", "1234567")]):
        sheet.centred(40 + 180 * at, 400, 170, label, 14)
        sheet.centred(40 + 180 * at, 420, 170, value)
    return sheet.data()


def locked(user_password: str, method: EncryptionMethod = EncryptionMethod.RC4) -> bytes:
    """A PDF that is encrypted; without a password anybody may open it, and nobody change it."""
    sheet = Sheet(owner_password="owner", user_password=user_password, encryption_method=method)
    sheet.left(60, 60, "American Heart Association")
    return sheet.data()


def scan() -> bytes:
    """A PDF without any text: a grey box where the picture would be."""
    sheet = Sheet()
    sheet.pdf.set_fill_color(200)
    sheet.pdf.rect(60, 60, 400, 250, style="F")
    return sheet.data()
