"""Nobody is told anything twice because two records were made one, or an id was changed; or because that was undone."""

from datetime import date, timedelta

import pytest

from actions.test_deliver import Box, run
from actions.ward import AUTHOR, TODAY, post, take_in, unit
from tracker.actions.change_person import merge_people, rename_person, undo_person_change
from tracker.actions.imports.undo import undo_import
from tracker.db.connect import Database
from tracker.db.outbox import outbox
from tracker.domain.scope import EVERYONE

SUNDAY = date(2025, 6, 15)


def day(number: int) -> date:
    """So many days after the Sunday."""
    return SUNDAY + timedelta(days=number)


def sent(database: Database, number: int, box: Box | None = None) -> list[tuple[str, str]]:
    """What a run sends: the kinds of mail, and to whom."""
    done = run(database, box or Box(), day(number))
    return sorted((one.mail.planned.kind, one.mail.planned.address) for one in done if one.state == "sent")


@pytest.fixture
def told(site: Database) -> Database:
    """A nurse under an old id and a new one, each with an address, without a card and told of it on the Sunday."""
    take_in(site, unit("ICU", "Main", "icu@site.example"))
    take_in(site, post("4512", "ICU", "2024-01-01", email="ana@site.example"))
    take_in(site, post("77", "ICU", "2024-03-01", email="ana.new@site.example"))
    assert [kind for kind, _ in sent(site, 0)] == [
        "escalation",
        "lapse_notice",
        "manager_digest",
        "staff_reminder",
        "staff_reminder",
    ]
    return site


def test_a_renamed_person_is_told_nothing_again(told: Database) -> None:
    """What was sent is remembered by the person's number, whatever the id; the outbox shows the id of today."""
    done = rename_person(told, AUTHOR, "4512", "104512", "new payroll")
    assert [one for one in sent(told, 0) if one[0] != "manager_digest"] == []
    with told.read() as connection:
        ids = {told.employee_id for mail in outbox(connection) for told in mail.planned.told}
    assert ids == {"104512", "77"}
    undo_person_change(told, AUTHOR, done.seq)
    assert sent(told, 0) == []


def test_whoever_became_another_passes_on_what_was_said(told: Database) -> None:
    """Neither the person nor the manager is told again; with the next week the one gets one mail."""
    merge_people(told, AUTHOR, "4512", "77", "rehired", SUNDAY)
    assert sent(told, 0) == []
    weekly = sent(told, 8)
    assert [to for kind, to in weekly if kind == "staff_reminder"] == ["ana.new@site.example"]
    assert sent(told, 8) == []


def test_also_what_only_the_other_was_told(site: Database) -> None:
    """The one that stays had no address, so only the other ever got a mail; nor is it said again once undone."""
    take_in(site, post("4512", "ICU", "2024-01-01", email="ana@site.example"), post("77", "ICU", "2024-01-01"))
    assert sent(site, 0) == [("staff_reminder", "ana@site.example")]
    done = merge_people(site, AUTHOR, "4512", "77", "rehired", SUNDAY)
    assert sent(site, 0) == []
    undo_person_change(site, AUTHOR, done.seq)
    assert sent(site, 0) == []


def test_a_mail_that_waits_goes_once(site: Database) -> None:
    """It was to reach the record that is nobody by now: the person gets it under the other, and nothing else."""
    take_in(site, post("4512", "ICU", "2024-01-01", email="ana@site.example"), post("77", "ICU", "2024-03-01"))
    assert sent(site, 0, Box(down=True)) == []
    merge_people(site, AUTHOR, "4512", "77", "rehired", SUNDAY)
    assert sent(site, 0) == [("staff_reminder", "ana@site.example")]
    with site.read() as connection:
        assert [mail.state for mail in outbox(connection)] == ["withdrawn", "sent"]
    assert sent(site, 0) == []


def test_the_next_run_looks_at_whoever_was_merged(told: Database) -> None:
    """And at both again once that was taken back: each gets the weekly mail."""
    assert [kind for kind, _ in sent(told, 1)] == ["manager_digest"]
    done = merge_people(told, AUTHOR, "4512", "77", "rehired", SUNDAY)
    undo_person_change(told, AUTHOR, done.seq)
    after = sent(told, 8)
    assert sorted(to for kind, to in after if kind == "staff_reminder") == ["ana.new@site.example", "ana@site.example"]


def test_the_outbox_shows_who_became_another_under_the_id_of_today(told: Database) -> None:
    """Whoever has the old id since is somebody else. What was sent stays with the number of whoever got it."""
    before = shown(told)
    done = merge_people(told, AUTHOR, "4512", "77", "rehired", SUNDAY)
    assert shown(told) == {(number, "77") for number, _ in before}
    new = take_in(told, post("4512", "ED", "2025-06-01"), answers={"former:4512": "new"})
    assert shown(told) == {(number, "77") for number, _ in before}
    undo_import(told, EVERYONE, AUTHOR, new.batch or 0, TODAY)
    undo_person_change(told, AUTHOR, done.seq)
    assert shown(told) == before


def shown(database: Database) -> set[tuple[int, str]]:
    """Whom the mails in the outbox are about: number and employee id."""
    with database.read() as connection:
        return {(told.person_id, told.employee_id) for mail in outbox(connection) for told in mail.planned.told}
