"""The columns of a sheet of which the program writes nothing down anywhere, a copy of rejected rows included."""

from collections.abc import Iterator

from tracker.intake.below import Below
from tracker.intake.cpr import cpr_part
from tracker.intake.layout import Layout
from tracker.intake.text import is_sensitive, squash, words

_HEALTH = frozenset("diagnosis diagnoses icd icd10 illness disease medical disability sickness".split())


def never_kept(layout: Layout) -> list[int]:
    """List the columns of birth dates, national numbers, passwords, diagnoses, and what a known export never gives.

    In a list of absences it is whatever is not known to be something else: the reason for a leave has many names.
    """
    return list(_found(layout, Below(layout.sheet, layout.header)))


def _found(layout: Layout, below: Below) -> Iterator[int]:
    used = {*layout.columns.positions.values(), *layout.columns.unclear}
    never = layout.profile.never if layout.profile else frozenset[str]()
    for at, label in enumerate(layout.header.labels):
        if not label or at in used:
            continue
        private = is_sensitive(label) or squash(label) in never or not _HEALTH.isdisjoint(words(label))
        national = cpr_part(label) is not None and below.national_numbers(at)
        known = layout.vocabulary.meaning(label, "roster") or layout.vocabulary.meaning(label, "absences")
        reason = layout.kind == "absences" and not (known or below.dates(at))
        if private or national or reason:
            yield at
