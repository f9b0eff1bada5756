"""Files that show a card: kept once, attached, looked at, taken back; the trail proves it. RULES: sections 1 and 8."""

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.soundness import assert_all_right
from actions.test_change_card import enter
from actions.ward import AUTHOR, TODAY, card, changes_in, facts_of, post, said_of, table, take_in
from evidence.certificates import locked, new_ecard
from tracker.actions.change_card import retract_card
from tracker.actions.change_person import merge_people, undo_person_change
from tracker.actions.evidence.keep import attach_evidence, keep_evidence, retract_evidence
from tracker.actions.evidence.look import get_evidence, list_evidence
from tracker.actions.evidence.propose import propose_card
from tracker.actions.evidence.wait import wait_to_be_checked
from tracker.actions.imports.undo import undo_import
from tracker.actions.kept_files import KeptFiles
from tracker.actions.plan_reminders import plan_one
from tracker.db.checks import held_cards
from tracker.db.connect import Database
from tracker.db.known import known_cards
from tracker.db.trail import entries, faults
from tracker.domain.errors import BadInput, NotPossible
from tracker.domain.gate import Gate
from tracker.domain.scope import EVERYONE, OnePerson

NURSE = OnePerson("4512")
PICTURE = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def files(tmp_path: Path) -> KeptFiles:
    """An empty folder of evidence."""
    return KeptFiles(tmp_path / "data")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of a card."""
    path = tmp_path / "card.jpg"
    path.write_bytes(PICTURE)
    return path


def pieces(database: Database) -> list[tuple[int, int | None]]:
    """The nurse's evidence, and the card that each shows."""
    return [(one.item, one.card) for one in list_evidence(database, NURSE)]


def test_a_file_is_kept_and_the_fact_says_what_it_is(ward: Database, files: KeptFiles, picture: Path) -> None:
    kept = keep_evidence(ward, AUTHOR, files, "4512", picture)
    [row] = list_evidence(ward, NURSE)
    assert (row.item, row.card, row.media_type, row.size, row.name, row.actor) == (
        kept.item,
        None,
        "image/jpeg",
        len(PICTURE),
        "card.jpg",
        AUTHOR.actor,
    )
    assert get_evidence(ward, AUTHOR, files, NURSE, kept.item)[1] == PICTURE


def test_the_same_file_twice_changes_nothing_the_second_time(ward: Database, files: KeptFiles, picture: Path) -> None:
    """Under another name too: it is the same by its content."""
    first = keep_evidence(ward, AUTHOR, files, "4512", picture)
    changes = changes_in(ward)
    again = keep_evidence(ward, AUTHOR, files, "4512", picture.rename(picture.with_name("copy.jpg")))
    assert (again.item, again.is_new, changes_in(ward)) == (first.item, False, changes)


def test_a_file_of_two_people_lies_there_once_and_is_evidence_of_both(
    ward: Database, files: KeptFiles, picture: Path
) -> None:
    take_in(ward, post("4513", "ICU", "2025-01-01"))
    keep_evidence(ward, AUTHOR, files, "4512", picture)
    keep_evidence(ward, AUTHOR, files, "4513", picture)
    assert len([path for path in files.folder.rglob("*") if path.is_file()]) == 1
    assert [len(list_evidence(ward, OnePerson(who))) for who in ("4512", "4513")] == [1, 1]


def test_attached_to_a_card_it_keeps_its_number(ward: Database, files: KeptFiles, picture: Path) -> None:
    """Handed in again with the card, or told by its number; a second card that it shows is a second piece."""
    one, other = enter(ward, "2025-01-10"), enter(ward, "2025-02-10", type="ACLS")
    kept = keep_evidence(ward, AUTHOR, files, "4512", picture)
    assert keep_evidence(ward, AUTHOR, files, "4512", picture, one).item == kept.item
    assert pieces(ward) == [(kept.item, one)]
    attach_evidence(ward, AUTHOR, "4512", kept.item, other)
    assert pieces(ward) == [(kept.item, other)]
    second = keep_evidence(ward, AUTHOR, files, "4512", picture, one)
    assert pieces(ward) == [(kept.item, other), (second.item, one)]


def test_a_retracted_card_leaves_its_file_without_a_card(ward: Database, files: KeptFiles, picture: Path) -> None:
    number = enter(ward, "2025-01-10")
    kept = keep_evidence(ward, AUTHOR, files, "4512", picture, number)
    retract_card(ward, AUTHOR, "4512", number, "a slip")
    assert pieces(ward) == [(kept.item, None)]


def test_retracted_evidence_is_gone_and_its_file_stays_for_the_history(
    ward: Database, files: KeptFiles, picture: Path
) -> None:
    kept = keep_evidence(ward, AUTHOR, files, "4512", picture)
    retract_evidence(ward, AUTHOR, "4512", kept.item, "of somebody else")
    assert pieces(ward) == []
    with pytest.raises(BadInput, match="none"):
        get_evidence(ward, AUTHOR, files, NURSE, kept.item)
    [place] = [path for path in files.folder.rglob("*") if path.is_file()]
    long_ago = time.time() - 1_000_000
    os.utime(place, (long_ago, long_ago))
    keep_evidence(ward, AUTHOR, files, "4512", picture)
    assert place.is_file()


def test_whoever_looks_at_a_file_is_in_the_trail_and_the_trail_still_verifies(
    ward: Database, files: KeptFiles, picture: Path
) -> None:
    """A look records nothing, and is sealed all the same."""
    kept = keep_evidence(ward, AUTHOR, files, "4512", picture)
    get_evidence(ward, AUTHOR, files, NURSE, kept.item)
    with ward.read() as connection:
        last = entries(connection, 1)[0]
        assert (last.actor, last.action, last.subject) == (AUTHOR.actor, "evidence-get", f"evidence:{kept.item}")
        assert list(faults(connection)) == []


def test_nobody_sees_the_evidence_of_somebody_else(ward: Database, files: KeptFiles, picture: Path) -> None:
    take_in(ward, post("4513", "ICU", "2025-01-01"))
    kept = keep_evidence(ward, AUTHOR, files, "4512", picture)
    with pytest.raises(BadInput, match="4513 has no evidence"):
        get_evidence(ward, AUTHOR, files, OnePerson("4513"), kept.item)


def test_what_is_refused_leaves_neither_fact_nor_file(ward: Database, files: KeptFiles, tmp_path: Path) -> None:
    """Nobody of that id, a card that is not there, a file that is not taken, one that wants a password."""
    path = tmp_path / "card.pdf"
    changes = changes_in(ward)
    for who, number, data in (
        ("004512", None, PICTURE),
        ("4512", 99, PICTURE),
        ("4512", None, b"GIF89a"),
        ("4512", None, locked("secret")),
    ):
        path.write_bytes(data)
        with pytest.raises(BadInput):
            keep_evidence(ward, AUTHOR, files, who, path, number)
    assert changes_in(ward) == changes
    assert [each for each in files.folder.rglob("*") if each.is_file()] == []


def test_no_fact_without_its_file(
    ward: Database, files: KeptFiles, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file went away before the fact was recorded, it is not."""
    monkeypatch.setattr(KeptFiles, "holds", lambda *_: False)
    with pytest.raises(NotPossible, match="try again"):
        keep_evidence(ward, AUTHOR, files, "4512", picture)
    assert pieces(ward) == []


def test_a_file_without_a_fact_does_no_harm(
    ward: Database, files: KeptFiles, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that failed leaves it; the next attempt takes it up."""

    def fail(*_: object) -> int:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("tracker.actions.evidence.keep.next_item", fail)
        with pytest.raises(RuntimeError):
            keep_evidence(ward, AUTHOR, files, "4512", picture)
    assert pieces(ward) == []
    kept = keep_evidence(ward, AUTHOR, files, "4512", picture)
    assert get_evidence(ward, AUTHOR, files, NURSE, kept.item)[1] == PICTURE


def test_evidence_touches_no_timeline(ward: Database, files: KeptFiles, picture: Path) -> None:
    """Nobody's standing rests on it, so nobody is worked out anew, and no reminder looks again."""
    touched = "SELECT employee_id, touched FROM people"
    with ward.read() as connection:
        before = connection.exec_driver_sql(touched).all()
    keep_evidence(ward, AUTHOR, files, "4512", picture)
    with ward.read() as connection:
        assert connection.exec_driver_sql(touched).all() == before
    assert said_of(ward, "evidence", "4512")


def test_a_certificate_becomes_a_card_in_the_policys_words(ward: Database, files: KeptFiles, tmp_path: Path) -> None:
    """The issuer by its id; the person's name, none here, is not the certificate's."""
    path = tmp_path / "ecard.pdf"
    path.write_bytes(new_ecard())
    kept = keep_evidence(ward, AUTHOR, files, "4512", path)
    proposal = propose_card(ward, NURSE, kept.text, TODAY)
    assert proposal.card.issuer == "AHA"
    assert (proposal.complete, proposal.same_name) == (True, False)


@pytest.fixture
def ecard(ward: Database, files: KeptFiles, tmp_path: Path) -> Callable[..., int]:
    """Hands the nurse's certificate in while nobody is there to confirm it; returns the evidence's number."""
    take_in(ward, post("4512", "ICU", "2025-01-01", name="Ada Zoe Ali"))

    def hand_in(name: str = "Ada Zoe Ali", day: date = TODAY) -> int:
        path = tmp_path / f"{name}.pdf"
        if not path.exists():
            path.write_bytes(new_ecard(name=name))
        kept = keep_evidence(ward, AUTHOR, files, "4512", path)
        wait_to_be_checked(ward, AUTHOR, "4512", kept.item, propose_card(ward, NURSE, kept.text, day), day)
        return kept.item

    return hand_in


def waiting(database: Database, employee_id: str = "4512") -> list[tuple[Any, ...]]:
    """Somebody's cards that wait to be checked: type, the day on which it came, the piece of evidence."""
    return said_of(database, "submissions", employee_id)


@pytest.mark.parametrize("checked", [True, False])
def test_an_unconfirmed_certificate_waits_until_it_is_attached_or_taken_back(
    ward: Database, ecard: Callable[..., int], checked: bool
) -> None:
    """From the day on which it first came. RULES: section 1, Submission."""
    item = ecard()
    assert ecard(day=TODAY + timedelta(days=1)) == item
    assert waiting(ward) == [("BLS", TODAY, item)]
    if checked:
        attach_evidence(ward, AUTHOR, "4512", item, enter(ward, "2025-01-05"))
    else:
        retract_evidence(ward, AUTHOR, "4512", item, "not hers")
    assert waiting(ward) == []
    with ward.read() as connection:
        assert_all_right(connection)


def test_while_it_waits_no_reminder_asks_for_one(ward: Database, ecard: Callable[..., int]) -> None:
    """For 14 days from the one on which it came. RULES: section 6."""
    take_in(ward, post("4512", "ICU", "2025-01-01", email="ada@site.example"))
    ecard()
    for days, silent in ((0, True), (14, True), (15, False)):
        plan = plan_one(ward, Gate(True), TODAY + timedelta(days=days), "4512", asked=True)
        assert (("4512", "awaiting_check") in plan.not_sent) == silent


def test_once_the_card_comes_another_way_nothing_is_silenced_by_it(ward: Database, ecard: Callable[..., int]) -> None:
    """By an import; taken back with it, and unmoved by a card that ends no later."""
    silenced = ("4512", "awaiting_check")
    take_in(ward, post("4512", "ICU", "2025-01-01", email="ada@site.example"))
    ecard()

    def not_sent() -> list[tuple[str, str]]:
        return [*plan_one(ward, Gate(True), TODAY, "4512", asked=True).not_sent]

    take_in(ward, card("4512", "2020-01-05"))
    assert silenced in not_sent()
    done = take_in(ward, card("4512", "2023-07-01"))
    assert silenced not in not_sent()
    undo_import(ward, EVERYONE, AUTHOR, done.batch or 0, TODAY)
    assert silenced in not_sent()


def test_what_would_bring_no_card_does_not_wait(ward: Database, ecard: Callable[..., int]) -> None:
    """A certificate of somebody else by its name, one that is over, and a card that is on record already."""
    ecard(name="Eve Other")
    ecard(day=TODAY + timedelta(days=1_000))
    enter(ward, "2025-01-05")
    ecard()
    assert waiting(ward) == []


def test_a_merge_takes_along_what_waits(ward: Database, ecard: Callable[..., int]) -> None:
    """And its end as well."""
    take_in(ward, post("77", "ICU", "2025-01-01"))
    item = ecard()
    merge_people(ward, AUTHOR, "4512", "77", "rehired", TODAY)
    assert waiting(ward, "77") == [("BLS", TODAY, item)]
    retract_evidence(ward, AUTHOR, "77", item, "not hers")
    assert waiting(ward, "77") == []


def test_an_import_whose_card_has_evidence_is_undone_only_once_that_is_taken_back(
    ward: Database, files: KeptFiles, picture: Path
) -> None:
    """The refusal names what builds on it."""
    batch = take_in(ward, card("4512", "2025-01-10")).batch
    assert batch is not None
    with ward.read() as connection:
        [number] = [one.card for one in held_cards(connection, NURSE)]
    kept = keep_evidence(ward, AUTHOR, files, "4512", picture, number)
    with pytest.raises(BadInput, match="evidence-add"):
        undo_import(ward, EVERYONE, AUTHOR, batch, TODAY)
    retract_evidence(ward, AUTHOR, "4512", kept.item, "to begin anew")
    undo_import(ward, EVERYONE, AUTHOR, batch, TODAY)
    assert said_of(ward, "cards", "4512") == []


def shown_card(database: Database, employee_id: str) -> int:
    """The number of somebody's only card."""
    with database.read() as connection:
        (one,) = known_cards(connection, [employee_id])[employee_id].cards
    return one.id


def test_evidence_goes_along_when_two_records_are_made_one(
    site: Database, files: KeptFiles, picture: Path, tmp_path: Path
) -> None:
    """What showed a card shows the one that it became, under its own number; undone, all is as before."""
    other = tmp_path / "other.jpg"
    other.write_bytes(PICTURE + b" of something else")
    take_in(site, table([post("1"), post("2")]), table([card(who, "2025-01-10", number="7") for who in "12"]))
    first, second = (shown_card(site, who) for who in "12")
    keep_evidence(site, AUTHOR, files, "1", picture, first)
    keep_evidence(site, AUTHOR, files, "2", picture, second)
    keep_evidence(site, AUTHOR, files, "1", other, first)
    before = facts_of(site)
    done = merge_people(site, AUTHOR, "1", "2", "rehired", TODAY)
    assert [(row.item, row.card) for row in list_evidence(site, OnePerson("2"))] == [(2, second), (3, second)]
    undo_person_change(site, AUTHOR, done.seq)
    assert facts_of(site) == before
    with site.read() as connection:
        assert_all_right(connection)
