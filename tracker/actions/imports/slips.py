"""Newcomers of a roster who have the name of somebody on record, and the unit or the e-mail: an id may be a slip.

E004512, O12041 or 1004512 would make a second person of somebody, with no cards, and nobody would notice.

1. The newcomers are those with a name and a unit whose ids nobody has.
2. Those on record who work, or worked, in their units, or have their addresses, are looked up once for all of them.
3. Who has the same name is asked about; where that is a whole roster, in one question.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from tracker.actions.imports.context import Context
from tracker.actions.imports.named import Named, clash, is_other
from tracker.actions.imports.naming import NamedIds, Settling
from tracker.db.contacts import Contact, with_addresses, working_in
from tracker.db.holders import had_by_somebody
from tracker.db.known import unit_names
from tracker.domain.days import ALWAYS
from tracker.domain.errors import BadInput
from tracker.domain.names import address_key, name_key
from tracker.domain.policy import words
from tracker.intake.rows import Question, Reading, RosterRow

NEW = "new"
ALL = "new-ids"
"""The question about all of them, where they are more than `MOST`."""
MOST = 20
"""Newcomers of a command who are asked about one by one."""
_SHOWN = 3


@dataclass(slots=True)
class _Meant:
    """A newcomer, and those on record who may be meant, by their ids."""

    row: RosterRow
    known: dict[str, Contact] = field(default_factory=dict)


def settle_slips(
    context: Context, readings: Sequence[Reading], named: NamedIds, left: set[str], settling: Settling
) -> None:
    """Settles or asks about newcomers with the name, and the unit or e-mail, of somebody on record.

    Ids in `left` were asked about in other words.
    """
    meant = _meant(context, named, _newcomers(context, readings, left))
    answers = context.settled.answers
    open_ = {each: one for each, one in meant.items() if f"same:{each}" not in answers}
    # An answer for all that was left in an answers file says nothing of the few of another day.
    if len(open_) > MOST:
        _settle_all(context, open_, named, settling)
        meant = {each: one for each, one in meant.items() if each not in open_}
    for employee_id, one in sorted(meant.items()):
        text = partial(_text, named, one)
        answer = named.settle(settling, "same", employee_id, (*one.known, NEW), text)
        if answer and answer != NEW:
            settling.now[employee_id] = answer


def _newcomers(context: Context, readings: Sequence[Reading], left: set[str]) -> dict[str, list[RosterRow]]:
    """The rows of those whose ids nobody has, by these; an id beside two names is rejected, and not asked about."""
    ids = {row.employee_id for row in _placed(readings)} - left
    fresh = ids - had_by_somebody(context.made.connection, ids) if ids else ids
    found: dict[str, list[RosterRow]] = defaultdict(list)
    for row in _placed(readings) if fresh else ():
        if row.employee_id in fresh:
            found[row.employee_id].append(row)
    return {each: rows for each, rows in found.items() if not clash(Named(row.row, row.name or "") for row in rows)}


def _placed(readings: Sequence[Reading]) -> Iterator[RosterRow]:
    """The rows that can bring somebody, and that say who it is."""
    for table in (table for reading in readings for table in reading.tables if table.kind == "roster"):
        if table.who is None:
            rows = cast("list[RosterRow]", table.rows)
            yield from (row for row in rows if row.employee_id and row.unit and row.name)


def _meant(context: Context, named: NamedIds, newcomers: Mapping[str, Sequence[RosterRow]]) -> dict[str, _Meant]:
    """The newcomers who may be somebody on record; nobody is looked at but in their units, or by their addresses.

    Who stands in the same file under an id of their own is not meant: it has two people of that name in the unit.
    """
    connection = context.made.connection
    rows = [row for theirs in newcomers.values() for row in theirs]
    addresses = {address_key(row.email): row for row in rows if row.email}
    units = {words(row.unit or "") for row in rows}
    where = [unit for unit in unit_names(connection) if words(unit) in units] if units else []
    at_work, reached = _by_place(context, where), _by_address(context, [*addresses])
    found: dict[str, _Meant] = {}
    for row in rows if at_work or reached else ():
        there = at_work.get((words(row.unit or ""), name_key(row.name or "")), ())
        same = [one for one in reached.get(address_key(row.email or ""), ()) if not is_other(one.name, row.name)]
        others = [one for one in there if not named.together(row.employee_id, one.employee_id)]
        for one in (*others, *same):
            found.setdefault(row.employee_id, _Meant(row)).known.setdefault(one.employee_id, one)
    return found


def _by_place(context: Context, units: Sequence[str]) -> dict[tuple[str, str], list[Contact]]:
    found: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    # Who has left comes back under another id more often than anybody else.
    there = working_in(context.made.connection, units, ALWAYS) if units else ()
    for one in context.reach.contacts(there):
        found[words(one.unit or ""), name_key(one.name or "")].append(one)
    return found


def _by_address(context: Context, addresses: Sequence[str]) -> dict[str, list[Contact]]:
    found: dict[str, list[Contact]] = defaultdict(list)
    there = with_addresses(context.made.connection, sorted(addresses)) if addresses else ()
    for one in context.reach.contacts(there):
        if one.name:
            found[address_key(one.email or "")].append(one)
    return found


def _text(named: NamedIds, one: _Meant, _: Reading) -> str:
    row = one.row
    listed = ", ".join(map(_described, one.known.values()))
    both = [each for each in one.known if each in named.ids]
    also = f" {both[0]} is in these files as well." if both else ""
    return (
        f"Nobody on record has the employee id {row.employee_id} ({row.name} in {row.unit}), but the same name, and "
        f"the unit or the e-mail, has {listed}.{also} Is the id a slip? Answer with the id that is meant, or new if "
        "this is somebody else. If the id has changed, 'tracker person rename-id' puts the record right for good."
    )


def _described(one: Contact) -> str:
    return f"{one.employee_id} ({one.name}{f' in {one.unit}' if one.unit else ''})"


def _settle_all(context: Context, open_: Mapping[str, _Meant], named: NamedIds, settling: Settling) -> None:
    """Settles or asks about all newcomers at once of whom nothing was said one by one."""
    naming = [reading for reading, ids in named.by_reading if not ids.isdisjoint(open_)]
    try:
        if context.settled.answer(ALL, (NEW,)) is None:
            question = Question(ALL, ALL, _text_of_all(open_), (NEW,), "--answers")
            settling.questions += [(reading, question) for reading in naming]
    except BadInput as error:
        settling.refused += [(reading, str(error)) for reading in naming]


def _text_of_all(open_: Mapping[str, _Meant]) -> str:
    first = sorted(open_.items())[:_SHOWN]
    listed = "; ".join(
        f"{each} is not on record, {_described(next(iter(one.known.values())))} is" for each, one in first
    )
    old, new = next(iter(first[0][1].known)), first[0][0]
    return (
        f"{len(open_)} people have employee ids that nobody has, and the name, with the unit or the e-mail, of "
        f"somebody on record: {listed}; and so on. If the ids have changed, give those on record their new ones first: "
        f"'tracker person rename-id {old} {new}'. If the file has them from a wrong column, put that right. Answer new "
        f'only if all of them are other people; or answer for each: "same:{new}" = "{old}", or "new".'
    )
