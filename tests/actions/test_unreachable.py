"""Where mail comes back nothing more is sent, the managers hear of it, and once it is lifted what is owed goes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from actions.test_deliver import MANAGER, OTHER, SUNDAY, Box, run, told
from actions.ward import AUTHOR, card, post, take_in, unit
from tracker.actions.deliver_mail import Delivered, Letterhead, deliver_mail
from tracker.actions.lift_bounce import lift_bounce
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.bounces import Returned, bounces_that_hold, record_bounces
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.digests import managers_marked
from tracker.db.outbox import outbox
from tracker.db.trail import faults
from tracker.domain.gate import Gate
from tracker.notify.ports import Letter, Meanwhile, NotDelivered, nothing

ANA, BO = "Ana@site.example", "bo@site.example"
MONDAY = SUNDAY + timedelta(days=1)
NEXT_MONDAY = MONDAY + timedelta(days=7)
GONE, REFUSED = "550 5.1.1 (an address) unknown", "554 5.7.1 not from you"


class Refusing(Box):
    """A mail server that refuses some receivers for good, each with an answer."""

    def __init__(self, **answers: str) -> None:
        super().__init__()
        self.answers = answers

    def send(self, letter: Letter, meanwhile: Meanwhile = nothing) -> None:
        """Takes a mail, or refuses its receiver."""
        (to,) = letter.receivers
        answer = self.answers.get(to.partition("@")[0].lower())
        if answer:
            raise NotDelivered(f"refused: {answer}", permanent=True, refused={to: answer})
        super().send(letter, meanwhile)


@pytest.fixture
def managed(site: Database) -> Database:
    """The ICU, its two managers, and Ana, who has no card and a mail about it."""
    take_in(site, unit("ICU", "Main", f"{MANAGER};{OTHER}"))
    take_in(site, post("4512", "ICU", "2025-01-01", email=ANA))
    return site


def come_back(database: Database, address: str, day: date = SUNDAY) -> None:
    """The latest mail to an address comes back."""
    with change(database, AUTHOR, "bounce-mark") as made:
        mail = [each for each in outbox(made.connection) if each.planned.address == address][-1]
        assert record_bounces(made, [Returned(mail.message_id, address.upper(), "5.1.1", "unknown")], day) == 1


def why_not(database: Database, day: date) -> list[tuple[str, str]]:
    """Whom the run for a day does not send what is due, and why; nothing is queued."""
    return plan_reminders(database, Gate(True), day, datetime.now(UTC), "x.example", dry_run=True).not_sent


def digest(done: Sequence[Delivered], box: Box, to: str = MANAGER) -> str:
    """The words of the digest that a manager got, in one line; nothing if there was none."""
    ids = {one.mail.message_id for one in done if one.mail.planned.kind == "manager_digest" and one.state == "sent"}
    texts = [mail.get_body(("plain",)) for mail in box.mails if mail["To"] == to and mail["Message-ID"].strip() in ids]
    return " ".join(" ".join(text.get_content() for text in texts if text).split())


def test_where_mail_comes_back_nothing_more_is_sent_and_it_is_said(managed: Database) -> None:
    """By every run, as long as something is due."""
    assert told(run(managed, Box(), SUNDAY), ANA) == ["staff_reminder"]
    come_back(managed, ANA)
    for day in (NEXT_MONDAY, NEXT_MONDAY + timedelta(days=1)):
        assert told(run(managed, Box(), day), ANA) == []
        assert why_not(managed, day) == [("4512", "bounced")]


def test_the_next_digest_names_whom_no_mail_reaches(managed: Database) -> None:
    """With the address, and since when; also if all their cards are in order."""
    run(managed, Box(), SUNDAY)
    take_in(managed, card("4512", "2025-06-10"), card("4512", "2025-06-10", type="ACLS"))
    come_back(managed, ANA)
    box = Box()
    said = digest(run(managed, box, MONDAY), box)
    assert f"Mail to {ANA} has come back since 15 June 2025" in said
    assert "OUT OF COMPLIANCE" not in said


def test_a_digest_that_had_nothing_to_say_is_sent_once_mail_comes_back(managed: Database) -> None:
    """In the middle of its week: managers hear of it then."""
    take_in(managed, card("4512", "2025-06-10"), card("4512", "2025-06-10", type="ACLS"))
    run(managed, Box(), SUNDAY)
    take_in(managed, post("17", "ED", "2025-01-01", email=ANA))
    run(managed, Box(), MONDAY)
    come_back(managed, ANA, MONDAY)
    box = Box()
    assert "has come back since 16 June 2025" in digest(run(managed, box, MONDAY + timedelta(days=1)), box)


def test_once_it_is_lifted_what_is_owed_goes(managed: Database) -> None:
    """With the next run, though no fact of the person changed."""
    run(managed, Box(), SUNDAY)
    come_back(managed, ANA)
    assert told(run(managed, Box(), NEXT_MONDAY), ANA) == []
    lift_bounce(managed, AUTHOR, ANA.lower())
    assert told(run(managed, Box(), NEXT_MONDAY), ANA) == ["staff_reminder"]
    with managed.read() as connection:
        assert list(faults(connection)) == []


def test_another_address_is_written_to_at_once(managed: Database) -> None:
    """The mark is the old address's."""
    run(managed, Box(), SUNDAY)
    come_back(managed, ANA)
    take_in(managed, post("4512", "ICU", "2025-01-01", email="ana.new@site.example"))
    assert told(run(managed, Box(), NEXT_MONDAY), "ana.new@site.example") == ["staff_reminder"]


def test_a_mail_that_waits_for_such_an_address_is_withdrawn(managed: Database) -> None:
    """Staff's and managers' alike: it is looked at just before it goes."""
    run(managed, Box(), SUNDAY)
    at = datetime.combine(NEXT_MONDAY, datetime.min.time(), UTC)
    plan_reminders(managed, Gate(True), NEXT_MONDAY, at, "site.example")
    for address in (ANA, MANAGER):
        with managed.write() as connection:
            ids = [each.message_id for each in outbox(connection) if each.planned.address == address]
        with change(managed, AUTHOR, "bounce-mark") as made:
            record_bounces(made, [Returned(each, address, "5.1.1", "") for each in ids], SUNDAY)
    done = list(deliver_mail(managed, Box(), Letterhead("cards@site.example"), NEXT_MONDAY, lambda: at))
    states = {(one.mail.planned.address, one.state) for one in done}
    assert states == {(ANA, "withdrawn"), (MANAGER, "withdrawn"), (OTHER, "sent")}
    assert {one.reason for one in done if one.state == "withdrawn"} == {"mail to the address comes back"}


def test_an_address_that_the_server_refuses_outright_is_marked(managed: Database) -> None:
    """In the same transaction in which the mail fails, with what the server said."""
    done = run(managed, Refusing(ana=GONE), SUNDAY)
    assert [one.state for one in done if one.mail.planned.address == ANA] == ["failed"]
    with managed.read() as connection:
        (found,) = bounces_that_hold(connection).values()
        assert list(faults(connection)) == []
    assert (found.address, found.status, found.said, found.day) == (ANA, "5.1.1", GONE, SUNDAY)
    assert why_not(managed, MONDAY) == [("4512", "bounced")]


def test_a_refusal_for_another_reason_marks_nothing_and_is_told_as_what_it_is(managed: Database) -> None:
    """Tried again by the next run; the digest says since when, until a mail is taken."""
    run(managed, Refusing(ana=REFUSED), SUNDAY)
    with managed.read() as connection:
        assert bounces_that_hold(connection) == {}
    box, later = Refusing(ana=REFUSED), Box()
    assert f"Mail to {ANA} has not been taken since 15 June 2025" in digest(run(managed, box, MONDAY), box)
    run(managed, Box(), MONDAY + timedelta(days=1))
    assert "not been taken" not in digest(run(managed, later, NEXT_MONDAY), later)


def test_a_server_that_is_well_again_leaves_nobody_unreachable(managed: Database) -> None:
    """The digest looks at what became of the mails before it, of the same run."""
    run(managed, Refusing(ana=REFUSED), SUNDAY)
    box = Box()
    said = digest(run(managed, box, MONDAY), box)
    assert said
    assert "has not been taken" not in said


def test_to_a_manager_whose_mail_comes_back_nothing_is_sent_and_it_is_an_alarm(managed: Database) -> None:
    """The others are told; once it is lifted, what the manager was not told goes."""
    run(managed, Box(), SUNDAY)
    come_back(managed, MANAGER)
    take_in(managed, post("17", "ICU", "2025-01-01", email=BO))
    done = run(managed, Box(), MONDAY)
    assert (told(done, MANAGER), "lapse_notice" in told(done, OTHER)) == ([], True)
    with managed.read() as connection:
        assert managers_marked(connection) == {MANAGER}
    lift_bounce(managed, AUTHOR, MANAGER)
    assert {"lapse_notice", "manager_digest"} <= set(told(run(managed, Box(), MONDAY), MANAGER))


def test_people_who_share_an_address_are_all_unreachable(managed: Database) -> None:
    """However each of them writes it."""
    take_in(managed, post("17", "ICU", "2025-01-01", email=ANA.upper()))
    run(managed, Box(), SUNDAY)
    come_back(managed, ANA)
    assert sorted(why_not(managed, NEXT_MONDAY)) == [("17", "bounced"), ("4512", "bounced")]
