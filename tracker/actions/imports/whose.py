"""Whose the rows are: settled before anything is recorded, so that all that follows sees the ids of today.

1. Ids that somebody had before, ids that differ in their zeros from one on record, and newcomers with the name and the
   unit or e-mail of somebody on record: answered, or asked.
2. The rows go under the ids that are meant.
3. Rows without ids get those of the people they mean; an answer may name any id that a row may.
"""

from collections.abc import Sequence

from tracker.actions.imports.context import Context
from tracker.actions.imports.former import settle_former
from tracker.actions.imports.naming import NamedIds, Settling, under_ids
from tracker.actions.imports.slips import settle_slips
from tracker.actions.imports.who import settle_who
from tracker.actions.imports.zeros import settle_zeros
from tracker.db.tables import people
from tracker.intake.rows import Reading


def settle_whose(context: Context, readings: Sequence[Reading], settling: Settling) -> None:
    """Puts every row under the id of the person it means, as far as that is known; says what is open.

    Files with ids cost three statements that look at indexes, and a first roster none.
    """
    if context.made.next_id(people) > 1:
        named = NamedIds(context, readings)
        former = settle_former(context, named, settling)
        zeros = settle_zeros(context, named, former, settling)
        settle_slips(context, readings, named, former | zeros, settling)
        under_ids(readings, settling.now)
    settle_who(context, readings, settling)
