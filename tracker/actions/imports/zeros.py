"""Employee ids that nobody has, but that somebody has with more zeros in front, or fewer: 4512 may be 004512.

A spreadsheet took the zeros off, in this file or in the one that brought the person. It is asked. Looked up before
anything is recorded, so that ids that only come with the files are nobody's yet.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from tracker.actions.imports.context import Context
from tracker.actions.imports.naming import Named, Settling
from tracker.db.zeros import names_of, padded_lengths, plain_lengths
from tracker.domain.names import may_be_one_person
from tracker.intake.rows import Reading

NEW = "new"


def settle_zeros(context: Context, named: Named, former: set[str], settling: Settling) -> None:
    """Settles or asks about ids that somebody on record has with more or fewer zeros.

    Whose an id was before, in `former`, is asked in other words.
    """
    on_record = _on_record(context, named, former)
    for employee_id, known in sorted(on_record.items()):
        text = partial(_text, named, employee_id, known)
        answer = named.settle(settling, "zeros", employee_id, (*known, NEW), text)
        if answer and answer != NEW:
            settling.now[employee_id] = answer


def _on_record(context: Context, named: Named, former: set[str]) -> dict[str, dict[str, str | None]]:
    """The ids that nobody has, with those on record that differ in their zeros, and the names there."""
    connection = context.made.connection
    lengths = padded_lengths(connection)
    if any(each.startswith("0") for each in named.ids):
        lengths |= plain_lengths(connection)
    others = {each: found for each in named.ids - former if (found := _otherwise(each, lengths))} if lengths else {}
    if not others:
        return {}
    names = names_of(connection, {*others, *(one for some in others.values() for one in some)})
    known = {each: {one: names[one] for one in some if one in names} for each, some in others.items()}
    return {each: found for each, found in known.items() if found and each not in names}


def _otherwise(employee_id: str, lengths: set[int]) -> Sequence[str]:
    """What an id of digits would be with more zeros, or fewer, in the lengths that ids on record have."""
    if not (employee_id.isascii() and employee_id.isdecimal()):
        return ()
    bare = employee_id.lstrip("0")
    return [bare.zfill(length) for length in sorted(lengths - {len(employee_id)}) if length >= len(bare)]


def _text(named: Named, employee_id: str, known: Mapping[str, str | None], reading: Reading) -> str:
    """The question, which says how far the names agree, and none of them."""
    names = named.names(reading, employee_id)
    listed = ", ".join(f"{each} is ({_agreement(names, name)})" for each, name in known.items())
    as_number = any(employee_id in table.from_numbers for table in reading.tables)
    why = ", and it stands in the file as a number, which cannot begin with zeros" if as_number else ""
    shorter = next((each for each in known if len(each) < len(employee_id)), None)
    mend = (
        f" If the record lacks them, 'tracker person rename-id {shorter} {employee_id}' puts it right for good."
        if shorter
        else ""
    )
    return (
        f"Nobody on record has the employee id {employee_id}, but {listed}{why}. Were zeros lost? Answer with the id "
        f"that is meant, or new if this is somebody else.{mend}"
    )


def _agreement(named: set[str], known: str | None) -> str:
    if not named:
        return "the file gives no name"
    if not known:
        return "without a name on record"
    same = all(may_be_one_person(name, known) for name in named)
    return "the name agrees" if same else "the name on record is clearly different"
