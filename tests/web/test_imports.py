"""An import in the browser, from the files to the result and back."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from actions.ward import card, cards_of, changes_in, facts_of, post, posts_of, staff, take_in
from tracker.actions.access.give import change_access
from tracker.actions.drafts.folder import LASTS, Drafts
from tracker.db.trail import faults
from tracker.domain.access import Grant, Role
from web.house import ANA, BOSS, EVE, House
from web.imported import CARDS, OWN, ROSTER, Importer, figure, text_of
from web.test_pages import MARKUP, Reader

NEW = ROSTER + "9001,New Nora,ICU,RN,2025-05-01\n"
BAD = ROSTER + "9001,New Nora,ICU,RN,2025-05-01\n,Nobody Nell,ICU,RN,2025-05-01\n"
OPEN = ROSTER + f"{ANA},Ana Abel,PACU,RN,2025-05-01\n"
ASKED = "Emp ID,Name,Unit,BLS\n9001,New Nora,ICU,03/04/2027\n9002,New Ned,ICU,04/05/2027\n"
FORMS = ("files", "apply", "discard", "again", "ask-again", "questions/1")


@pytest.fixture(params=["educator", "manager"])
def importer(house: House, request: pytest.FixtureRequest) -> Importer:
    """An educator, or the manager of the ICU and the PACU, at the import."""
    take_in(house.database, post("8001", "PACU", "2025-01-01", name="Pia Park"))
    grant = Grant(Role.MANAGER, ("ICU", "PACU")) if request.param == "manager" else None
    return Importer(house, house.signed_in(request.param, grant))


@pytest.fixture
def manager(house: House) -> Importer:
    """The manager of the ICU at the import."""
    return Importer(house, house.signed_in("manager"))


@pytest.fixture
def educator(house: House) -> Importer:
    """An educator at the import."""
    return Importer(house, house.signed_in("educator"))


def kept() -> Iterator[Path]:
    """All that is kept of drafts."""
    folder = Path("data/drafts")
    return folder.rglob("*") if folder.is_dir() else iter(())


def test_a_clean_file_is_in_after_three_forms(importer: Importer) -> None:
    """Handed in, looked at, applied; the record has it under who did it, and the trail holds."""
    understood = importer.hand_in(NEW)
    assert "What we understood" in text_of(understood)
    assert "New Nora" in understood.text
    plan = importer.send("files", go="on")
    assert (figure(plan, "New"), posts_of(importer.house.database, "9001")) == (1, [])
    result = importer.apply()
    assert (figure(result, "New"), "is in" in text_of(result)) == (1, True)
    assert len(posts_of(importer.house.database, "9001")) == 1
    with importer.house.database.read() as connection:
        assert not list(faults(connection))
    assert "@hospital.example" in text_of(importer.browser.get("/import"))


def test_looking_changes_nothing(importer: Importer) -> None:
    """Until it is applied, neither facts nor the trail; each step can be opened again."""
    facts, last = facts_of(importer.house.database), changes_in(importer.house.database)
    importer.hand_in(BAD)
    for step in ("files", "plan", "rows/new", "rows/rejected", "questions", "", "working", "result"):
        assert importer.see(step).status_code == 200, step
    assert (facts_of(importer.house.database), changes_in(importer.house.database)) == (facts, last)


def test_rows_that_stay_out_are_told_and_come_back(importer: Importer) -> None:
    """In the list with the reason, and in a copy with a last column, which is for the owner alone."""
    importer.hand_in(BAD, name="../../etc/Mon day{}.csv")
    assert "which every row needs" in text_of(importer.see("rows/rejected"))
    result = importer.apply()
    copy = importer.see("rejected/0")
    assert "Rows of Mon day0.csv" in text_of(result)
    assert copy.headers["content-disposition"].endswith("Mon%20day0.rejected.csv")
    assert copy.text.lstrip("\ufeff").splitlines()[0] == ROSTER.strip() + ",reason"
    assert "Nobody Nell" in copy.text
    assert importer.see("rejected/7").status_code == 400


def test_files_are_for_the_program_alone_and_go_when_it_is_over(importer: Importer) -> None:
    """Mode 0600 under folders of 0700, named by the program; applied, the files are gone, a day later all is."""
    importer.hand_in(BAD, name="../../../outside{}.csv")
    modes = {(each.is_dir(), stat.S_IMODE(each.stat().st_mode)) for each in kept()}
    assert modes == {(True, 0o700), (False, 0o600)}
    assert not [each for each in kept() if "outside" in each.name]
    importer.apply()
    assert not [each for each in kept() if each.name == "0.csv"]
    importer.house.now += LASTS + timedelta(minutes=1)
    assert Drafts(Path("data")).sweep(importer.house.now) == 1
    assert not [each for each in kept() if each.is_file()]


def test_what_is_discarded_is_gone(importer: Importer) -> None:
    """Its files too; its pages say so."""
    importer.hand_in(NEW)
    answer = importer.send("discard")
    assert "discarded" in text_of(answer)
    assert not [each for each in kept() if each.is_file()]
    assert (importer.see("plan").status_code, "over" in importer.see("plan").text) == (400, True)


def test_a_draft_waits_a_while(importer: Importer) -> None:
    """Whoever closes the browser finds it on the first page, for a day."""
    importer.hand_in(NEW, name="monday{}.csv")
    assert "Go on with monday0.csv" in text_of(importer.browser.get("/import"))
    importer.house.now += timedelta(minutes=50)
    assert "New Nora" in importer.see("").text
    other = Importer(importer.house, importer.browser)
    other.at = importer.at
    assert figure(other.see("plan"), "New") == 1


@pytest.mark.parametrize("step", ["", "files", "plan", "rows/new", "result", "working", "questions/1", "rejected/0"])
def test_a_draft_is_its_owners_alone(house: House, educator: Importer, step: str) -> None:
    """For anybody else it is as if there were none, whatever they may otherwise see."""
    educator.hand_in(NEW)
    other = Importer(house, house.signed_in("administrator"))
    other.at = educator.at
    theirs = other.see(step)
    other.at = "/import/" + "0" * 16
    assert (theirs.status_code, theirs.text) == (400, other.see(step).text)


def test_nor_is_it_theirs_to_change(house: House, educator: Importer) -> None:
    """No form of anybody else reaches it."""
    educator.hand_in(NEW)
    other = Importer(house, house.signed_in("manager"))
    other.at = educator.at
    for step in FORMS:
        assert other.send(step).status_code == 400, step
    assert figure(educator.see("plan"), "New") == 1


@pytest.mark.parametrize("mark", [None, "0" * 64])
def test_a_form_without_the_mark_is_refused(educator: Importer, mark: str | None) -> None:
    """At each step, and where files are handed in or an import is undone; nothing comes of it."""
    educator.hand_in(NEW)
    facts = facts_of(educator.house.database)
    said = {"mark": mark} if mark else {}
    for path in ("/import", "/import/undo/1", *(f"{educator.at}/{step}" for step in FORMS)):
        assert educator.browser.post(path, data=said, headers=OWN).status_code == 400, path
    assert facts_of(educator.house.database) == facts
    assert figure(educator.see("plan"), "New") == 1


@pytest.mark.parametrize("role", ["auditor", "staff"])
def test_who_may_not_import_reaches_nothing_of_it(house: House, role: str) -> None:
    """Not even a file to fill in."""
    other = Importer(house, house.signed_in(role))
    assert other.hand_in(NEW).status_code == 403
    other.at = "/import/" + "0" * 16
    for step in FORMS:
        assert other.send(step).status_code == 403, step
    assert not list(kept())


def test_no_step_brings_script_or_style_with_it(educator: Importer) -> None:
    """Or anything from elsewhere; each has one heading of the first rank."""
    educator.hand_in(ASKED, BAD)
    for step in ("files", "questions", "rows/rejected", "plan"):
        read = Reader(educator.see(step).text)
        assert (read.wrong, read.tags.count("h1")) == ([], 1), step


def test_another_role_does_not_see_what_was_looked_at_before(house: House) -> None:
    """A plan made for everybody is not shown to who has units by now."""
    browser = house.signed_in("educator")
    educator = Importer(house, browser)
    educator.hand_in(ROSTER + f"{EVE},Eve Eder,ICU,RN,2025-05-01\n")
    change_access(house.database, BOSS, "educator@hospital.example", Grant(Role.MANAGER, ("ICU",)))
    again = Importer(house, house.browser(cookies={"tracker": house.token("educator@hospital.example")}))
    again.at = educator.at
    assert again.see("plan").status_code == 400


def test_questions_are_asked_one_by_one(educator: Importer) -> None:
    """With progress; back to the former; none is lost; after the last the plan is made."""
    educator.hand_in(ASKED)
    first = educator.see("questions")
    assert "Question 1 of" in text_of(first)
    assert educator.send("questions/1").status_code == 400
    while "Question" in text_of(first)[:40]:
        number = first.url.path.rsplit("/", 1)[1]
        choice = first.text.split('type="radio" name="answer" value="')[1].split('"')[0]
        first = educator.send(f"questions/{number}", answer=choice)
    assert (figure(first, "New"), "What you answered" in first.text) == (2, True)
    assert "Question 1 of" in text_of(educator.send("ask-again"))


def test_moved_or_also_is_asked_and_done(importer: Importer) -> None:
    """The plan says what becomes of the place that was known."""
    importer.hand_in(OPEN)
    assert "Moved, or works here too?" in text_of(importer.see("questions"))
    plan = importer.send("questions/1", answer="moved")
    assert figure(plan, "Moved") == 1
    assert "ends there on 30 Apr 2025" in text_of(importer.see("rows/moved"))
    importer.apply()
    assert [each[0] for each in posts_of(importer.house.database, ANA) if each[3] is None] == ["PACU"]


def test_new_rows_say_what_is_new(importer: Importer) -> None:
    """A newcomer, a place of work, a card; a start that changes stands under Changed, a row twice under neither."""
    take_in(importer.house.database, card(ANA, "2025-02-03"))
    header = "Emp ID,Name,Unit,Role,Start Date,BLS Issued,BLS Number\n"
    rows = [
        "9001,New Nora,ICU,RN,2025-05-01,2025-04-03,250401234567",
        f"{ANA},Ana Abel,ICU,RN,2024-12-01,2025-04-03,",
        f"{ANA},Ana Abel,ICU,RN,2024-12-01,2025-04-03,",
        "8001,Pia Park,PACU,MD,2025-05-01,,",
    ]
    importer.hand_in(header + "\n".join(rows))
    importer.send("files", other="also", **{"all-here": "yes"})
    new, changed = text_of(importer.see("rows/new")), text_of(importer.see("rows/changed"))
    assert "New on record: RN in ICU from 1 May 2025. New BLS card 250401234567, issued 3 Apr 2025." in new
    assert f"Ana Abel {ANA} New BLS card, issued 3 Apr 2025." in new
    assert "New place of work: MD in PACU from 1 May 2025." in new
    assert "First day in the unit: 1 Jan 2025 \u2192 1 Dec 2024" in changed
    unchanged = text_of(importer.see("rows/unchanged"))
    assert ("or the same as a row above" in unchanged, "The same as row 3." in unchanged) == (True, True)
    assert [figure(importer.see("plan"), name) for name in ("New", "Changed", "Unchanged")] == [3, 1, 1]


def test_columns_kinds_and_sheets_can_be_said(educator: Importer) -> None:
    """Another meaning of a column is read anew; what is wrong is said; all of it can be forgotten again."""
    educator.hand_in("Emp ID,Name,Home,Dept\n9001,New Nora,ICU,Six\n")
    changed = educator.send("files", **{"f0-here": "yes", "f0-s0-c2": "ignore", "f0-s0-c3": "unit", "go": "again"})
    assert "What we understood" in text_of(changed)
    forgotten = educator.send("files", **{"f0-here": "yes", "f0-reset": "yes", "go": "again"})
    assert "Forget what I said" not in forgotten.text
    out = educator.send("files", **{"f0-here": "yes", "f0-out": "yes", "go": "on"})
    assert "Nothing can be applied" in text_of(out)


def test_a_sheet_of_many_columns_is_light_and_can_be_changed_all_the_same(educator: Importer) -> None:
    """Its columns are shown as they were taken, and offered for change on request."""
    headers = [f"Column {number}" for number in range(60)]
    educator.hand_in(f"Emp ID,Unit,{','.join(headers)}\n9001,ICU{',' * 60}\n")
    shown, opened = educator.see("files"), educator.see("files?change=f0-s0")
    assert ("Column 59" in shown.text, 'name="f0-s0-c2"' in shown.text) == (True, False)
    assert 'name="f0-s0-c2"' in opened.text
    assert max(len(each.content) for each in (shown, opened)) < 150_000
    changed = educator.send("files", **{"f0-here": "yes", "f0-s0-c2": "role", "go": "again"})
    assert "Forget what I said" in changed.text


def test_an_import_that_was_cut_short_says_so(educator: Importer) -> None:
    """Where the program was stopped meanwhile: look whether it is in, and plan anew."""
    educator.hand_in(NEW)
    drafts = Drafts(Path("data"))
    (folder,) = [each.parent for each in kept() if each.name == "draft.json"]
    draft = drafts.find(folder.parent.name, folder.name, educator.house.now)
    draft.applying = "0" * 64
    drafts.save(draft)
    assert "stopped while this import was being applied" in text_of(educator.see("plan"))
    assert "New Nora" in educator.send("again").text
    assert figure(educator.apply(), "New") == 1


def test_a_whole_roster_warns_of_many_leavers(importer: Importer) -> None:
    """The plan names them; it is applied only once that is said to be right."""
    take_in(importer.house.database, *staff(4))
    importer.hand_in(ROSTER + f"{ANA},Ana Abel,ICU,RN,2025-01-01\n")
    plan = importer.send("files", **{"all-here": "yes", "whole": "yes", "go": "on"})
    assert (figure(plan, "Leaving"), "4 of 5 people of these units would leave" in text_of(plan)) == (4, True)
    assert "E-1 leaves ICU" in text_of(importer.see("rows/leaving"))
    refused = importer.apply()
    assert (refused.status_code, posts_of(importer.house.database, "E-1")[0][3]) == (400, None)
    importer.apply(allow="4")
    assert posts_of(importer.house.database, "E-1")[0][3] is not None


def test_what_changed_meanwhile_is_shown_and_not_applied(importer: Importer) -> None:
    """The plan that was seen is not that any more."""
    importer.hand_in(CARDS + f"{ANA},BLS,2025-02-03\n")
    assert figure(importer.see("plan"), "New") == 1
    take_in(importer.house.database, card(ANA, "2025-02-03", issuer=None))
    answer = importer.apply()
    assert ("something else would come of it now" in text_of(answer), figure(answer, "Unchanged")) == (True, 1)
    assert len(cards_of(importer.house.database, ANA)) == 1


def test_an_old_form_applies_nothing(importer: Importer) -> None:
    """What it was the plan of is not the plan now."""
    importer.hand_in(NEW)
    assert "Nothing is changed yet" in text_of(importer.send("apply", plan="0" * 64))
    assert posts_of(importer.house.database, "9001") == []


def test_undo_takes_it_back_after_a_second_look(importer: Importer) -> None:
    """It says what goes; one press, and the record is as before."""
    facts = facts_of(importer.house.database)
    importer.hand_in(NEW)
    importer.apply()
    shown = importer.browser.get("/import/undo/3")
    assert "1 place of work" in text_of(shown)
    assert "checkbox" not in shown.text
    answer = importer.browser.post("/import/undo/3", data={"mark": importer.mark}, headers=OWN)
    assert (answer.status_code, facts_of(importer.house.database)) == (303, facts)
    assert "undone already" in text_of(importer.browser.get("/import/undo/3"))


def test_a_manager_brings_in_nobody_elses_people(manager: Importer) -> None:
    """By no row; and sees no name of theirs on any page."""
    facts = facts_of(manager.house.database)
    manager.hand_in(ROSTER + f"{EVE},,ICU,RN,2025-05-01\n9002,New Ned,ED,RN,\n", CARDS + f"{EVE},BLS,2025-02-03\n")
    assert figure(manager.see("plan"), "Rejected") == 3
    for step in ("files", "plan", "rows/rejected", "rows/unmatched"):
        assert "Eder" not in manager.see(step).text
    manager.apply()
    assert facts_of(manager.house.database) == facts


def test_a_manager_undoes_nobody_elses_import(manager: Importer) -> None:
    """Of another's it says what it says of none; the list has none of them."""
    assert "You have imported nothing yet" in text_of(manager.browser.get("/import"))
    there, nowhere = manager.browser.get("/import/undo/1"), manager.browser.get("/import/undo/99")
    assert there.text.replace("/1", "/N").replace("import 1", "import N") == nowhere.text.replace("/99", "/N").replace(
        "import 99", "import N"
    )
    sent = manager.browser.post("/import/undo/1", data={"mark": manager.mark}, headers=OWN)
    assert (sent.status_code, len(posts_of(manager.house.database, ANA))) == (400, 1)


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_exemptions_are_for_educators_to_bring(house: House, role: str) -> None:
    """From anybody else the file stays out, and says why; an educator's goes in."""
    text = f"employee_id,requirement,from,until\n{ANA},bls,2025-06-01,2025-12-31\n"
    other = Importer(house, house.signed_in(role))
    other.hand_in(text)
    assert "Exemptions are given by educators" in text_of(other.see("plan"))
    assert "Nothing can be applied" in text_of(other.apply())
    educator = Importer(house, house.signed_in("educator"))
    educator.hand_in(text)
    assert "is in" in text_of(educator.apply())


def test_markup_in_a_file_stays_text(educator: Importer) -> None:
    """In its name, its headers, its cells, and what is asked about them."""
    cell = '"' + MARKUP.replace('"', '""') + '"'
    educator.hand_in(f"Emp ID,Name,Unit,{cell}\n{cell},{cell},{cell},{cell}\n", name=f"{MARKUP}{{}}.csv")
    for step in ("files", "plan", "rows/new", "rows/rejected"):
        answer = educator.see(step)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text, step
    assert "&lt;script&gt;" in educator.see("rows/new").text


def test_before_a_policy_it_says_whom_to_ask(empty: House) -> None:
    """Nothing is kept."""
    early = Importer(empty, empty.signed_in("administrator"))
    assert "no policy yet" in text_of(early.hand_in(NEW))
    assert not list(kept())


def test_templates_can_be_fetched(educator: Importer) -> None:
    """One for each kind."""
    for kind in ("roster", "cards", "absences", "exemptions", "units"):
        answer = educator.browser.get(f"/import/templates/{kind}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert educator.browser.get("/import/templates/none").status_code == 422


def test_long_lists_come_in_pages(educator: Importer) -> None:
    """Fifty rows each, with the way on and back; a page weighs little."""
    educator.hand_in(ROSTER + "".join(f"8{number:03},Some One {number},ICU,RN,\n" for number in range(120)))
    first, second = educator.see("rows/new"), educator.see("rows/new?after=50")
    last = educator.see("rows/new?after=100")
    assert ("8049" in first.text, "8050" in first.text, "8050" in second.text) == (True, False, True)
    assert ("Next 50" in last.text, "Former 50" in last.text) == (False, True)
    assert len(first.content) < 150_000
