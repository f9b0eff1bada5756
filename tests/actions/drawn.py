"""Random rows of a few people, places and days that meet, or nearly do, and what may be settled about them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from actions.ward import TODAY, away, card, excused, post, unit

PEOPLE = ("004512", "4512", "E-3", "E-4")
UNITS = ("ICU", "ED", "Ward 3")
ROLES = ("RN", "MD", "Clerk", "Registered Nurse")
REQUIREMENTS = ("bls", "acls", "acute", "unheard-of")
# Ends, starts and days beside them, around the day on which the machine begins.
DAYS = sorted(
    date.fromisoformat(text) + timedelta(days=nudge)
    for text in ("2024-02-29", "2025-03-31", "2025-06-15", "2025-12-31")
    for nudge in (-1, 0, 1, 2)
)


def one_of(*choices: Any) -> st.SearchStrategy[Any]:
    """One of a few."""
    return st.sampled_from(choices)


def texts(*choices: str | None) -> dict[str, st.SearchStrategy[Any]]:
    """Days as texts, under these names; now and then none, or always some."""
    some = st.sampled_from([each.isoformat() for each in DAYS])
    return {name.rstrip("?"): st.none() | some if name.endswith("?") else some for name in choices if name}


def ordered(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Puts two days in order, as a reader refuses rows that end before they start."""

    def put(drawn: dict[str, Any]) -> dict[str, Any]:
        given = [drawn[name] for name in names]
        return drawn | dict(zip(names, sorted(given), strict=True)) if None not in given else drawn

    return put


def made(make: Callable[..., Any], days: tuple[str, str], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Rows of one kind that hold from one day to another, of anybody if not said otherwise."""
    drawn = st.fixed_dictionaries({"employee_id": one_of(*PEOPLE), **texts(*days), **fields})
    names = [name.rstrip("?") for name in days]
    return drawn.map(ordered(*names)).map(lambda values: make(**values))


POSTS = made(
    post,
    ("starts?", "ends?"),
    unit=one_of(*UNITS, "icu "),
    role=one_of(*ROLES),
    employment_type=one_of(None, None, "employee", "agency"),
    name=one_of(None, "Ann Lee", "Ann M. Lee", "Lee, Ann", "Bo Field"),
    email=one_of(None, "ann@example.org"),
    manager_email=one_of(None, "boss@example.org", "chief@example.org"),
)
AWAY = made(away, ("starts", "until?"))
EXCUSED = made(
    excused, ("starts", "until"), requirement=one_of(*REQUIREMENTS), approver=one_of(None, "Dr. Who", "Dr. No")
)
# Few enough that cards of one person are alike, or nearly: the same number, the same last valid day by some rule.
CARDS = st.builds(
    card,
    employee_id=one_of("004512", "004512", "4512"),
    type=one_of("BLS", "BLS", "BLS", "ACLS", "ALS", "TNCC"),
    issuer=one_of(None, "AHA", "AHA", "RCUK", "Acme CPR"),
    issued=one_of(None, "2024-06-15", "2024-06-15", "2024-06-16", "2025-06-30"),
    stated=one_of(None, None, "2026-06", "2026-06-30", "2026-06-15", "2027-06"),
    number=one_of(None, None, "77", "78"),
    verified_on=one_of(None, None, TODAY, TODAY + timedelta(days=1)),
)
ONE_PERSONS_CARDS = st.builds(
    card,
    employee_id=st.just("004512"),
    issuer=one_of(None, "AHA", "AHA", "RCUK"),
    issued=one_of(None, "2024-06-15", "2024-06-16"),
    stated=one_of(None, None, "2026-06", "2026-06-30", "2026-06-15", "2026-06-16"),
    number=one_of(None, None, "77", "78"),
)
ONE_PERSONS_POSTS = made(
    post,
    ("starts?", "ends?"),
    employee_id=st.just("004512"),
    unit=one_of("ICU", "ICU", "ED"),
    role=one_of("RN", "Registered Nurse", None),
    employment_type=one_of(None, "employee", "agency"),
)
PLACES = st.builds(
    unit,
    name=one_of(*UNITS, "icu "),
    facility=one_of(None, "North", "South"),
    managers=one_of(None, "boss@example.org"),
    director=one_of(None, "dean@example.org"),
)


class Answers(dict[str, str]):
    """Answers to every question of a kind."""

    def get(self, question: str, default: Any = None) -> Any:
        """The answer to the kind, which the question's id begins with."""
        return super().get(question.partition(":")[0], default)


SETTLED = st.fixed_dictionaries(
    {
        "other_unit": one_of(None, "moved", "also"),
        "answers": st.fixed_dictionaries(
            {
                "ended": one_of("ended", "open"),
                "future": one_of("accept", "reject"),
                "former": one_of("same", "same", "new"),
                "zeros": one_of("new", "new", "004512", "4512"),
            }
        ).map(Answers)
        | st.just(Answers()),
        "whole_roster": one_of(False, False, True),
        "allow_leavers": one_of(99, 99, None),
    }
)
