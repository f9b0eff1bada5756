"""What an import in the browser says of files, rows, units and classes, and what it offers there."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from httpx2 import Response

from actions.test_import_new_units import AGENCY
from actions.ward import USUAL, facts_of, govern, post, take_in, unit
from web.house import ANA, House
from web.imported import CARDS, ROSTER, Importer, figure, text_of

NEW = ROSTER + "9001,New Nora,ICU,RN,2025-05-01\n"


@pytest.fixture
def educator(house: House) -> Importer:
    """An educator at the import."""
    return Importer(house, house.signed_in("educator"))


def kept() -> Iterator[Path]:
    """All that is kept of drafts."""
    folder = Path("data/drafts")
    return folder.rglob("*") if folder.is_dir() else iter(())


def opened(page: Response) -> str:
    """What a page says, of lists to choose from only what is chosen."""
    rest = re.sub(r"<option (?![^>]*selected)[^>]*>[^<]*</option>", "", page.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", rest)).split())


def test_a_roster_is_advised_only_where_nobody_is_on_record(empty: House) -> None:
    """A manager who has imported nothing yet, at a site with people, is not told to begin with one."""
    assert "Nobody has imported anything yet. Begin with" in text_of(empty.signed_in("educator").get("/import"))
    take_in(govern(empty.database), unit("ICU"))
    manager, said = empty.signed_in("manager"), "You have imported nothing yet."
    assert f"{said} Begin with a roster" in text_of(manager.get("/import"))
    take_in(empty.database, post(ANA, "ICU", "2025-01-01", name="Ana Abel"))
    shown = text_of(manager.get("/import"))
    assert (said in shown, "Begin with a roster" in shown) == (True, False)


def test_a_slip_of_a_unit_is_asked_about(educator: Importer) -> None:
    """In people's words; the unit meant stands in the row then, and nothing is new."""
    shown = educator.hand_in(ROSTER + f"{ANA},Ana Abel,IUC,RN,2025-01-01\n")
    assert "Ana Abel IUC RN" in text_of(shown)
    question = educator.send("files", go="on")
    assert "Question 1 of 1" in text_of(question)
    assert "1 person of the file would work there. Is it ICU? ICU A new unit Neither: leave its rows out" in text_of(
        question
    )
    plan = educator.send("questions/1", answer="ICU")
    assert (figure(plan, "Unchanged"), "not on record" in text_of(plan)) == (1, False)


def test_what_nothing_knows_is_named(educator: Importer) -> None:
    """Units that come into being and roles of which no requirement asks, in the plan and in the result."""
    educator.hand_in(ROSTER + "9001,New Nora,Chapel,RM,2025-05-01\n9002,New Ned,Chapel,RN,2025-05-01\n")
    for page in (educator.send("files", go="on"), educator.apply()):
        assert "1 unit that was not on record Chapel 2 people" in text_of(page)
        assert "1 role that no requirement names RM 1 person" in text_of(page)


def test_people_without_an_employment_type_are_told(educator: Importer) -> None:
    """With the requirements that are asked of them for that reason, in the plan and in the result."""
    govern(educator.house.database, USUAL + AGENCY)
    educator.hand_in(NEW)
    for page in (educator.send("files", go="on"), educator.apply()):
        told = "1 person without an employment type Asked of them too: BLS of agency staff 1 person"
        assert told in text_of(page)


def test_every_column_stands_in_the_table(educator: Importer) -> None:
    """Those of which it is asked what they are, those that are not read, and one without a header."""
    shown = educator.hand_in("Emp ID,Name,Unit,BLS thru,Notes,\n9001,New Nora,ICU,2027-03-04,late,x\n")
    assert "BLS thru Asked next" in opened(shown)
    assert "Notes Not read" in opened(shown)
    assert "No header, right of Notes Not read" in text_of(shown)
    assert "Continue, if all of this is right" in text_of(shown)
    said = {"f0-here": "yes", "f0-s0-c3": "BLS.expires_on", "go": "on"}
    assert figure(educator.send("files", **said), "New") == 1


def test_columns_that_could_be_the_same_are_asked_next(educator: Importer) -> None:
    """None of them is said to be left out; the one that is not chosen is, after the answer."""
    educator.hand_in("Emp ID,Name,Unit,Start Date,Hire Date\n9001,New Nora,ICU,2025-05-01,2025-05-02\n")
    assert re.findall(r"(\w+ Date) Asked next", opened(educator.see("files"))) == ["Start Date", "Hire Date"]
    educator.send("questions/1", answer="Start Date")
    assert "Hire Date Not read" in opened(educator.see("files"))


def test_the_last_question_known_does_not_promise_the_plan(educator: Importer) -> None:
    """Another may follow from its answer."""
    educator.hand_in("Emp ID,Name,Unit,Start Date,Hire Date\n9001,New Nora,ICU,03/04/2025,04/05/2025\n")
    for answer in ("Start Date", "dmy"):
        asked = text_of(educator.see("questions"))
        assert ("Question 1 of 1" in asked, "Answer, and go on" in asked) == (True, True)
        educator.send("questions/1", answer=answer)
    assert figure(educator.see("plan"), "New") == 1


def test_questions_are_in_peoples_words(educator: Importer) -> None:
    """Neither the program's fields nor its answers stand in them."""
    educator.hand_in("Emp ID,Name,Unit,Start Date,Hire Date\n9001,New Nora,ICU,03/04/2025,04/05/2025\n")
    asked_of_column = text_of(educator.see("questions"))
    assert 'could all be "First day in the unit": which one is it?' in asked_of_column
    asked_of_order = text_of(educator.send("questions/1", answer="Start Date"))
    assert "is the day first, the month or the year?" in asked_of_order
    assert not re.search(r"\(dmy\)|starts_on", asked_of_column + asked_of_order)


def test_the_first_rows_show_numbers_and_days_as_everywhere(educator: Importer) -> None:
    """So that a card is known again in the preview, and no day is misread."""
    educator.hand_in(
        "Emp ID,Name,Unit,Start Date,BLS Exp,BLS Number\n9001,New Nora,ICU,2025-05-01,2027-04,250401234567\n"
    )
    shown = text_of(educator.see("files"))
    assert "1 May 2025 BLS 250401234567, expires Apr 2027" in shown


def test_lists_of_one_thing_say_what_it_is(educator: Importer) -> None:
    """Cards, leave, exemptions and units, each row in its own words."""
    educator.hand_in(
        CARDS + f"{ANA},BLS,2025-02-03\n",
        f"employee_id,from,until\n{ANA},2025-07-01,\n",
        f"employee_id,requirement,from,until\n{ANA},bls,2025-07-01,2025-07-31\n",
        "unit,facility,managers,director\nChapel,North,a@x.org;b@x.org,\n",
    )
    new = text_of(educator.see("rows/new"))
    assert "New BLS card, issued 3 Feb 2025." in new
    assert "Leave from 1 Jul 2025, without an end." in new
    assert "Exemption from 'bls' from 1 Jul 2025 until 31 Jul 2025." in new
    assert "Unit Chapel: facility North; managers a@x.org, b@x.org." in new


STRANGE = "Personalnr;Nachname;Einheit;Funktion;BLS gilt bis\n9001;Nora;ICU;RN;30.06.2028\n;;;;\n9002;Ned;ED;MD;\n"


@pytest.mark.parametrize("book", [False, True], ids=["text", "workbook"])
def test_unknown_headers_are_all_said_at_once(educator: Importer, book: bool) -> None:
    """One table of all columns, with what stands below them, and no word of the command line."""
    shown = educator.hand_in_book(STRANGE) if book else educator.hand_in(STRANGE)
    assert "No header was recognised" in text_of(shown)
    assert "--" not in text_of(shown)
    assert re.search(r"Nachname Nora ; Ned Choose .* Einheit ICU ; ED Choose", text_of(shown))
    assert "Continue" not in text_of(shown)
    fields = ("employee_id", "name", "unit", "role", "BLS.expires_on")
    said = {f"f0-c{number}": field for number, field in enumerate(fields)}
    understood = educator.send("files", go="again", **{"f0-here": "yes"}, **said)
    assert "Continue" in text_of(understood)
    assert figure(educator.see("plan"), "New") == 2, text_of(understood)


def test_known_headers_beside_unknown_ones_are_chosen_already(educator: Importer) -> None:
    """Only what is missing has to be said; a birth date is not even shown."""
    shown = educator.hand_in("Emp ID,Name,Einheit,DOB\n9001,New Nora,ICU,1990-01-31\n")
    assert 'value="employee_id" selected' in shown.text
    assert "1990" not in shown.text
    educator.send("files", go="again", **{"f0-here": "yes", "f0-c0": "employee_id", "f0-c1": "name", "f0-c2": "unit"})
    assert figure(educator.see("plan"), "New") == 1


BOOKED = "Emp ID,Name,Unit,BLS Exp\n9001,New Nora,ICU,enrolled 2025-07-01\n9002,New Ned,ICU,enrolled 2025-07-02\n"


def test_a_class_that_is_ticked_goes_in_with_the_plan(educator: Importer) -> None:
    """One press: what is ticked is booked, what is not ticked is not; the person is named."""
    educator.hand_in(BOOKED)
    plan = educator.see("plan")
    assert "New Nora 9001 : BLS on 1 Jul 2025" in text_of(plan)
    assert plan.text.count("<form") == plan.text.count("</form>") == 3  # the plan's, what discards, and the way out
    assert "is in" in text_of(educator.apply(b1="yes"))
    assert [who for (who, *_), _ in facts_of(educator.house.database)["bookings"].items()] == ["9002"]


def test_the_copy_of_rows_left_out_speaks_as_the_pages_do(educator: Importer) -> None:
    """Of a class that was not ticked, of a day that is none: no option, no answers file, no field of the program."""
    educator.hand_in(
        "Emp ID,Name,Unit,BLS Exp\n9001,New Nora,ICU,enrolled 2025-07-01\n9002,Ned,ICU,31/31/2027\n,Nell,ICU,\n"
    )
    educator.apply(b0="yes")
    copy = educator.see("rejected/0").text
    assert "The class for BLS on 1 Jul 2025 is recorded as booked." in copy
    assert not re.search(r"--|answers file|employee_id|= \"", copy), copy


def test_a_class_alone_can_be_recorded(educator: Importer) -> None:
    """Also where all else is on record; once it is, it is offered no more."""
    educator.hand_in(BOOKED)
    educator.apply()
    educator.hand_in(BOOKED)
    educator.apply(b0="yes", b1="yes")
    assert facts_of(educator.house.database)["bookings"].total() == 2
    educator.hand_in(BOOKED)
    assert "nothing to apply" in text_of(educator.see("plan"))


def test_ticks_stay_where_the_plan_has_changed_meanwhile(educator: Importer) -> None:
    """The new plan is shown with them; without a tick it would be another."""
    educator.hand_in(BOOKED)
    shown = educator.see("plan")
    take_in(educator.house.database, post("9001", "ICU", name="New Nora"))
    again = educator.apply(b0="yes")
    assert "Not applied" in text_of(again)
    assert 'name="b0" value="yes" checked' in again.text
    assert 'name="b0" value="yes" checked' not in shown.text
    assert facts_of(educator.house.database)["bookings"].total() == 0


UNREADABLE = {
    "scan.pdf": b"%PDF-1.7\nsome pages",
    "old.xls": b"<html><table><tr><td>Emp ID</td></tr></table></html>",
    "photo.xlsx": b"\x89PNG\r\n\x1a\n0000",
    "blank.csv": b"   ",
    "header.csv": b"Emp ID,Name,Unit\n",
    "prose.txt": b"Dear all\nplease find enclosed\n",
    "broken.xlsx": b"PK\x03\x04 nothing",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_leads_to_another(educator: Importer, name: str) -> None:
    """A sentence and the way back, whichever step is asked for; nothing of it is kept or waits."""
    answer = educator.hand_in_bytes({name: UNREADABLE[name]})
    for shown in (answer, educator.see("files"), educator.see("plan"), educator.see("questions")):
        assert "This file cannot be read" in text_of(shown)
        assert ("Choose another file" in shown.text, "Continue" in shown.text) == (True, False)
    assert [each for each in kept() if each.is_file() and each.name.startswith("0")] == []
    assert "Not finished yet" not in educator.browser.get("/import").text
    educator.hand_in(NEW)
    assert len(list(Path("data/drafts").glob("*/*"))) == 1


def test_one_that_can_be_read_goes_on_beside_others(educator: Importer) -> None:
    """Only where no file can be read there is nothing to go on with."""
    shown = educator.hand_in_bytes({"scan.pdf": UNREADABLE["scan.pdf"], "good.csv": NEW.encode()})
    assert ("Continue" in shown.text, "is a document, not a table" in shown.text) == (True, True)
    assert figure(educator.see("plan"), "New") == 1


def test_no_file_is_no_import(educator: Importer) -> None:
    """It says what to do."""
    assert (educator.hand_in().status_code, "Choose a file first" in educator.hand_in().text) == (400, True)
