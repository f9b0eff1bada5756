"""However a certificate is laid out: the card's number is the code or nothing, and so are its days."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.intake.certificate import read_certificate

CODE = "261100000017"
VALUES = {
    "Issue Date": "06/12/2026",
    "Renew By": "06/2028",
    "Training Center Name": "BLS Training of Springfield",
    "Training Center ID": "TX05432",
    "Training Center City, State": "Springfield, TX",
    "Training Site Name": "Main",
    "Instructor Name": "Ima Teacher",
    "Instructor ID": "021500000995",
    "eCard Code": CODE,
}
HEAD = "American Heart Association\nACLS Provider\nAda Ali\nhas successfully completed the evaluations\n\n"
TYPES = {"bls": "BLS", "acls": "ACLS"}


@st.composite
def layouts(draw: st.DrawFn) -> str:
    """A certificate in one to three blocks; in each the values stand beside, above or below; some are missing."""
    labels = draw(st.permutations(list(VALUES)))
    missing = draw(st.sets(st.sampled_from(list(VALUES)), max_size=3))
    cells = [(label, "" if label in missing else VALUES[label]) for label in labels]
    lines: list[str] = []
    while cells:
        count = draw(st.integers(1, len(cells)))
        block, cells = cells[:count], cells[count:]
        lines += draw(st.sampled_from([_beside, _below, _above, _rows]))(block, draw(st.integers(1, 3)))
    return HEAD + "\n".join(lines)


def _beside(block: list[tuple[str, str]], columns: int) -> list[str]:
    return [
        "   ".join(f"{label:<28}{value:<28}" for label, value in block[at : at + columns])
        for at in range(0, len(block), columns)
    ]


def _below(block: list[tuple[str, str]], columns: int) -> list[str]:
    return [
        "   ".join(f"{cell[which]:^30}" for cell in block[at : at + columns])
        for at in range(0, len(block), columns)
        for which in (0, 1)
    ]


def _above(block: list[tuple[str, str]], columns: int) -> list[str]:
    return _below([(value, label) for label, value in block], columns)


def _rows(block: list[tuple[str, str]], _: int) -> list[str]:
    return [line for label, value in block for line in (label, value) if line]


@given(layouts())
def test_a_field_is_read_right_or_not_at_all(text: str) -> None:
    found = read_certificate(text, TYPES)
    assert found.value("number") in (CODE, None)
    assert found.value("issued_on") in ("2026-06-12", None)
    assert found.value("stated") in ("2028-06", None)
    assert found.value("type") in ("ACLS", None)


@given(st.text(max_size=400))
def test_any_text_is_read_without_failing(text: str) -> None:
    found = read_certificate(text, TYPES)
    assert set(found.found) | set(found.unread) == {"holder", "type", "issuer", "issued_on", "stated", "number"}
