"""What a command works with: the settings, the database, today, and who is at the keyboard."""

import os
import pwd
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import click

from tracker import clock
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.migrate import prepare
from tracker.db.moments import change_at
from tracker.db.policies import load_rulebook
from tracker.domain.errors import BadInput
from tracker.domain.instants import read_instant
from tracker.domain.scope import EVERYONE, InUnits, OnePerson, Scope, SomePeople
from tracker.domain.validity import is_stated
from tracker.settings import Settings, load


@dataclass
class Session:
    """One run of the command line, acting as everyone under the operating system's user name."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        """The database, set up if it is new."""
        database = Database(self.settings.database)
        prepare(database)
        return database

    @cached_property
    def author(self) -> Author:
        """Who the trail will name."""
        # Not from the environment, which anybody may set.
        number = os.getuid()
        try:
            return Author(pwd.getpwuid(number).pw_name, "cli")
        except KeyError:
            return Author(f"uid {number}", "cli")

    @cached_property
    def timezone(self) -> str:
        """The site's, as its newest policy says; raises BadInput if there is no policy yet."""
        with self.database.read() as connection:
            return load_rulebook(connection).newest.timezone

    @cached_property
    def today(self) -> date:
        """The day at the site, or what TRACKER_TODAY puts in its place."""
        return clock.today(self.timezone, self.settings.today)

    def day_in(self, timezone: str) -> date:
        """The day in a time zone that a policy names which is not in force yet."""
        return clock.today(timezone, self.settings.today)

    def scope(self, unit: str | None, employee_id: str | None, known_at: datetime | None = None) -> Scope:
        """Whom a question is about; raises BadInput if there is no such unit."""
        if employee_id is not None and unit is not None:
            raise BadInput("Ask about a unit or about a person, not both: leave out --unit or --employee.")
        if employee_id is not None:
            return self._person(employee_id, known_at)
        if unit is None:
            return EVERYONE
        with self.database.read() as connection:
            known = change_at(connection, known_at) if known_at else None
        return InUnits((self.unit(unit, known),))

    def people(self, unit: str | None, employee_ids: Sequence[str], known_at: datetime | None = None) -> Scope:
        """Whom a question about any number of people is about; raises BadInput if one of them is nobody."""
        ids = tuple(dict.fromkeys(employee_ids))
        if len(ids) <= 1 or unit is not None:
            return self.scope(unit, ids[0] if ids else None, known_at)
        for each in ids:
            self._person(each, known_at)
        return SomePeople(ids)

    def _person(self, employee_id: str, known_at: datetime | None) -> OnePerson:
        from tracker.db.former import former_ids, unknown
        from tracker.db.known import known_people

        with self.database.read() as connection:
            known = known_people(connection, [employee_id], self.timezone)
            renamed = employee_id not in known.facts and known_at is None and former_ids(connection, [employee_id])
            if employee_id not in known.numbers or renamed:
                raise unknown(connection, employee_id)
        return OnePerson(employee_id)

    def requirement(self, name: str | None) -> str | None:
        """The requirement, if some version of the policy has it; raises BadInput if none does."""
        if name is None:
            return None
        with self.database.read() as connection:
            reigns = load_rulebook(connection).reigns
        known = {requirement.id for _, policy in reigns for requirement in policy.requirements}
        if name not in known:
            raise BadInput(f"There is no requirement '{name}'; there are: {', '.join(sorted(known))}.")
        return name

    def unit(self, name: str, at: int | None = None) -> str:
        """The unit as it is (or at a change was) spelt on record, whatever the case it was typed in."""
        from tracker.actions.find_units import find_unit

        with self.database.read() as connection:
            return find_unit(connection, name, at)

    def instant(self, text: str | None, *, day_begins: bool = False) -> datetime | None:
        """An instant as typed; without a zone it is the site's, and a day alone means its end, or its beginning."""
        return None if text is None else read_instant(text, self.timezone, day_begins=day_begins)


def open_session() -> Session:
    """The session of this run."""
    return Session(load())


def said(option: str, text: str | None) -> str:
    """A word that has to be said; raises BadInput if it is blank."""
    if not text or not text.strip():
        raise BadInput(f"{option} is blank; say it.")
    return text.strip()


def stated_expiry(text: str | None) -> str | None:
    """A printed expiry: a day or a month."""
    if text is not None and not is_stated(text):
        raise BadInput(f"'{text}' is no day or month; write --expires-on 2028-06-30 or 2028-06.")
    return text


class Day(click.ParamType[date]):
    """A day on the command line: 2026-01-31."""

    name = "day"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Reads it, or says how it is written."""
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no day; write it as 2026-01-31.", param, ctx)


DAY = Day()
# The number of a fact or a batch, or how many are asked for; a database takes no larger ones.
NUMBER = click.IntRange(1, 2**31 - 1)
ITEM = click.argument("item", metavar="EVIDENCE", type=NUMBER)
as_of_option = click.option("--as-of", type=DAY, metavar="DAY", help="The day asked about; today if not said.")
known_at_option = click.option(
    "--known-at", metavar="INSTANT", help="What the records said then, such as 2026-05-03T14:00Z; now if not said."
)
unit_option = click.option("--unit", metavar="UNIT", help="Only this unit.")
employee_option = click.option("--employee", "employee_id", metavar="ID", help="Only this person.")
whom_option = click.option(
    "--employee",
    "whom",
    metavar="WHO",
    multiple=True,
    help="An employee id, or a name if only one person has it; say it again for another.",
)
employees_option = click.option(
    "--employee", "employee_ids", metavar="ID", multiple=True, help="Only this person; say it again for another."
)
