"""Years of a small site: whatever happens to people, servers and processes, what is owed is sent, and sent once."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from conftest import Databases
from jobs.years import Years
from notify.mail_server import MailServer

PEOPLE = ("E-1", "E-2", "E-3", "E-4")
UNITS = ("ICU", "ED")
MANAGERS: tuple[list[str], ...] = (["head@unit.example"], ["head@unit.example", "deputy@unit.example"], [])
DIRECTORS = ("director@unit.example", None)
# What the server says to one receiver, who then is no more, or may be.
REFUSALS = {"gone": "550 5.1.1 no such user", "refused": "550 not here"}
WEATHERS = ("fine", "fine", "fine", "closed", "later", *REFUSALS)


def one_of(*choices: Any) -> st.SearchStrategy[Any]:
    """One of a few."""
    return st.sampled_from(choices)


WHO = one_of(*PEOPLE)
# After how many of its steps a process is killed; mostly it lives.
DEATHS = st.none() | st.none() | st.integers(0, 40)
LOOKS = st.lists(st.tuples(one_of("plan", "deliver", "both", "both"), one_of(1, 1, 2), DEATHS), max_size=4)


class Life(RuleBasedStateMachine):
    """A site to which anything may happen; whatever holds after each look is in `Years`."""

    def __init__(self, make: Callable[[], tuple[Years, Callable[[], None]]], closed_port: int) -> None:
        super().__init__()
        self.years, self.end = make()
        self.closed_port = closed_port
        self.weather = "fine"
        self.addresses = 0

    def teardown(self) -> None:
        """In the end all is well for two days, and nothing is owed any more."""
        try:
            self.years.finish()
        finally:
            self.end()

    @initialize(
        emails=st.lists(st.booleans(), min_size=4, max_size=4),
        places=st.lists(one_of(*UNITS), min_size=4, max_size=4),
        cards=st.lists(one_of(None, 10, 200, 280, 300, 330, 350, 365), min_size=4, max_size=4),
        managers=one_of(*MANAGERS),
    )
    def begin(self, emails: list[bool], places: list[str], cards: list[int | None], managers: list[str]) -> None:
        """Units with managers, and people, most of whom have cards."""
        for place in UNITS:
            self.unit(place, managers, DIRECTORS[0])
        for who, reachable, place, ago in zip(PEOPLE, emails, places, cards, strict=True):
            self.hire(who, place, 400 if ago else 0, reachable)
            for kind in ("BLS", "ACLS") if ago else ():
                self.renew(who, kind, ago)

    # --- what happens to people --------------------------------------------------------------

    @rule(who=WHO, place=one_of(*UNITS), ago=one_of(0, 0, 1, 13, 40, -5), reachable=one_of(True, True, False))
    def hire(self, who: str, place: str, ago: int, reachable: bool) -> None:
        """Somebody begins, for the first time or anew, or works in one unit more."""
        self.addresses += 1
        email = f"{who.lower()}.{self.addresses}@staff.example" if reachable else None
        if not self.years.known("person", who):
            self.years.record("person", employee_id=who, name="A. Nurse", email=email)
        own = "own@unit.example" if self.addresses % 3 == 0 else None
        words = {"unit": place, "role": "RN", "employment_type": None, "manager_email": own}
        starts = self.years.day - timedelta(days=ago)
        self.years.record("assignment", employee_id=who, **words, starts_on=starts, ends_on=None)

    @rule(who=WHO, ago=one_of(0, 1, -10, -40))
    def leaves(self, who: str, ago: int) -> None:
        """Somebody's assignments end, today or on another day."""
        last = self.years.day - timedelta(days=ago)
        for post in self.years.known("assignment", who):
            if post["starts_on"] <= last and post["ends_on"] is None:
                self.years.record("assignment", **self.years.take_back(post) | {"ends_on": last})

    @rule(who=WHO)
    def new_address(self, who: str) -> None:
        """Somebody is to be reached elsewhere from now on."""
        self.addresses += 1
        if self.years.known("person", who):
            email = f"{who.lower()}.{self.addresses}@staff.example"
            self.years.record("person", employee_id=who, name="A. Nurse", email=email)

    @rule(who=WHO, kind=one_of("BLS", "BLS", "ACLS"), ago=one_of(0, 0, 1, 30, 270, 350))
    def renew(self, who: str, kind: str, ago: int) -> None:
        """Somebody's card comes in."""
        if self.years.known("assignment", who):
            number = f"{len(self.years.world['facts']):012}"
            issued = self.years.day - timedelta(days=ago)
            fields = {"type": kind, "issuer": "AHA", "issued_on": issued, "stated": None, "number": number}
            self.years.record("card", employee_id=who, **fields)

    @rule(who=WHO, kind=one_of("BLS", "ACLS"))
    def renew_both_months_before(self, who: str, kind: str) -> None:
        """A card comes in that ends within the ladder."""
        self.renew(who, kind, 290)

    @rule(who=WHO, pick=st.integers(0, 3), again=one_of(None, 31, 200))
    def correct_card(self, who: str, pick: int, again: int | None) -> None:
        """A card is retracted, for good or to be recorded as an older one."""
        held = self.years.known("card", who)
        if held:
            card = self.years.take_back(held[-1 - pick % len(held)])
            if again:
                issued = card["issued_on"] - timedelta(days=again)
                self.years.record("card", **card | {"issued_on": issued})

    @rule(who=WHO, ahead=one_of(0, 0, -3, 5), days=one_of(0, 6, 20, 90))
    def away(self, who: str, ahead: int, days: int) -> None:
        """Somebody is on leave."""
        first = self.years.day + timedelta(days=ahead)
        if self.years.known("assignment", who):
            self.years.record("absence", employee_id=who, **{"from": first, "until": first + timedelta(days=days)})

    @rule(who=WHO)
    def back_early(self, who: str) -> None:
        """A leave was none."""
        for leave in self.years.known("absence", who)[-1:]:
            self.years.take_back(leave)

    @rule(who=WHO, requirement=one_of("bls", "acls"), days=one_of(3, 30, 100))
    def exempt(self, who: str, requirement: str, days: int) -> None:
        """Somebody is exempt for a while."""
        if self.years.known("assignment", who):
            span = {"from": self.years.day, "until": self.years.day + timedelta(days=days)}
            self.years.record("exemption", employee_id=who, requirement=requirement, **span)

    @rule(who=WHO, kind=one_of("BLS", "ACLS"), ahead=one_of(0, 5, 20, 60))
    def book(self, who: str, kind: str, ahead: int) -> None:
        """Somebody booked a class."""
        if self.years.known("assignment", who):
            self.years.record("booking", employee_id=who, type=kind, class_on=self.years.day + timedelta(days=ahead))

    @rule(who=WHO, kind=one_of("BLS", "ACLS"))
    def hand_in(self, who: str, kind: str) -> None:
        """A card waits to be checked; the one that waited before was."""
        for waiting in self.years.known("submission", who)[-1:]:
            self.years.take_back(waiting)
        if self.years.known("assignment", who):
            self.years.record("submission", employee_id=who, type=kind, received_on=self.years.day)

    @rule(place=one_of(*UNITS), managers=one_of(*MANAGERS), director=one_of(*DIRECTORS))
    def unit(self, place: str, managers: list[str], director: str | None) -> None:
        """A unit gets other managers."""
        self.years.record("unit", unit=place, facility="Main", managers=managers, director=director)

    # --- what happens to the site ------------------------------------------------------------

    @rule(weather=one_of(*WEATHERS), who=WHO)
    def mail_server(self, weather: str, who: str) -> None:
        """The mail server is well, does not listen, asks for patience, or does not know somebody."""
        server = self.years.server
        server.content_answer = "451 4.3.2 please try later" if weather == "later" else "250 OK"
        server.refused.clear()
        emails = [fact["email"] for fact in self.years.known("person", who) if fact["email"]]
        if weather in REFUSALS and emails:
            server.refused[emails[-1]] = REFUSALS[weather]
        self.weather = weather

    @rule(days=one_of(0, 0, 1, 1, 1, 2, 3, 7, 14, 30, 40), hour=one_of(11, 15, 15, 22), looks=LOOKS)
    def days_pass(self, days: int, hour: int, looks: list[tuple[str, int, int | None]]) -> None:
        """It is another day, on which processes look, late, doubled, killed, or not at all."""
        self.years.until(days, hour)
        for job, which, dies_after in looks:
            if job in ("plan", "both"):
                self.years.plan(which, dies_after if job == "plan" else None)
            if job in ("deliver", "both"):
                self.deliver(which, dies_after)

    @rule(weeks=st.integers(2, 12), step=one_of(1, 7))
    def weeks_pass(self, weeks: int, step: int) -> None:
        """Some weeks, on whose days, or once in each, all goes as it should."""
        for _ in range(weeks):
            self.years.until(step, 15)
            self.years.plan(1)
            self.deliver(1, None)

    @rule(days=one_of(1, 7, 30), what=one_of("card", "leaver", "leave", "submission", "address", "exempt"))
    def much_happens_between_planning_and_delivery(self, days: int, what: str) -> None:
        """The day is planned, then the same becomes known of everybody, then mails are delivered."""
        self.years.until(days, 15)
        self.years.plan(1)
        for who in PEOPLE:
            self.happens(what, who)
        self.deliver(1, None)

    def happens(self, what: str, who: str) -> None:
        """Something that ends what is owed to somebody, at that address at least."""
        happenings: dict[str, Callable[[], None]] = {
            "card": lambda: self.renew(who, "BLS", 0),
            "leaver": lambda: self.leaves(who, 1),
            "leave": lambda: self.away(who, 0, 6),
            "submission": lambda: self.hand_in(who, "BLS"),
            "address": lambda: self.new_address(who),
            "exempt": lambda: self.exempt(who, "bls", 30),
        }
        happenings[what]()

    @rule(hours=one_of(15, 22))
    def both_at_once(self, hours: int) -> None:
        """Two processes deliver at the same time."""
        self.years.until(1, hours)
        self.years.plan(1)
        self.deliver(1, None, other=2)

    def deliver(self, which: int, dies_after: int | None, other: int | None = None) -> None:
        """A process delivers, in whatever weather."""
        port = self.closed_port if self.weather == "closed" else self.years.server.port
        self.years.deliver(which, port, dies_after, other, self.weather == "fine")


def test_years(
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    closed_port: int,
) -> None:
    """Each stage that is owed is sent once or answered for; nobody is written to who should not be."""

    def make() -> tuple[Years, Callable[[], None]]:
        server = MailServer(takes_many=True)
        server.__enter__()
        folder: Path = tmp_path_factory.mktemp("site")
        years = Years(databases.new(), folder, monkeypatch, server)

        def end() -> None:
            server.__exit__(None, None, None)
            years.close()
            databases.drop()

        return years, end

    class Machine(Life):
        def __init__(self) -> None:
            super().__init__(make, closed_port)

    Machine.TestCase.settings = settings(
        max_examples=max(settings().max_examples // 12, 1), stateful_step_count=25, deadline=None,
        report_multiple_bugs=False,
    )  # fmt: skip
    run_state_machine_as_test(Machine)
