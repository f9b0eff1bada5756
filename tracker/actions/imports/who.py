"""Rows that name no employee id: whose they are. The e-mail says, else the exact name; anything but one match is asked.

1. What the rows say of people is collected, each different saying once.
2. Those who may be meant are looked up: on record, and in the rosters of the same command that do have ids.
3. Each saying is settled by an answer, by its address, or by its name; then the rows get their ids.
4. What is open is asked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from tracker.actions.imports.asking_who import SKIP, Open, questions_of
from tracker.actions.imports.context import Context
from tracker.actions.imports.named import is_other
from tracker.actions.imports.naming import Settling
from tracker.db.contacts import Contact, with_addresses, with_names, working_in
from tracker.db.known import known_people, unit_names
from tracker.domain.errors import BadInput
from tracker.domain.names import address_key, name_key
from tracker.domain.policy import words
from tracker.intake.rows import Reading, RosterRow, Table, Who


class Key(NamedTuple):
    """What a row says of a person, as it is compared; blank where it says nothing."""

    email: str
    name: str
    unit: str


@dataclass(slots=True)
class Found:
    """The people whom some rows may mean: by address; by name, and by unit and name. Names by employee id."""

    by_address: dict[str, dict[str, str | None]] = field(default_factory=lambda: defaultdict(dict))
    by_name: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    brought: dict[str, Contact] = field(default_factory=dict)

    def owner(self, email: str) -> tuple[str, str | None] | None:
        """The one who has an address on record, and the name; None if nobody has it, or several have."""
        people = self.by_address.get(email, {})
        return next(iter(people.items())) if len(people) == 1 else None

    def add(self, one: Contact) -> None:
        """Takes in somebody who may be meant."""
        if one.email:
            self.by_address[address_key(one.email)][one.employee_id] = one.name
        if one.name:
            key = name_key(one.name)
            self.by_name["", key].add(one.employee_id)
            if one.unit:
                self.by_name[words(one.unit), key].add(one.employee_id)


def key_of(who: Who) -> Key:
    """What a row says of a person, as it is compared."""
    return Key(address_key(who.email or ""), name_key(who.name or ""), words(who.unit or ""))


def settle_who(context: Context, readings: Sequence[Reading], settling: Settling) -> None:
    """Gives the rows that have no employee id the one of the person they mean; blank where there is none."""
    nameless = [(reading, table) for reading in readings for table in reading.tables if table.who is not None]
    if not nameless:
        return
    said = {key_of(who) for _, table in nameless for who in (table.who or {}).values()}
    found = _find(context, said, readings)
    ids = _Ids(context, found, settling)
    for reading in dict.fromkeys(id(reading) for reading, _ in nameless):
        tables = [(each, table) for each, table in nameless if id(each) == reading]
        try:
            _settle(ids, tables, settling)
        except BadInput as error:
            settling.refused.append((tables[0][0], str(error)))
    settling.questions += questions_of(context, found.brought, ids.open)
    settling.nameless = bool(ids.open or settling.refused)


def _find(context: Context, said: set[Key], readings: Sequence[Reading]) -> Found:
    """Those who may be meant. Nobody is looked at by name if addresses, or units, are enough."""
    connection = context.made.connection
    found = Found()
    addresses, names = {one.email for one in said if one.email}, {one.name for one in said if one.name}
    units = {one.unit for one in said if one.name and one.unit}
    on_record = [unit for unit in unit_names(connection) if words(unit) in units] if units else []
    known: list[Iterable[Contact]] = [_brought(readings, found)]
    reach = context.reach
    if addresses:
        known.append(reach.contacts(with_addresses(connection, sorted(addresses))))
    if reach.scope and names:
        # Nobody else may be meant, whatever the rows say.
        known.append(reach.contacts(working_in(connection, reach.scope.units, context.today)))
    elif on_record:
        known.append(working_in(connection, on_record, context.today))
    if not reach.scope and any(one.name and not one.unit for one in said):
        known.append(with_names(connection))
    for some in known:
        for one in some:
            if address_key(one.email or "") in addresses or (one.name and name_key(one.name) in names):
                found.add(one)
    return found


def _brought(readings: Sequence[Reading], found: Found) -> Iterator[Contact]:
    """Those whom the rosters of the command bring with their ids."""
    for table in (table for reading in readings for table in reading.tables if table.kind == "roster"):
        for row in cast("list[RosterRow]", table.rows) if table.who is None else ():
            one = Contact(row.employee_id, row.name, row.email, row.unit)
            found.brought[row.employee_id] = one
            yield one


class _Ids:
    """Says whom a row means. `settling` has the ids in place of which others are meant; `open` is what to ask."""

    def __init__(self, context: Context, found: Found, settling: Settling) -> None:
        self._context, self._found, self._settling = context, found, settling
        self.open: list[Open] = []

    def shared(self, tables: Sequence[tuple[Reading, Table]]) -> set[str]:
        """The addresses that are nobody's own: of several people on record, or beside several names in the file.

        One that is a person's own on record stays so beside one other name, which may be a slip.
        """
        beside: dict[str, set[str]] = defaultdict(set)
        for _, table in tables:
            for who in (table.who or {}).values():
                key = key_of(who)
                beside[key.email].update({key.name} - {""})
        several = {address for address, names in beside.items() if len(self._not_the_owners(address, names)) > 1}
        return several | {address for address, people in self._found.by_address.items() if len(people) > 1}

    def candidates(self, who: Who, shared: set[str]) -> tuple[list[str], str | None]:
        """Whom a row may mean, and why it must be asked; None if it need not be."""
        key = key_of(who)
        if key.email and key.email not in shared:
            owner = self._found.owner(key.email)
            if owner and is_other(owner[1], who.name):
                why = f"the e-mail is that of {owner[0]}, whose name is clearly different"
                return [owner[0], *self._of_name(key)], why
            if owner:
                return [owner[0]], None
        people_of_name = self._of_name(key)
        if len(people_of_name) == 1:
            return people_of_name, None
        where = " in that unit" if key.unit else ""
        if people_of_name:
            return people_of_name, f"{len(people_of_name)} people{where} have that name"
        if not key.name:
            return [], "the e-mail is shared" if key.email in shared else "nobody on record has that e-mail"
        nor_address = " or e-mail" if key.email and key.email not in shared else ""
        return [], f"nobody on record{where} has that name{nor_address}"

    def is_own(self, email: str | None, employee_id: str, shared: set[str]) -> bool:
        """Whether an address may be kept as a person's own: it is not shared, and nobody else's on record."""
        address = address_key(email or "")
        return address not in shared and employee_id in self._found.by_address.get(address, (employee_id,))

    def _not_the_owners(self, address: str, names: set[str]) -> set[str]:
        """The names but for those that may be of the one who has an address on record."""
        owner = self._found.owner(address)
        return {name for name in names if is_other(owner[1], name)} if owner and owner[1] else names

    def _of_name(self, key: Key) -> list[str]:
        return sorted(self._found.by_name.get((key.unit, key.name), ())) if key.name else []

    def answer(self, question: str) -> str | None:
        """The answer to a question; raises BadInput if it is neither somebody's employee id nor `skip`."""
        said = self._context.settled.answers.get(question)
        if said is None or said.strip().casefold() == SKIP:
            return said and SKIP
        said = said.strip()
        meant = self._settling.now.get(said, said)
        known = meant in self._found.brought or (self._context.reach.theirs([meant]) and self._on_record(meant))
        if not known and said in self._settling.open:
            first = self._settling.open[said]
            raise BadInput(
                f'"{question}" is answered with {said}, and it is open whose that is: answer {first}, too, '
                "or give the id that is meant."
            )
        if not known:
            raise BadInput(
                f'"{said}" is no answer to "{question}": write the employee id of somebody on record, or skip. '
                "Somebody new comes in with a file that has the id."
            )
        return meant

    def _on_record(self, employee_id: str) -> bool:
        found = known_people(self._context.made.connection, [employee_id], self._context.timezone)
        return bool(found.facts)


def _settle(ids: _Ids, tables: Sequence[tuple[Reading, Table]], settling: Settling) -> None:
    """Settles the rows of one file."""
    shared = ids.shared(tables)
    settled: dict[str, str | None] = {}
    for reading, table in tables:
        employee_ids: dict[int, str] = {}
        for row, who in (table.who or {}).items():
            identity = ":".join(" ".join(part.split()) for part in (who.email, who.name, who.unit) if part)
            if identity not in settled:
                settled[identity] = _whose(ids, reading, row, who, identity, shared)
            employee_id = settled[identity]
            if employee_id == SKIP:
                settling.skipped[id(table)].append(row)
            elif employee_id:
                employee_ids[row] = employee_id
        _give(table, employee_ids, lambda email, employee_id: ids.is_own(email, employee_id, shared))


def _whose(ids: _Ids, reading: Reading, row: int, who: Who, identity: str, shared: set[str]) -> str | None:
    """The employee id that a row means, or `skip`; None if that is open, and has to be asked."""
    answer = ids.answer(f"who:{identity}")
    if answer is not None:
        return answer
    people, why = ids.candidates(who, shared)
    if why is None:
        return people[0]
    ids.open.append(Open(reading, row, who.name, identity, people, why))
    return None


def _give(table: Table, employee_ids: Mapping[int, str], is_own: Callable[[str | None, str], bool]) -> None:
    """Puts the ids to the rows of a sheet. An address that is not a person's own is not kept as one."""
    rows = cast("list[Any]", table.rows)
    table.rows = [row._replace(employee_id=employee_ids.get(row.row, "")) for row in rows]
    if table.kind == "roster":
        people = cast("list[RosterRow]", table.rows)
        table.rows = [row if is_own(row.email, row.employee_id) else row._replace(email=None) for row in people]
    table.cards = [card._replace(employee_id=employee_ids.get(card.row, "")) for card in table.cards]
    table.booked = [one._replace(employee_id=employee_ids.get(one.row, "")) for one in table.booked]
