"""The pack for a surveyor: whom it is about, what it shows, and what it never shows."""

import io
from datetime import date
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from asking.staffed import AUTHOR, TODAY, staffed
from asking.test_report_forms import pages_of, tables_of, value_of
from tracker.actions.build_survey import Asked, build_survey
from tracker.actions.change_person import rename_person
from tracker.actions.kept_files import KeptFiles
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.known import known_cards
from tracker.db.tables import cards, evidence, exemptions, identities, verifications
from tracker.db.trail import entries
from tracker.domain.errors import BadInput
from tracker.domain.sampling import draw
from tracker.domain.scope import SomePeople
from tracker.reports.as_html import page
from tracker.reports.as_pdf import pdf
from tracker.reports.as_xlsx import xlsx
from tracker.reports.document import Table
from tracker.reports.forms import to_json
from tracker.reports.pseudonyms import hide, label
from tracker.reports.survey import Survey
from tracker.reports.survey_forms import survey_csv, survey_json
from tracker.reports.survey_pages import survey_pages

UNITS = st.dictionaries(st.sampled_from("ABCDE"), st.sets(st.integers(0, 60).map(str), max_size=30))


def survey(database: Database, *given: str, files: KeptFiles | None = None) -> Survey:
    """The pack about some people."""
    return build_survey(database, AUTHOR, files, Asked(given), TODAY, None)


@given(units=UNITS, size=st.integers(0, 200), seed=st.text(max_size=4))
def test_a_sample_can_be_drawn_again_and_is_spread_over_the_units(
    units: dict[str, set[str]], size: int, seed: str
) -> None:
    """As many as asked, each once; of each unit its share, no more than one person off."""
    drawn = draw(units, size, seed)
    everyone = set().union(*units.values())
    assert len(drawn) == len(set(drawn)) == min(size, len(everyone))
    assert set(drawn) <= everyone
    assert drawn == draw(dict(reversed(units.items())), size, seed)
    seen: set[str] = set()
    for unit in sorted(units):
        own = units[unit] - seen
        seen |= own
        share = len(drawn) * len(own) / len(everyone) if everyone else 0
        assert abs(len(own & set(drawn)) - share) < 1


def test_other_seeds_draw_other_people() -> None:
    """Or the sample would be no sample."""
    units = {"ICU": {str(one) for one in range(100)}}
    assert len({tuple(draw(units, 5, str(seed))) for seed in range(20)}) == 20


def test_people_are_found_by_id_and_by_name_in_any_order(database: Database) -> None:
    """As they are pasted in."""
    found = survey(staffed(database), "02", "Ann Current", "陳大文")
    assert [one.label for one in found.people] == ["01", "02", "03"]
    with pytest.raises(BadInput, match="Nobody is known by the employee id or name 'Nobody, No', '99';"):
        survey(database, "01", "Nobody, No", "99")


def test_who_has_a_name_that_is_near_is_offered(database: Database) -> None:
    """As it was heard on the telephone; a former id says which it is now."""
    with pytest.raises(BadInput, match=r"'Anne Curent', near is Current, Ann \(01\), 'Xu'; write a name"):
        survey(staffed(database), "02", "Anne Curent", "Xu")
    rename_person(database, AUTHOR, "02", "0200", "a new payroll")
    with pytest.raises(BadInput, match="02 is 0200 now"):
        survey(database, "02")


def test_a_name_that_two_people_have_is_a_question(database: Database) -> None:
    """Never the wrong person's pack."""
    staffed(database)
    with change(database, AUTHOR, "test") as made:
        made.record(identities, [(made.add_people(["77"])["77"], "77", "Current, Ann", None)])
    with pytest.raises(BadInput, match="'Ann Current' is the name of 01 and 77"):
        survey(database, "Ann Current")


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> tuple[Database, KeptFiles]:
    """A site with a photograph, a damaged picture and a two-page PDF on record of one person, who is exempt besides."""
    staffed(database)
    files = KeptFiles(tmp_path)
    photograph = io.BytesIO()
    Image.new("RGB", (300, 200), "#336699").save(photograph, "PNG")
    paper = FPDF()
    for text in ("front", "back"):
        paper.add_page()
        paper.set_font("helvetica", size=20)
        paper.text(20, 40, text)
    contents = [
        ("image/png", photograph.getvalue()),
        ("image/png", b"\x89PNG\r\n\x1a\nbroken"),
        ("application/pdf", bytes(paper.output())),
    ]
    with change(database, AUTHOR, "test") as made:
        number = made.cards_of(["01"])["01"].id
        card = made.cards_of(["01"])["01"].cards[0].id
        rows = []
        for item, (kind, content) in enumerate(contents, 1):
            digest = sha256(content).hexdigest()
            with files.draft(content) as draft:
                files.keep(draft, digest)
            rows.append((number, item, card if item < 3 else None, digest, kind, len(content), f"scan-{item}"))
        made.record(evidence, rows)
        made.record(verifications, [(number, card, "confirmed", None, date(2026, 1, 5), "Educator, Eva", "by hand")])
        made.record(exemptions, [(number, "bls", date(2026, 1, 1), date(2026, 3, 1), "Dr. Approve", "a secret reason")])
    return database, files


def test_the_pack_shows_cards_checks_evidence_and_nothing_of_why_somebody_is_exempt(
    kept: tuple[Database, KeptFiles],
) -> None:
    """In every form; the damaged picture is named, and costs nobody else's page."""
    database, files = kept
    found = survey(database, "01", "02", files=files)
    document = survey_pages(found)
    made = pdf(document)
    paper = "\n".join(pages_of(made.content))
    texts = {"paper": paper, "page": page(document), "json": to_json(survey_json(found)), "csv": survey_csv(found)}
    for text in texts.values():
        assert "Educator, Eva" in text
        assert "secret" not in text
        assert "Dr. Approve" not in text
    assert "cannot be shown on paper" in paper
    assert paper.count("cannot be shown on paper") == 1
    assert texts["page"].count("data:image/png;base64,") == 2
    assert texts["page"].count("data:application/pdf;base64,") == 1
    # An index, then each person on a page of their own.
    starts = [number for number, text in enumerate(pages_of(made.content)) if "Assignments" in text]
    assert len(starts) == len(found.people) == 2
    assert starts[0] == 1


def test_whoever_looks_at_evidence_is_in_the_trail(kept: tuple[Database, KeptFiles]) -> None:
    """With whom they looked at; a pack without evidence leaves nothing."""
    database, files = kept
    with database.read() as connection:
        before = entries(connection, 1)[0].seq
    survey(database, "01")
    survey(database, "02", files=files)
    with database.read() as connection:
        assert entries(connection, 1)[0].seq == before
    survey(database, "01", "02", files=files)
    with database.read() as connection:
        (newest,) = entries(connection, 1)
        numbers = [made.id for made in known_cards(connection, ["01", "02"]).values()]
    assert (newest.action, newest.subject) == ("survey", f"people:{','.join(map(str, sorted(numbers)))}")


def test_labels_stand_for_names_and_only_the_key_says_for_whom(kept: tuple[Database, KeptFiles]) -> None:
    """No name, id, card number or file in any form; the same label in every report, another with another secret."""
    database, files = kept
    with change(database, AUTHOR, "test") as made:
        number = made.cards_of(["01"])["01"].id
        made.record(cards, [(number, made.next_id(cards), "BLS", "AHA", date(2025, 1, 5), None, "98765432109")])
    found, key = hide(survey(database, "01", "03", files=files), "secret")
    assert {(employee_id, name) for _, employee_id, name in key} == {("01", "Current, Ann"), ("03", "陳大文")}
    document = survey_pages(found)
    assert found.heading.scope == SomePeople(tuple(name for name, _, _ in key))
    for text in (page(document), "\n".join(pages_of(pdf(document).content)), to_json(survey_json(found))):
        for told in ("Current, Ann", "陳大文", "98765432109", "scan-1"):
            assert told not in text
        for name, _, _ in key:
            assert name in text
    assert [row.cells[0] for row in tables_of(document)[0].rows] == sorted(name for name, _, _ in key)
    assert label("secret", "01") == label("secret", "01") != label("other", "01")


def test_a_short_number_is_hidden_and_no_day_with_it(database: Database) -> None:
    """Masking the number 30 leaves 30 Jun 2027 as it is; who checked and the seed are hidden too."""
    staffed(database)
    with change(database, AUTHOR, "test") as made:
        number, card = made.cards_of(["01"])["01"].id, made.next_id(cards)
        made.record(cards, [(number, card, "BLS", "AHA", date(2025, 6, 5), None, "30")])
        made.record(verifications, [(number, card, "confirmed", None, TODAY, "Educator, Eva", "called Ann")])
    asked = Asked(sample=3, seed="tuesday")
    found, _ = hide(build_survey(database, AUTHOR, None, asked, TODAY, None), "secret")
    text = to_json(survey_json(found))
    assert "is valid through 30 Jun 2027." in text
    assert "AHA 30" not in text
    for told in ("Educator", "called Ann", "tuesday"):
        assert told not in text


def test_a_workbook_has_a_sheet_for_each_kind_of_fact(kept: tuple[Database, KeptFiles]) -> None:
    """However many people: each row says whose it is."""
    pages = survey_pages(survey(kept[0], "01", "02", "03"))
    book = openpyxl.load_workbook(io.BytesIO(xlsx(pages)))
    assert book.sheetnames == ["About", "Index", "Assignments", "Standings", "Cards", "Exemptions"]
    rows = list(book["Cards"].iter_rows(values_only=True))
    assert rows[0][:3] == ("Person", "Name", "Card")
    tables = [one for one in pages.blocks if isinstance(one, Table) and one.name == "Cards"]
    wanted = [(*(value_of(value) for _, value in one.about), row.cells[0]) for one in tables for row in one.rows]
    assert [row[:3] for row in rows[1:]] == wanted
    assert {row[0] for row in rows[1:]} == {"01", "02", "03"}
