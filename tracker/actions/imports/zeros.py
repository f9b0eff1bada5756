"""Employee ids that nobody has, but of which a spreadsheet program makes them, or made them in an earlier file.

4512 of 004512, 1200000 of 12E05; or 004512 where 4512 is on record. It is asked whose they are. Looked up before
anything is recorded, so that ids that only come with the files are nobody's yet.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from tracker.actions.imports.context import Context
from tracker.actions.imports.naming import NamedIds, Settling
from tracker.db.zeros import names_of, padded_lengths, plain_lengths, powers_of_ten
from tracker.domain.names import may_be_one_person
from tracker.intake.rows import Reading

NEW = "new"


def settle_zeros(context: Context, named: NamedIds, former: set[str], settling: Settling) -> set[str]:
    """Settles or asks about ids that somebody on record has with more or fewer zeros, or as a power of ten.

    Whose an id was before, in `former`, is asked in other words. Returns those ids.
    """
    on_record = _on_record(context, named, former)
    for employee_id, known in sorted(on_record.items()):
        text = partial(_text, named, employee_id, known)
        answer = named.settle(settling, "zeros", employee_id, (*known, NEW), text)
        if answer and answer != NEW:
            settling.now[employee_id] = answer
    return set(on_record)


def _on_record(context: Context, named: NamedIds, former: set[str]) -> dict[str, dict[str, str | None]]:
    """The ids that nobody has, with those on record that a spreadsheet confuses with them, and the names there."""
    connection = context.made.connection
    lengths = padded_lengths(connection)
    if any(each.startswith("0") for each in named.ids):
        lengths |= plain_lengths(connection)
    asked = named.ids - former
    others = {each: found for each in asked if (found := _otherwise(each, lengths))} if lengths else {}
    if any(number.endswith("0") for number in named.numbers):
        powers = powers_of_ten(connection)
        others |= {each: [*others.get(each, ()), *powers[each]] for each in asked & named.numbers & powers.keys()}
    if not others:
        return {}
    names = names_of(connection, {*others, *(one for some in others.values() for one in some)})
    theirs = context.reach.theirs(names)
    known = {each: {one: names[one] for one in some if one in theirs} for each, some in others.items()}
    # An id beside two names is rejected, and not asked about.
    return {
        each: found for each, found in known.items() if found and each not in names and not named.beside_two_names(each)
    }


def _otherwise(employee_id: str, lengths: set[int]) -> Sequence[str]:
    """What an id of digits would be with more zeros, or fewer, in the lengths that ids on record have."""
    if not (employee_id.isascii() and employee_id.isdecimal()):
        return ()
    bare = employee_id.lstrip("0")
    return [bare.zfill(length) for length in sorted(lengths - {len(employee_id)}) if length >= len(bare)]


def _text(named: NamedIds, employee_id: str, known: Mapping[str, str | None], reading: Reading) -> str:
    """The question, which says how far the names agree, and none of them."""
    names = named.names(reading, employee_id)
    listed = ", ".join(f"{each} is ({_agreement(names, name)})" for each, name in known.items())
    why, asked_if, mend = "", "Were zeros lost?", ""
    shorter = next((each for each in known if each.isdecimal() and len(each) < len(employee_id)), None)
    if not all(map(str.isdecimal, known)):
        why = ", of which a spreadsheet program makes that number unless the column is formatted as text"
        asked_if = "Is it that id?"
    elif any(employee_id in table.from_numbers for table in reading.tables):
        why = ", and it stands in the file as a number, which cannot begin with zeros"
    if shorter:
        mend = f" If the record lacks them, 'tracker person rename-id {shorter} {employee_id}' puts it right for good."
    return (
        f"Nobody on record has the employee id {employee_id}, but {listed}{why}. {asked_if} Answer with the id "
        f"that is meant, or new if this is somebody else.{mend}"
    )


def _agreement(named: set[str], known: str | None) -> str:
    if not named:
        return "no name is read beside it"
    if not known:
        return "without a name on record"
    same = all(may_be_one_person(name, known) for name in named)
    return "the name agrees" if same else "the name on record is clearly different"
