"""The columns of a sheet of which the program writes nothing down anywhere, a copy of rejected rows included."""

from collections.abc import Iterable

from tracker.intake.below import Below
from tracker.intake.cpr import cpr_part
from tracker.intake.grid import Sheet
from tracker.intake.header import Header
from tracker.intake.layout import Layout
from tracker.intake.rows import Kind
from tracker.intake.text import is_sensitive, squash, words
from tracker.intake.vocabulary import Vocabulary

_HEALTH = frozenset(
    "icd icd10 illness disease medical health condition pregnant pregnancy maternity injury injured surgery".split()
)
_HEALTH_PARTS = ("diagnos", "disabilit", "disabled", "sickness", "sickleave", "medicalleave", "krank")
_REASON_PARTS = ("reason", "whyaway", "whyabsent", "causeofabsence", "abwesenheitsgrund")
_LEAVE = frozenset("leave leaves loa fmla absence absences absent sick grund motif motivo raison".split())
_OURS = frozenset({"reason", "rejected because"})


def never_kept(layout: Layout) -> list[int]:
    """List the columns of birth dates, national numbers, passwords, health, reasons, and what an export never gives.

    In a list of absences, or what may be one, it is whatever is not known to be something else and holds no days: the
    reason for a leave has many names.
    """
    header, used = layout.header, {*layout.columns.positions.values(), *layout.columns.unclear}
    never = layout.profile.never if layout.profile else frozenset[str]()
    return _found(layout.sheet, header, layout.vocabulary, layout.kind, used, never)


def never_kept_below(sheet: Sheet, header: Header, vocabulary: Vocabulary) -> list[int]:
    """List the same of a sheet of which no more is understood than where its header is."""
    return _found(sheet, header, vocabulary, None, (), frozenset())


def _found(
    sheet: Sheet,
    header: Header,
    vocabulary: Vocabulary,
    kind: Kind | None,
    used: Iterable[int],
    never: frozenset[str],
) -> list[int]:
    below = Below(sheet, header)
    rest = {at: text for at, text in enumerate(header.labels) if text and at not in {*used}}
    ours = _our_reasons(header, below) if kind not in ("absences", None) else None

    def private(at: int, text: str) -> bool:
        if is_sensitive(text) or squash(text) in never or _of_health_or_reasons(text):
            return True
        if cpr_part(text) is not None and below.national_numbers(at):
            return True
        known = vocabulary.meaning(text, "roster") or vocabulary.meaning(text, "absences")
        if known or below.fits(at, "from"):
            return False
        return kind in ("absences", None) or not _LEAVE.isdisjoint(words(text))

    return [at for at, text in rest.items() if at != ours and private(at, text)]


def _of_health_or_reasons(text: str) -> bool:
    whole = squash(text)
    return not _HEALTH.isdisjoint(words(text)) or any(part in whole for part in (*_HEALTH_PARTS, *_REASON_PARTS))


def _our_reasons(header: Header, below: Below) -> int | None:
    """Give the last column if it is that of a copy of rejected rows: our own sentences tell nothing of anybody."""
    last = max((at for at, text in enumerate(header.labels) if text), default=None)
    if last is None or header.labels[last] not in _OURS:
        return None
    return last if below.mostly(last, lambda text: text.rstrip().endswith(".")) else None
