"""What a run owes, person by person and manager by manager, is what a second reading of the rules says."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from hypothesis import given, settings

from as_facts import World, holds, people_of, rulebook_of
from reminder_oracle import Run, owed
from reminder_worlds import stories
from tracker.domain.alerts import Contacts, Lapsed, plan_alerts
from tracker.domain.facts import Booking, Card, PersonFacts, Submission
from tracker.domain.reminders import Notice, PersonPlan, Reason, Sent, Underway, next_look, plan_person
from tracker.domain.rulebook import Rulebook
from tracker.domain.timeline import Engine


class Site:
    """A world at an instant, as the program sees it."""

    def __init__(self, world: World, rulebook: Rulebook, known_at: datetime) -> None:
        self.engine, self._world = Engine(rulebook), world
        self.facts = [fact for fact in world["facts"] if holds(fact, known_at)]
        self.people = people_of(world, rulebook, known_at)

    def underway(self, employee_id: str) -> Underway:
        """What a person has begun to do."""
        theirs = [fact for fact in self.facts if fact.get("employee_id") == employee_id]
        handed = [one for one in theirs if one["fact"] == "submission"]
        return Underway(
            [Booking(0, one["type"], one["class_on"]) for one in theirs if one["fact"] == "booking"],
            [Submission(at, one["type"], one["received_on"]) for at, one in enumerate(handed)],
            {at: self._cards(employee_id, one["recorded_at"]) for at, one in enumerate(handed)},
        )

    def _cards(self, employee_id: str, known_at: datetime) -> tuple[Card, ...]:
        """The cards of a person as known at an instant."""
        people = people_of(self._world, self.engine.rulebook, known_at)
        return next((one.cards for one in people if one.employee_id == employee_id), ())

    def contacts(self) -> dict[str, Contacts]:
        """Who answers for the units: a blank in a later fact never erases."""
        found: dict[str, Contacts] = {}
        for one in sorted((one for one in self.facts if one["fact"] == "unit"), key=lambda one: one["recorded_at"]):
            before = found.get(one["unit"], Contacts())
            managers = tuple(one["managers"]) or before.managers
            found[one["unit"]] = Contacts(managers, one["director"] or before.director)
        return found


def sent_about(sent: list[dict[str, Any]], employee_id: str) -> list[Sent]:
    """What earlier runs sent about a person, as the program keeps it."""
    return [
        Sent(
            one["day"],
            one["kind"],
            one["to"],
            Notice(tuple(one["requirements"]), one["cause"], one["stage"], one["last_day"], one["first_day"]),
        )
        for one in sent
        if one.get("employee_id") == employee_id
    ]


def barrier(person: PersonFacts, day: date, enabled_on: date | None, bounced: Sequence[str]) -> Reason | None:
    """Why no mail reaches a person."""
    if person.email is None:
        return "no_address"
    if person.email in bounced:
        return "bounced"
    return "held" if enabled_on and day < enabled_on else None


def as_json(employee_id: str, notice: Notice) -> tuple[object, ...]:
    """A notice as it is compared."""
    last = notice.last_day.isoformat() if notice.last_day else None
    return (employee_id, notice.requirements, notice.cause, notice.stage, last)


def expected(run: Run) -> set[tuple[object, ...]]:
    """What the second reading says, digests aside."""
    return {
        (mail["kind"], mail["to"][0], mail["employee_id"], frozenset(map(_plain, mail["notices"])))
        for mail in run.messages
        if mail["kind"] != "manager_digest"
    }


def _plain(notice: dict[str, Any]) -> tuple[object, ...]:
    named = (notice["employee_id"], tuple(notice["requirements"]), notice["cause"])
    return (*named, notice["stage"], notice["last_day"])


Mails = set[tuple[object, ...]]


def planned(site: Site, run: dict[str, Any], enabled_on: date | None, sent: list[dict[str, Any]]) -> tuple[Mails, Any]:
    """What the program says: the mails, and each person's plan."""
    day = run["day"]
    plans: dict[str, PersonPlan] = {}
    mails: Mails = set()
    lapsed: list[Lapsed] = []
    for person in site.people:
        told = sent_about(sent, person.employee_id)
        why = barrier(person, day, enabled_on, run["bounced"])
        plan = plan_person(site.engine, person, site.underway(person.employee_id), told, day, why)
        plans[person.employee_id] = plan
        if plan.notices:
            named = frozenset(as_json(person.employee_id, notice) for notice in plan.notices)
            mails.add(("staff_reminder", person.email, person.employee_id, named))
        posts = [
            (one, [each for each in person.assignments if site.engine.applies(each, one.requirement, day)])
            for one in plan.lapses
        ]
        lapsed.append(Lapsed(person.employee_id, posts, told))
    if not enabled_on or day >= enabled_on:
        mails |= alerts(site, run, enabled_on, lapsed)
    return mails, plans


def alerts(site: Site, run: dict[str, Any], enabled_on: date | None, lapsed: list[Lapsed]) -> Mails:
    """The mails to managers and directors."""
    found = plan_alerts(site.engine.rulebook.on(run["day"]), site.contacts(), lapsed, run["day"], enabled_on)
    return {
        (kind, to, None, frozenset(as_json(*one) for one in about))
        for (kind, to), about in found.items()
        if to not in run["bounced"]
    }


@given(stories())
def test_a_run_owes_what_the_rules_say(story: dict[str, Any]) -> None:
    """Run after run, with whatever was sent before."""
    sent: list[dict[str, Any]] = []
    for run in story["runs"]:
        told = owed(
            story["world"], run["day"], sent,
            enabled_on=story["enabled_on"], bounced=run["bounced"], known_at=run["known_at"],
        )  # fmt: skip
        rulebook = rulebook_of(story["world"], run["known_at"])
        if rulebook and not told.refused:
            site = Site(story["world"], rulebook, run["known_at"])
            mails, plans = planned(site, run, story["enabled_on"], sent)
            assert mails == expected(told)
            reasons = {(employee, reason) for employee, plan in plans.items() for reason in plan.reasons}
            assert reasons == {(one["employee_id"], one["reason"]) for one in told.not_sent}
        sent += told.sent


@settings(max_examples=25)
@given(stories(most_runs=3))
def test_nothing_is_owed_before_the_next_look(story: dict[str, Any]) -> None:
    """As long as no fact changes: on the days before it there is nothing to say, and nothing left unsaid."""
    sent: list[dict[str, Any]] = []
    run = story["runs"][-1]
    rulebook = rulebook_of(story["world"], run["known_at"])
    if rulebook is None:
        return
    site = Site(story["world"], rulebook, run["known_at"])
    for day in _days_from(run["day"], 16):
        told = owed(story["world"], day, sent, bounced=run["bounced"], known_at=run["known_at"])
        about = {one["employee_id"] for mail in told.messages for one in mail["notices"]}
        about |= {one["employee_id"] for one in told.not_sent}
        looked = run.setdefault("look", {})
        late = {one: looked[one] for one in about if one in looked and (looked[one] is None or looked[one] > day)}
        assert not late, (day, late, told.messages, told.not_sent)
        _, plans = planned(site, {**run, "day": day}, None, sent)
        for person in site.people:
            plan, underway = plans[person.employee_id], site.underway(person.employee_id)
            owes = person.employee_id in about
            looked[person.employee_id] = day if owes else next_look(site.engine, person, underway, plan, day)
        sent += told.sent


def _days_from(day: date, count: int) -> list[date]:
    return [date.fromordinal(day.toordinal() + number) for number in range(count)]
