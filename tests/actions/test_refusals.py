"""A card that waits can be refused, and the person is told why: once, and only while it is so. Decision 0021."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.soundness import assert_all_right
from actions.test_change_card import enter
from actions.test_deliver import Box
from actions.ward import AUTHOR, TODAY, away, facts_of, on, post, said_of, take_in, unit
from tracker.actions.change_person import merge_people, undo_person_change
from tracker.actions.deliver_mail import Letterhead, deliver_mail
from tracker.actions.evidence.keep import attach_evidence, keep_evidence, retract_evidence
from tracker.actions.evidence.look import list_evidence, list_refusals
from tracker.actions.evidence.refuse import refuse_card, undo_refusal
from tracker.actions.evidence.wait import wait_to_be_checked
from tracker.actions.kept_files import KeptFiles
from tracker.actions.plan_reminders import plan_one, plan_reminders, queue_one
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.moments import holds
from tracker.db.outbox import Mail, claim, outbox
from tracker.db.tables import identities, submissions
from tracker.domain.errors import BadInput
from tracker.domain.facts import Assignment, Card, PersonFacts, Refusal
from tracker.domain.gate import Gate
from tracker.domain.policy_text import read_policy
from tracker.domain.rulebook import Rulebook, Version
from tracker.domain.scope import OnePerson
from tracker.domain.timeline import Engine
from tracker.notify.compose import Composer
from tracker.notify.maildir import Maildir
from tracker.notify.ports import Post

NURSE, MANAGER, HERS = OnePerson("4512"), "icu@site.example", "ada@site.example"
WHY = "The dates on the photo cannot be read."
HEAD = Letterhead("Cards <cards@site.example>")


def later(days: int) -> date:
    """So many days after today."""
    return TODAY + timedelta(days=days)


def at(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def icu(ward: Database) -> Database:
    """The nurse with a name and an address, in a unit with a manager."""
    take_in(ward, unit("ICU", "Main", MANAGER))
    take_in(ward, post("4512", "ICU", "2025-01-01", name="Ali, Ada", email=HERS))
    return ward


@pytest.fixture
def hand_in(icu: Database, tmp_path: Path) -> Callable[..., int]:
    """Hands a card of a type in, a file of its own each, which then waits; returns the evidence's number."""

    def handed(kind: str = "BLS", day: date = TODAY) -> int:
        path = tmp_path / "card.jpg"
        path.write_bytes(b"\xff\xd8\xff" + f"{kind} {day} {len(list_evidence(icu, NURSE))}".encode())
        item = keep_evidence(icu, AUTHOR, KeptFiles(tmp_path / "data"), "4512", path).item
        with change(icu, AUTHOR, "evidence-wait", f"evidence:{item}") as made:
            number = made.connection.exec_driver_sql("SELECT id FROM people WHERE employee_id = '4512'").scalar()
            made.record(submissions, [(number, kind, day, item)])
        return item

    return handed


def refuse(database: Database, item: int, why: str = WHY, instead: str | None = None, day: date = TODAY) -> str:
    """Refuses the nurse's card."""
    return refuse_card(database, AUTHOR, "4512", item, why, instead, day)


def run(database: Database, day: date, box: Post | None = None, gate: Gate = Gate(True)) -> list[str]:  # noqa: B008 never changed
    """One run for a day; returns the causes of the answers to refused cards that were sent."""
    plan_reminders(database, gate, day, at(day), "site.example")
    done = list(deliver_mail(database, box or Box(), HEAD, day, lambda: at(day))) if gate.is_open else []
    return [
        one.mail.planned.told[0].notice.cause
        for one in done
        if one.state == "sent" and one.mail.planned.kind == "card_rejected"
    ]


def answers(database: Database) -> list[Mail]:
    """The answers in the outbox."""
    with database.read() as connection:
        return [one for one in outbox(connection) if one.planned.kind == "card_rejected"]


def arrived(folder: Path) -> list[EmailMessage]:
    """The answers that lie in a mailbox."""
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("new/*")]
    return [one for one in mails if "not accepted" in str(one["Subject"])]


def test_a_refusal_ends_the_wait_and_is_on_record(icu: Database, hand_in: Callable[..., int]) -> None:
    """What, when, by whom, why, what instead; the file stays and counts for nothing, and the trail holds."""
    item = hand_in()
    assert refuse(icu, item, instead="The PDF, please.") == "BLS"
    assert said_of(icu, "submissions", "4512") == []
    [(_, *said)] = said_of(icu, "refusals", "4512")
    assert said == [item, "BLS", TODAY, TODAY, AUTHOR.actor, WHY, "The PDF, please."]
    assert [(one.item, one.card) for one in list_evidence(icu, NURSE)] == [(item, None)]
    with icu.read() as connection:
        assert_all_right(connection)


@pytest.mark.parametrize("then", ["attached", "refused", "retracted", "never waited"])
def test_only_what_waits_can_be_refused(icu: Database, hand_in: Callable[..., int], then: str) -> None:
    """Not a file that shows a card on record, nor one refused or gone already; nothing changes."""
    item = hand_in()
    if then == "attached":
        attach_evidence(icu, AUTHOR, "4512", item, enter(icu, "2025-01-05"))
    elif then == "refused":
        refuse(icu, item)
    elif then == "retracted":
        retract_evidence(icu, AUTHOR, "4512", item, "not hers")
    else:
        item += 1
    before = facts_of(icu)
    with pytest.raises(BadInput, match="vidence"):
        refuse(icu, item)
    assert facts_of(icu) == before


def test_a_refused_file_that_is_handed_in_again_waits_no_more(icu: Database, hand_in: Callable[..., int]) -> None:
    """Or the same photo would silence the reminders for another two weeks."""
    item = hand_in()
    refuse(icu, item)
    proposal: Any = None
    assert wait_to_be_checked(icu, AUTHOR, "4512", item, proposal, TODAY) is None
    assert said_of(icu, "submissions", "4512") == []


def test_the_person_is_told_why_in_a_mail_to_be_answered_to_the_manager(
    icu: Database, hand_in: Callable[..., int], tmp_path: Path
) -> None:
    """To her alone, with what to send, and how long the card on record still counts."""
    enter(icu, "2023-07-10")
    refuse(icu, hand_in(), instead="The PDF of the issuer, please.")
    assert run(icu, TODAY, Maildir(tmp_path / "mail")) == ["BLS"]
    [mail] = arrived(tmp_path / "mail")
    assert (mail["To"], mail["Reply-To"], mail["Cc"]) == (HERS, MANAGER, None)
    body = mail.get_body(("plain",))
    assert body is not None
    words = " ".join(body.get_content().split())
    for said in ("Ada Ali", WHY, "The PDF of the issuer, please.", "31 July 2025", MANAGER):
        assert said in words


COVERED = """
name = "covered"
timezone = "America/Chicago"
default_issuer = "AHA"
[types.BLS]
[types.ACLS]
[types.ALS]
[[issuers]]
id = "AHA"
[[validity]]
months = 24
ends = "same_day"
[[validity]]
type = "ALS"
ends = "never"
[[recognitions]]
type = "ALS"
counts_as = "ACLS"
[[requirements]]
id = "bls"
any_of = ["BLS"]
[[requirements]]
id = "bls-each-year"
any_of = ["BLS"]
units = ["ICU"]
renew_every_months = 12
[[requirements]]
id = "elsewhere"
any_of = ["BLS"]
units = ["ED"]
renew_every_months = 3
"""


@pytest.mark.parametrize(
    ("kind", "cards", "through"),
    [
        ("BLS", [], None),
        ("BLS", [("BLS", "2023-06-14")], None),
        ("BLS", [("BLS", "2024-06-16")], "2025-06-16"),
        ("BLS", [("BLS", "2024-06-14")], None),
        ("BLS", [("BLS", "2024-06-14"), ("BLS", "2025-01-10")], "2026-01-10"),
        ("ACLS", [("BLS", "2025-01-10")], None),
        ("ACLS", [("ACLS", "2024-03-01")], "2026-03-01"),
        ("ACLS", [("ACLS", "2024-03-01"), ("ALS", "2020-01-01")], "9999-12-31"),
    ],
)
def test_it_says_until_when_a_card_on_record_counts(
    kind: str, cards: list[tuple[str, str]], through: str | None
) -> None:
    """For everything that asks it of her today: here each year, though the card is good for two."""
    held = tuple(Card(at, type_, "AHA", on(issued), None, str(at)) for at, (type_, issued) in enumerate(cards, 1))
    posts = (Assignment(1, "ICU", "RN", None, MANAGER, on("2025-01-01"), None),)
    ada = PersonFacts(1, "4512", "Ali, Ada", HERS, TODAY, posts, held, (), (), ())
    composer = Composer(Engine(Rulebook([Version(read_policy(COVERED), None)])), {}, TODAY)
    mail = composer.card_rejected(ada, Refusal(1, 9, 1, kind, TODAY, TODAY, "kim", WHY, None))
    assert mail.covered_through == (on(through) if through else None)
    assert (mail.proof_to, [one.type for one in mail.courses]) == ((MANAGER,), [kind])


def test_it_is_told_once_however_many_runs_there_are(icu: Database, hand_in: Callable[..., int]) -> None:
    """Neither again on the day, nor later, nor to her manager; and nothing is to come."""
    refuse(icu, hand_in())
    assert [run(icu, later(days)) for days in (0, 0, 1, 8)] == [["BLS"], [], [], []]
    assert [one.planned.address for one in answers(icu)] == [HERS]


def test_what_could_not_leave_leaves_later_under_the_same_message_id(
    icu: Database, hand_in: Callable[..., int], tmp_path: Path
) -> None:
    """A server that is down, and a worker that dies with the mail in hand, cost delay and no answer."""
    refuse(icu, hand_in())
    assert run(icu, TODAY, Box(down=True)) == []
    [queued] = answers(icu)
    with icu.write() as connection:
        assert claim(connection, at(later(1)), 100)
    assert run(icu, later(2), Maildir(tmp_path / "mail")) == ["BLS"]
    [mail] = arrived(tmp_path / "mail")
    assert mail["Message-ID"] == queued.message_id


def test_while_mail_is_held_nothing_leaves_and_nothing_is_lost(icu: Database, hand_in: Callable[..., int]) -> None:
    """The first run after mail was enabled tells it. Decision 0009: a run that is held leaves no trace."""
    refuse(icu, hand_in())
    assert run(icu, TODAY, gate=Gate(False)) == []
    assert ("4512", "held") in plan_one(icu, Gate(False), TODAY, "4512", asked=True).not_sent
    assert answers(icu) == []
    assert run(icu, later(1), gate=Gate(True, later(1))) == ["BLS"]


def test_on_leave_she_is_told_after_it(icu: Database, hand_in: Callable[..., int]) -> None:
    """On the day of her return, though no fact changes on it; until then a run says why not."""
    take_in(icu, away("4512", "2025-06-10", "2025-06-20"))
    refuse(icu, hand_in())
    assert ("4512", "on_leave") in plan_one(icu, Gate(True), TODAY, "4512", asked=True).not_sent
    assert [run(icu, later(days)) for days in (0, 5, 6)] == [[], [], ["BLS"]]


def test_who_has_left_is_told_nothing(icu: Database, hand_in: Callable[..., int]) -> None:
    """On the last day still, on the day after not, even if the mail waited."""
    refuse(icu, hand_in())
    assert run(icu, TODAY, Box(down=True)) == []
    take_in(icu, post("4512", "ICU", "2025-01-01", "2025-06-15"))
    assert "card_rejected" in {one.kind for one in plan_one(icu, Gate(True), TODAY, "4512", asked=True).mails}
    assert run(icu, later(1)) == []


def test_without_an_address_it_waits_for_one(icu: Database, hand_in: Callable[..., int]) -> None:
    """The run says that there is none; it goes once one is recorded."""
    refuse(icu, hand_in())
    with change(icu, AUTHOR, "test") as made:
        made.retract(
            identities, list(made.connection.execute(select(identities.c.id).where(holds(identities, None))).scalars())
        )
        made.record(identities, [(1, "4512", None, None)])
    assert ("4512", "no_address") in plan_one(icu, Gate(True), TODAY, "4512", asked=True).not_sent
    assert run(icu, TODAY) == []
    take_in(icu, post("4512", "ICU", "2025-01-01", email="new@site.example"))
    assert run(icu, later(1)) == ["BLS"]
    assert answers(icu)[-1].planned.address == "new@site.example"


def card_came(database: Database, item: int) -> None:
    """The card was recorded after all."""
    enter(database, "2025-06-01")


def shows_a_card(database: Database, item: int) -> None:
    """The file shows a card that was on record already."""
    attach_evidence(database, AUTHOR, "4512", item, enter(database, "2023-01-01"))


def taken_back(database: Database, item: int) -> None:
    """It was a mistake."""
    assert not undo_refusal(database, AUTHOR, "4512", item, "a slip").told


@pytest.mark.parametrize("since", [card_came, shows_a_card, taken_back])
def test_what_is_not_so_any_more_is_not_told(
    icu: Database, hand_in: Callable[..., int], since: Callable[[Database, int], None]
) -> None:
    """Neither by a run, nor by a worker that has the mail in the outbox already."""
    item = hand_in()
    refuse(icu, item)
    plan_reminders(icu, Gate(True), TODAY, at(TODAY), "site.example")
    since(icu, item)
    done = deliver_mail(icu, Box(), HEAD, TODAY, lambda: at(TODAY))
    assert [one.state for one in done if one.mail.planned.kind == "card_rejected"] == ["withdrawn"]
    assert run(icu, later(1)) == []


def test_an_old_card_recorded_since_answers_nothing(icu: Database, hand_in: Callable[..., int]) -> None:
    """It counts no more, so another is still asked for."""
    refuse(icu, hand_in())
    enter(icu, "2021-01-05")
    assert run(icu, TODAY) == ["BLS"]


def test_a_refusal_taken_back_waits_as_before_and_can_be_made_anew(icu: Database, hand_in: Callable[..., int]) -> None:
    """From the day on which the card came; another refusal is told, whatever was told of the first."""
    item = hand_in()
    before = facts_of(icu)
    refuse(icu, item)
    assert run(icu, TODAY) == ["BLS"]
    undone = undo_refusal(icu, AUTHOR, "4512", item, "a slip")
    assert (undone.waits, undone.told, facts_of(icu)) == (True, True, before)
    refuse(icu, item, "It is somebody else's.", day=later(1))
    assert run(icu, later(1)) == ["BLS"]


def test_several_refusals_are_told_a_day_each_the_oldest_first(icu: Database, hand_in: Callable[..., int]) -> None:
    """No run, and no day, brings anybody two mails of a kind; each comes, though nothing else happens."""
    for kind in ("ACLS", "BLS"):
        refuse(icu, hand_in(kind))
    assert [run(icu, later(days)) for days in (0, 0, 1, 2)] == [["ACLS"], [], ["BLS"], []]


def test_who_has_sent_another_is_not_asked_for_another(icu: Database, hand_in: Callable[..., int]) -> None:
    """While it waits, a run says so; once it is refused as well, both are told."""
    refuse(icu, hand_in())
    second = hand_in()
    assert ("4512", "awaiting_check") in plan_one(icu, Gate(True), TODAY, "4512", asked=True).not_sent
    assert run(icu, TODAY) == []
    refuse(icu, second, "Still blurred.")
    assert [run(icu, later(days)) for days in (1, 2, 3)] == [["BLS"], ["BLS"], []]


def test_one_person_can_be_told_at_once(icu: Database, hand_in: Callable[..., int]) -> None:
    """After the day's run as well; the next run does not repeat it."""
    run(icu, TODAY)
    refuse(icu, hand_in())
    plan = plan_one(icu, Gate(True), TODAY, "4512", asked=False)
    numbers = queue_one(icu, plan, at(TODAY), "site.example")
    assert [one.id for one in answers(icu)] == numbers
    assert [one.state for one in deliver_mail(icu, Box(), HEAD, TODAY, lambda: at(TODAY))] == ["sent"]
    assert run(icu, later(1)) == []


@pytest.mark.parametrize("told", [True, False])
def test_a_merge_takes_refusals_along_with_what_was_told(
    icu: Database, hand_in: Callable[..., int], told: bool
) -> None:
    """A card that the other record had before is none that came since; undone, all is as before."""
    take_in(icu, post("77", "ICU", "2025-01-01", email="new@site.example"))
    enter(icu, "2024-01-05")
    refuse(icu, hand_in())
    assert run(icu, TODAY) == ["BLS"] if told else True
    before = facts_of(icu)
    done = merge_people(icu, AUTHOR, "4512", "77", "rehired", TODAY)
    assert run(icu, later(1)) == ([] if told else ["BLS"])
    assert list(list_refusals(icu, OnePerson("77"))) == [1]
    undo_person_change(icu, AUTHOR, done.seq)
    assert facts_of(icu) == before
