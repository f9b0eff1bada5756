"""A made-up site with something of everything that pages show, several times over."""

from datetime import date, timedelta

from sqlalchemy import update

from actions.ward import AUTHOR, away, card, excused, post, take_in, unit
from tracker.actions.access.give import add_user
from tracker.actions.change_booking import record_booking
from tracker.actions.change_card import record_card, retract_card
from tracker.actions.evidence.keep import keep_evidence
from tracker.actions.evidence.refuse import refuse_card
from tracker.actions.kept_files import KeptFiles
from tracker.actions.plan_reminders import plan_one, plan_reminders, queue_one
from tracker.db.bounces import Returned, record_bounces
from tracker.db.change import change
from tracker.db.known import known_cards
from tracker.db.outbox import outbox
from tracker.db.tables import mails, submissions
from tracker.domain.access import Grant, Role
from tracker.domain.facts import Booking, Card
from tracker.domain.gate import Gate
from tracker.intake.evidence import EvidenceFile
from web.house import ANA, BOSS, EVE, NOW, TODAY, House
from web.test_jobs import worked
from web.test_own import EMAIL, PICTURE
from web.test_reports import made

FOR_GOOD = Gate(True)
CHIEF = "chief@site.example"


class World:
    """A house that grows; all that a round adds is Ana's, and of somebody new in a unit of their own."""

    def __init__(self, house: House) -> None:
        self.house, self.rounds = house, 0
        # The first mail is to somebody of whom nothing else is on record, so that it stays owed.
        take_in(house.database, post(EVE, "ED", "2025-01-01", name="Eve Eder", email="eve@site.example"))
        self._owe(EVE)

    def grow(self, rounds: int) -> None:
        """Adds so many rounds, and lets the mails that they owe be queued, sent, failed, returned."""
        for _ in range(rounds):
            self.rounds += 1
            self._work(f"N-{self.rounds}", f"Ward {self.rounds}")
            for who in (ANA, f"N-{self.rounds}"):
                self._record(who)
            self._look_after()
        plan_reminders(self.house.database, FOR_GOOD, TODAY, NOW, "site.example")
        self._deliver()

    def _work(self, who: str, where: str) -> None:
        """Somebody new, a unit with a manager, and two postings that say so."""
        rows = [(who, where, f"Nia {who}"), (ANA, "ICU", "Ana Abel"), (who, "ICU", f"Nia {who}")]
        told = [post(one, at, "2025-01-01", name=name, email=self._email(one)) for one, at, name in rows]
        take_in(self.house.database, *told, other_unit="also")
        take_in(self.house.database, unit(where, "Main", CHIEF))

    def _email(self, who: str) -> str:
        return EMAIL if who == ANA else f"{who}@site.example"

    def _record(self, who: str) -> None:
        """A card that is checked, one to check, one taken back; leave, a class, an exemption; files of each kind."""
        database = self.house.database
        begin, *days = [(date(2025, 1, 1) + timedelta(days=30 * self.rounds + more)) for more in (-600, 0, 5, 10, 15)]
        gone, back, given, ended = map(str, days)
        take_in(database, card(who, str(begin), number=f"{who}-{self.rounds}"))
        take_in(database, away(who, gone, back))
        take_in(database, excused(who, given, ended, "acls"))
        record_booking(database, BOSS, who, Booking(0, "ACLS", TODAY + timedelta(days=self.rounds)))
        wrong = Card(0, "ALS", "AHA", begin, None, f"W-{who}-{self.rounds}")
        retract_card(database, BOSS, who, record_card(database, BOSS, who, wrong, TODAY)[0], "not theirs")
        self._owe(who)
        self.keep(who, f"loose {self.rounds}")
        self.wait(who, f"waits {self.rounds}")
        refuse_card(database, BOSS, who, self.wait(who, f"refused {self.rounds}"), "It ended.", None, TODAY)

    def _owe(self, who: str) -> None:
        """A reminder that somebody asked for."""
        plan = plan_one(self.house.database, FOR_GOOD, TODAY, who, asked=True)
        queue_one(self.house.database, plan, NOW, "site.example")

    def keep(self, who: str, what: str, data: bytes = b"", media_type: str = "image/jpeg") -> int:
        """Keeps a file about somebody; returns its number."""
        file = EvidenceFile(what, data or PICTURE + f"{who} {what}".encode(), media_type)
        files = KeptFiles(self.house.site.settings.data_dir)
        return keep_evidence(self.house.database, AUTHOR, files, who, file).item

    def wait(self, who: str, what: str, data: bytes = b"", media_type: str = "image/jpeg") -> int:
        """Keeps a file that waits to be checked; returns its number as a file."""
        item = self.keep(who, what, data, media_type)
        with change(self.house.database, AUTHOR, "evidence-wait") as made:
            made.record(submissions, [(known_cards(made.connection, [who])[who].id, "BLS", TODAY, item)])
        return item

    def _look_after(self) -> None:
        """Somebody with access, a job that was worked, a report that was issued."""
        email = f"u{self.rounds}@site.example"
        add_user(self.house.database, BOSS, email, "Uma", Grant(Role.EDUCATOR), self.house.now)
        worked(self.house, 1, said=f"broke off {self.rounds}")
        browser = self.house.browser(cookies={"tracker": self.house.token("educator@hospital.example")})
        made(self.house, browser, report="expiring", form="csv", issue="yes")

    def _deliver(self) -> None:
        """Of the mails to staff that wait one is sent, one fails, one comes back, over and over."""
        with self.house.database.read() as connection:
            waiting = [one for one in outbox(connection) if one.state == "queued" and one.planned.address != CHIEF]
        for at, mail in enumerate(waiting):
            state = ("queued", "sent", "failed", "sent")[at % 4]
            with self.house.database.write() as connection:
                said = {"state": state, "ended_at": None if state == "queued" else NOW}
                connection.execute(update(mails).where(mails.c.id == mail.id).values(said))
            if at % 4 == 1:
                with change(self.house.database, AUTHOR, "bounce-mark") as made:
                    record_bounces(made, [Returned(mail.message_id, mail.planned.address, "5.1.1", "none")], TODAY)
