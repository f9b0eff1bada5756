"""Works out what the run for a day owes, and puts it into the outbox.

1. Whom to look at: those about whom something may be owed; the others are not even loaded.
2. For each the rules decide, from the facts and what was sent; managers' mails are put together from that.
3. In one short transaction: a mail that waits and says the same stays, one that says something else is replaced, one
   that is owed no more is withdrawn. What somebody else planned meanwhile stays too; the next run looks again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.db.bounces import troubled as troubled_addresses
from tracker.db.connect import Connection, Database
from tracker.db.digests import all_managers, by_manager, worth_telling
from tracker.db.former import unknown
from tracker.db.outbox import Mail, Planned, Told, carry_over, enqueue, newest, planned_after, waiting, withdraw
from tracker.db.policies import load_rulebook
from tracker.db.reminders import (
    Case,
    digests_since,
    last_run,
    load_cases,
    looking_at,
    number_of,
    record_run,
    set_agenda,
    unit_contacts,
    whom_to_look_at,
)
from tracker.domain.alerts import Contacts, Lapsed, managers_of, plan_alerts
from tracker.domain.digest import entries
from tracker.domain.errors import BadInput
from tracker.domain.gate import Gate
from tracker.domain.reach import Troubled, comes_back
from tracker.domain.refusals import Answer, plan_answer
from tracker.domain.reminders import OWN, PersonPlan, Reason, next_look, plan_person, weekly_day
from tracker.domain.timeline import Engine

REPLACED = "something else is owed by now"


@dataclass(slots=True)
class RunPlan:
    """What a run owes: the mails, and whom something is not sent, and why.

    `looked` are the people it looked at, with the day on which to look again; `managers` answer for
    them. `asked` are the managers of whom it was seen whether a digest is owed.
    """

    day: date
    mails: list[Planned] = field(default_factory=list)
    not_sent: list[tuple[str, str]] = field(default_factory=list)
    looked: dict[int, date | None] = field(default_factory=dict)
    managers: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


def plan_reminders(
    database: Database, gate: Gate, day: date, at: datetime, domain: str, *, dry_run: bool = False
) -> RunPlan:
    """Plans the run for a day, and queues it unless it is a dry run. Raises BadInput after a run for a later day."""
    with database.read() as connection:
        _refuse_earlier(connection, day)
        engine = Engine(load_rulebook(connection))
        contacts = unit_contacts(connection)
        looked_at, top = looking_at(connection, day, at), newest(connection)
        wanted = whom_to_look_at(connection, day)
        troubled = troubled_addresses(connection)
        cases = load_cases(connection, wanted, engine.rulebook.newest.timezone)
        plan = _people(engine, contacts, cases, troubled, gate, day)
        # Of whom nothing is known any more, there is nothing to come.
        plan.looked = dict.fromkeys(wanted) | plan.looked
        if gate.is_open:
            plan.mails += _digests(connection, engine, contacts, troubled, gate, plan)
    if not dry_run and gate.is_open:
        with database.write() as connection:
            _refuse_earlier(connection, day)
            _reconcile(connection, plan, top, at, domain)
            set_agenda(connection, plan.looked)
            record_run(connection, looked_at)
    return plan


def plan_one(database: Database, gate: Gate, day: date, employee_id: str, *, asked: bool) -> RunPlan:
    """What the run for a day owes to and about one person; nothing is queued.

    Says of somebody to whom nothing goes why that is. If it is only `asked`, any day will do: a past one is answered
    from what is known now and from what had been sent by then. Raises BadInput if nobody is known by that id.
    """
    with database.read() as connection:
        if not asked:
            _refuse_earlier(connection, day)
        engine = Engine(load_rulebook(connection))
        number = number_of(connection, employee_id)
        known = list(load_cases(connection, [number] if number else [], engine.rulebook.newest.timezone))
        if not known:
            raise unknown(connection, employee_id)
        cases = [case._replace(sent=[each for each in case.sent if each.day <= day]) for case in known]
        plan = _people(engine, unit_contacts(connection), cases, troubled_addresses(connection), gate, day)
    told = any(mail.kind in OWN for mail in plan.mails)
    if not told and not plan.not_sent:
        plan.not_sent = [(employee_id, _why_nothing(engine, cases[0], day))]
    return plan


def queue_one(database: Database, plan: RunPlan, at: datetime, domain: str) -> list[int]:
    """Queues what one person is to be told (managers are told by whole runs); returns the mails' numbers."""
    with database.write() as connection:
        waiting_for = {(mail.planned.kind, mail.planned.addressee): mail for mail in waiting(connection)}
        numbers: list[int] = []
        for planned in plan.mails:
            if planned.kind in OWN:
                old = waiting_for.get((planned.kind, planned.addressee))
                if old and (_same(old, planned) or old.state == "sending"):
                    numbers.append(old.id)
                    continue
                if old:
                    withdraw(connection, [old.id], REPLACED, at)
                numbers += enqueue(connection, plan.day, at, [planned], domain)
    return numbers


def _why_nothing(engine: Engine, case: Case, day: date) -> str:
    """Why there is nothing to say to somebody: left, all said already, or all is well."""
    if all(one.ends_on is not None and one.ends_on < day for one in case.person.assignments):
        return "left"
    unsaid = plan_person(engine, case.person, case.underway, [], day, None)
    unanswered = _answer(engine, case._replace(sent=[]), day, None)
    return "already_sent" if unsaid.notices or unanswered.notice else "nothing_due"


def _refuse_earlier(connection: Connection, day: date) -> None:
    before = last_run(connection)
    if before and before.day > day:
        raise BadInput(f"A run for {before.day} was made already, so one for {day} sends nothing; name a later day.")


def _people(
    engine: Engine,
    contacts: Mapping[str, Contacts],
    cases: Iterable[Case],
    troubled: Troubled,
    gate: Gate,
    day: date,
) -> RunPlan:
    """What is owed to people and, of their lapses, to those who manage them."""
    run = RunPlan(day)
    numbers: dict[str, int] = {}
    lapsed: list[Lapsed] = []
    plans: list[tuple[Case, PersonPlan]] = []
    unanswered: set[int] = set()
    for case in cases:
        person = case.person
        plan = plan_person(engine, person, case.underway, case.sent, day, _barrier(case, troubled, gate))
        numbers[person.employee_id] = person.id
        if plan.notices:
            told = tuple(Told(person.id, person.employee_id, notice) for notice in plan.notices)
            run.mails.append(Planned("staff_reminder", person.email or "", str(person.id), told))
        answer = _answer(engine, case, day, _barrier(case, troubled, gate))
        if answer.notice:
            about = (Told(person.id, person.employee_id, answer.notice),)
            run.mails.append(Planned("card_rejected", person.email or "", str(person.id), about))
        reasons = plan.reasons | ({answer.reason} if answer.reason else set())
        run.not_sent += [(person.employee_id, reason) for reason in sorted(reasons)]
        if plan.lapses:
            lapsed.append(_lapsed(engine, case, plan, day))
        plans.append((case, plan))
        if answer.to_come:
            unanswered.add(person.id)
    if gate.is_open:
        alerts = _alerts(engine, contacts, lapsed, numbers, gate, day)
        run.mails += [mail for mail in alerts if not comes_back(mail.address, troubled)]
    owed = {told.person_id for mail in run.mails for told in mail.told}
    for case, plan in plans:
        number = case.person.id
        run.managers |= {to for post in case.person.assignments for to in managers_of(contacts, post)}
        # Somebody to whom something is owed is looked at by every run until it was sent.
        soon = number in owed or number in unanswered or plan.reasons
        run.looked[number] = day if soon else next_look(engine, case.person, case.underway, plan, day)
    return run


def _answer(engine: Engine, case: Case, day: date, barrier: Reason | None) -> Answer:
    return plan_answer(engine, case.person, case.underway, case.refused, case.sent, day, barrier)


def _barrier(case: Case, troubled: Troubled, gate: Gate) -> Reason | None:
    if not case.person.email:
        return "no_address"
    if comes_back(case.person.email, troubled):
        return "bounced"
    return None if gate.is_open else "held"


def _lapsed(engine: Engine, case: Case, plan: PersonPlan, day: date) -> Lapsed:
    posts = case.person.assignments
    concerned = [(one, [post for post in posts if engine.applies(post, one.requirement, day)]) for one in plan.lapses]
    return Lapsed(case.person.employee_id, concerned, case.sent)


def _alerts(
    engine: Engine,
    contacts: Mapping[str, Contacts],
    lapsed: Sequence[Lapsed],
    numbers: Mapping[str, int],
    gate: Gate,
    day: date,
) -> list[Planned]:
    mails = plan_alerts(engine.rulebook.on(day), contacts, lapsed, day, gate.since)
    return [
        Planned(kind, to, to, tuple(Told(numbers[employee_id], employee_id, notice) for employee_id, notice in about))
        for (kind, to), about in sorted(mails.items())
    ]


def _digests(
    connection: Connection,
    engine: Engine,
    contacts: Mapping[str, Contacts],
    troubled: Troubled,
    gate: Gate,
    plan: RunPlan,
) -> list[Planned]:
    """A digest for each manager who had none this week and of whose people there is something to say.

    Once a run of the week found nothing to say, that changes only with people who are looked at.
    """
    day = plan.day
    policy = engine.rulebook.on(day)
    week = weekly_day(policy, day)
    if gate.since and week < gate.since:
        return []
    before = last_run(connection)
    first_this_week = before is None or before.day < week
    before_now = digests_since(connection, week)
    plan.asked = all_managers(connection, contacts) if first_this_week else plan.managers | set(before_now)
    told = {address for address, sent in before_now.items() if sent}
    without = {address for address in plan.asked - told if not comes_back(address, troubled)}
    if not without:
        return []
    worth = worth_telling(connection, without, contacts, troubled, day, policy.expiring_within_days)
    speaking = {to: some for to, some in by_manager(worth, contacts).items() if to in without}
    owed = {to for to, some in speaking.items() if any(one.sure for one in some)}
    posts: dict[int, set[int]] = {}
    for to in speaking.keys() - owed:
        for one in speaking[to]:
            posts.setdefault(one.person_id, set()).add(one.assignment_id)
    for case in load_cases(connection, posts, engine.rulebook.newest.timezone):
        owed |= _speaking_of(engine, contacts, case, posts[case.person.id], day) & without
    return [Planned("manager_digest", to, to, ()) for to in sorted(owed)]


def _speaking_of(engine: Engine, contacts: Mapping[str, Contacts], case: Case, posts: set[int], day: date) -> set[str]:
    """The managers whose digests have something to say of one person in some assignments."""
    return {
        to
        for post in case.person.assignments
        if post.id in posts and any(entries(engine, case.person, case.underway, post, day, {}))
        for to in managers_of(contacts, post)
    }


def _reconcile(connection: Connection, plan: RunPlan, top: int, at: datetime, domain: str) -> None:
    """Brings the outbox in line with what is owed."""
    newer = planned_after(connection, top)
    before = {(mail.planned.kind, mail.planned.addressee): mail for mail in waiting(connection)}
    fresh: list[Planned] = []
    replaced: list[int] = []
    kept: list[int] = []
    for planned in plan.mails:
        key = (planned.kind, planned.addressee)
        old = before.pop(key, None)
        if key in newer or (old and (_same(old, planned) or old.state == "sending")):
            kept += [old.id] if old else []
            continue
        if old:
            replaced.append(old.id)
        fresh.append(planned)
    gone = [
        mail.id
        for key, mail in before.items()
        if key not in newer and (mail.planned.kind != "manager_digest" or mail.planned.address in plan.asked)
    ]
    carry_over(connection, kept, plan.day)
    withdraw(connection, replaced, REPLACED, at)
    withdraw(connection, gone, "no longer owed", at)
    enqueue(connection, plan.day, at, fresh, domain)


def _same(mail: Mail, planned: Planned) -> bool:
    return mail.planned.address == planned.address and set(mail.planned.told) == set(planned.told)
