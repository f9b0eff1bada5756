"""What the policy says is past keeping goes, and only that; what went is not held against anybody."""

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from actions.soundness import assert_all_right
from actions.ward import (
    AUTHOR,
    TODAY,
    USUAL,
    away,
    card,
    cards_of,
    changes_in,
    excused,
    govern,
    on,
    post,
    take_in,
    unnumbered,
)
from tracker import clock
from tracker.actions.evidence.keep import keep_evidence
from tracker.actions.issue_report import Handed, issue_report
from tracker.actions.issued_files import FOLDER
from tracker.actions.kept_files import KeptFiles
from tracker.actions.prove_report import fetch_report, prove_all, prove_report
from tracker.actions.remove_old_records import remove_old_records
from tracker.db.connect import Database
from tracker.db.issues import issued as latest
from tracker.db.outbox import Planned, enqueue, mails_by_id, settle
from tracker.db.people import load_people
from tracker.db.policies import load_rulebook
from tracker.db.sealed_tables import removals
from tracker.db.tables import absences, cards, evidence, keepings, mails, notices
from tracker.db.trail import entries
from tracker.domain.errors import NotPossible
from tracker.domain.timeline import Engine

CLOCK = datetime.fromisoformat("2025-06-15T12:00:00+00:00")


def keeps(database: Database, **months: int) -> Database:
    """Puts the usual policy in force on all days, with these months of keeping."""
    listed = "".join(f"{kind}_months = {count}\n" for kind, count in months.items())
    text = USUAL.replace("records_from = 2024-01-01", "records_from = 2010-01-01")
    return govern(database, f"{text}\n[retention]\n{listed}", date(2000, 1, 1))


def remove(database: Database, folder: Path, today: date = TODAY) -> dict[str, int]:
    """Removes what is past keeping; the database is sound afterwards."""
    done = dict(remove_old_records(database, AUTHOR, folder, today))
    with database.read() as connection:
        assert_all_right(connection)
    return done


def standing(database: Database, day: str, requirement: str = "bls", known: int | None = None) -> str:
    """Where the nurse stands on a day."""
    with database.read() as connection:
        engine = Engine(load_rulebook(connection))
        (person,) = load_people(connection, [1], "UTC", known)
    return str(engine.standing(person, requirement, on(day)))


@pytest.fixture
def veteran(database: Database) -> Database:
    """A nurse in the ICU since 2012, with a BLS card every two years and a gap of a year before the third."""
    keeps(database, cards=24)
    take_in(database, post("4512", "ICU", "2012-01-01"))
    for year in (2012, 2014, 2017, 2019, 2021, 2023):
        take_in(database, card("4512", f"{year}-03-10", number=str(year)))
    return database


def test_the_two_last_cards_of_a_type_stay_whatever_their_age(veteran: Database, tmp_path: Path) -> None:
    """Of six the four oldest are past keeping in 2060, and no more however often it is looked."""
    assert remove(veteran, tmp_path, on("2060-01-01")) == {"cards": 4}
    assert [each[-1] for each in cards_of(veteran)] == ["2021", "2023"]
    assert remove(veteran, tmp_path, on("2060-01-01")) == {}


def test_days_before_are_not_recorded_and_never_missing(veteran: Database, tmp_path: Path) -> None:
    """The day before the first card that stays, and that day; the gap of 2016 is held against nobody any more."""
    assert [standing(veteran, day) for day in ("2016-06-01", "2017-03-10")] == ["expired", "current"]
    assert remove(veteran, tmp_path) == {"cards": 4}
    days = ("2013-01-01", "2016-06-01", "2020-12-31", "2021-03-09", "2021-03-10", "2025-04-20")
    wanted = ["not_recorded", "not_recorded", "not_recorded", "not_recorded", "current", "expired"]
    assert [standing(veteran, day) for day in days] == wanted


def test_the_last_day_of_keeping_by_name(veteran: Database, tmp_path: Path) -> None:
    """The card that ended on 31 March 2014 is kept for 24 months: to 31 March 2016, included."""
    assert remove(veteran, tmp_path, on("2016-03-31")) == {}
    assert remove(veteran, tmp_path, on("2016-04-01")) == {"cards": 1}


def test_what_was_known_then_is_asked_in_vain_if_too_much_is_gone(veteran: Database, tmp_path: Path) -> None:
    """As known before the cards that stay were recorded, no day accuses anybody; as known since, days that stay do."""
    before = changes_in(veteran) - 2
    assert standing(veteran, "2018-02-01", known=before - 1) == "current"
    remove(veteran, tmp_path)
    assert standing(veteran, "2025-06-01", known=before - 1) == "not_recorded"
    assert standing(veteran, "2021-04-01", known=changes_in(veteran) - 2) == "current"


def test_a_card_on_which_a_kept_day_rests_stays(database: Database, tmp_path: Path) -> None:
    """Two later cards of an issuer that is not accepted say nothing of whether there ever was one: the first stays."""
    keeps(database, cards=24)
    take_in(database, post("4512", "ICU", "2012-01-01"))
    take_in(database, card("4512", "2013-03-10", number="1"))
    for year in (2015, 2017):
        take_in(database, card("4512", f"{year}-03-10", f"{year + 2}-03", number=str(year), issuer="Acme CPR"))
    assert standing(database, "2025-06-01") == "expired"
    assert remove(database, tmp_path) == {}


def test_absences_and_exemptions_go_and_their_days_are_not_recorded(database: Database, tmp_path: Path) -> None:
    """On the day before and on the last day; what did not end stays."""
    keeps(database, absences=12, exemptions=12)
    take_in(database, post("4512", "ICU", "2020-01-01"))
    take_in(database, away("4512", "2023-01-01", "2023-03-31"), away("4512", "2025-05-01"))
    take_in(database, excused("4512", "2023-06-01", "2024-06-14"))
    days = ("2023-02-01", "2023-04-01", "2024-06-14", "2024-06-15")
    assert [standing(database, day) for day in days] == ["on_leave", "missing", "exempt", "missing"]
    assert remove(database, tmp_path) == {"absences": 1, "exemptions": 1}
    assert [standing(database, day) for day in days] == ["not_recorded"] * 3 + ["missing"]
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(absences)).scalar() == 1


def test_a_policy_that_does_not_say_keeps_everything(database: Database, tmp_path: Path) -> None:
    govern(database)
    take_in(database, post("4512", "ICU", "2012-01-01"))
    for year in (2012, 2014, 2016, 2018):
        take_in(database, card("4512", f"{year}-03-10", number=str(year)))
    assert remove(database, tmp_path, on("2099-01-01")) == {}


def test_a_dry_run_counts_and_keeps(veteran: Database, tmp_path: Path) -> None:
    last = changes_in(veteran)
    assert remove_old_records(veteran, AUTHOR, tmp_path, TODAY, dry_run=True) == {"cards": 4}
    assert (changes_in(veteran), len(cards_of(veteran))) == (last, 6)


def test_evidence_goes_with_its_card_and_its_file_with_it(veteran: Database, tmp_path: Path) -> None:
    """A file that shows a card that stays is kept."""
    files = KeptFiles(tmp_path)
    for number, content in ((1, b"\xff\xd8\xff first"), (6, b"\xff\xd8\xff last")):
        (tmp_path / "card.jpg").write_bytes(content)
        keep_evidence(veteran, AUTHOR, files, "4512", tmp_path / "card.jpg", number)
    assert remove(veteran, tmp_path) == {"cards": 4, "evidence": 1}
    kept = [path.read_bytes() for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    assert kept == [b"\xff\xd8\xff last"]


def test_evidence_may_be_kept_for_less_than_its_card(veteran: Database, tmp_path: Path) -> None:
    """The card stays on record; the picture of it does not. It has to have been recorded long ago as well."""
    keeps(veteran, evidence=1)
    (tmp_path / "card.jpg").write_bytes(b"\xff\xd8\xff first")
    keep_evidence(veteran, AUTHOR, KeptFiles(tmp_path), "4512", tmp_path / "card.jpg", 1)
    assert remove(veteran, tmp_path) == {}
    assert remove(veteran, tmp_path, date.today() + timedelta(days=100)) == {"evidence": 1}  # noqa: DTZ011 as it does
    with veteran.read() as connection:
        assert not connection.execute(select(evidence)).all()
    assert len(cards_of(veteran)) == 6


def test_evidence_goes_some_pieces_at_a_time(
    veteran: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each change by itself, so that others may write in between, and a run may be stopped after any of them."""
    keeps(veteran, evidence=1)
    for number in range(1, 6):
        (tmp_path / "card.jpg").write_bytes(b"\xff\xd8\xff" + bytes([number]))
        keep_evidence(veteran, AUTHOR, KeptFiles(tmp_path), "4512", tmp_path / "card.jpg", number)
    monkeypatch.setattr("tracker.actions.remove_old_records.TOGETHER", 2)
    later, last = date.today() + timedelta(days=100), changes_in(veteran)  # noqa: DTZ011 as it does
    answers = iter([False, True])
    assert remove_old_records(veteran, AUTHOR, tmp_path, later, lambda: next(answers)) == {"evidence": 2}
    assert len([path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]) == 3
    assert remove_old_records(veteran, AUTHOR, tmp_path, later, dry_run=True) == {"evidence": 3}
    assert remove(veteran, tmp_path, later) == {"evidence": 3}
    assert changes_in(veteran) == last + 3


def test_copies_of_rejected_rows_go_by_their_age(database: Database, tmp_path: Path) -> None:
    keeps(database, rejects=1)
    (tmp_path / "rejects").mkdir()
    for name, age in (("old.csv", 40), ("new.csv", 20)):
        path = tmp_path / "rejects" / name
        path.write_text("x")
        at = datetime.combine(TODAY, datetime.min.time()).timestamp() - age * 86_400
        os.utime(path, (at, at))
    assert remove(database, tmp_path) == {"rejects": 1}
    assert [path.name for path in (tmp_path / "rejects").iterdir()] == ["new.csv"]


def test_issued_reports_go_so_long_after_they_were_issued(
    ward: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their files; what proves a copy stays, and so does what a later report has as well."""
    keeps(ward, issued=12)
    issued = KeptFiles(tmp_path, FOLDER)
    now = clock.now()
    handed = [Handed("compliance", "csv", TODAY, {}, content, b"{}", 99) for content in (b"one", b"two", b"one")]
    for each, days in zip(handed, (0, 1, 400), strict=True):
        monkeypatch.setattr(clock, "now", lambda days=days: now + timedelta(days=days))
        issue_report(ward, AUTHOR, issued, unnumbered(each))
    later = (now + timedelta(days=400)).date()
    assert dict(remove_old_records(ward, AUTHOR, tmp_path, later, dry_run=True)) == {"issues": 2}
    assert remove(ward, tmp_path, later) == {"issues": 2}
    assert remove(ward, tmp_path, later) == {}
    assert sorted(path.read_bytes() for path in issued.folder.rglob("*") if path.is_file()) == [b"one", b"{}"]
    for number in (1, 2):
        with pytest.raises(NotPossible, match="removed it, as it was past keeping"):
            fetch_report(ward, AUTHOR, issued, number)
    assert fetch_report(ward, AUTHOR, issued, 3)[1] == b"one"
    assert [one.number for one in prove_report(ward, b"two").issues] == [2]
    assert list(prove_all(ward, issued)) == []
    with ward.read() as connection:
        assert [one.removed_as for one in latest(connection)] == [None, "retention", "retention"]


def sent(database: Database, *days: date) -> None:
    """Mails to the nurse's manager, sent on these days."""
    for day in days:
        at = datetime.combine(day, datetime.min.time()).astimezone(CLOCK.tzinfo)
        with database.write() as connection:
            (number,) = enqueue(connection, day, at, [Planned("manager_digest", "kim@site.example", "kim", ())], "x")
            connection.execute(mails.update().where(mails.c.id == number).values(state="sending", tries=0))
            settle(connection, mails_by_id(connection, [number])[0], "sent", at)


def test_mails_go_but_for_the_last(ward: Database, tmp_path: Path) -> None:
    """So no number, and no Message-ID, is given twice."""
    keeps(ward, mails=12)
    sent(ward, on("2023-01-02"), on("2024-06-14"), on("2024-06-16"))
    assert remove(ward, tmp_path) == {"mails": 2}
    assert remove(ward, tmp_path, on("2050-01-01")) == {}


def test_mails_on_which_reminders_rest_stay(ward: Database, tmp_path: Path) -> None:
    """That of a lapse that goes on, or of a last day to come: else it would be told anew."""
    keeps(ward, mails=12)
    sent(ward, on("2023-01-02"), on("2023-01-03"), on("2025-06-14"))
    columns = "(mail_id, place, person_id, requirements, cause, stage, last_day, first_day)"
    with ward.write() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO notices {columns} VALUES (1, 0, 1, '[\"bls\"]', 'bls', 'overdue', NULL, '2025-01-01')"
        )
    assert standing(ward, TODAY.isoformat()) == "missing"
    assert remove(ward, tmp_path) == {"mails": 1}
    with ward.read() as connection:
        assert sorted(connection.execute(select(mails.c.id)).scalars()) == [1, 3]
        assert connection.execute(select(func.count()).select_from(notices)).scalar() == 1


def test_the_trail_says_who_removed_what(veteran: Database, tmp_path: Path) -> None:
    """Each fact by its kind and number, with the changes that recorded it; the person's days in one fact."""
    remove(veteran, tmp_path)
    with veteran.read() as connection:
        last = entries(connection, 1)[0]
        assert (last.action, last.subject) == ("retention", f"before:{TODAY}")
        noted = connection.execute(select(removals).order_by(removals.c.id)).all()
        assert [(row.kind, row.fact, row.recorded) for row in noted] == [("cards", n, last.seq) for n in (1, 2, 3, 4)]
        kept = connection.execute(select(keepings)).one()
        assert kept.kept_from == on("2021-03-10")
        assert connection.execute(select(func.max(cards.c.id))).scalar() == 6
