"""Says what kind of sheet one is, from the fields that it has."""

from collections.abc import Iterable, Mapping

from tracker.intake.columns import Claim, claims, surely
from tracker.intake.rows import Kind, Options, Question, answered
from tracker.intake.synonyms import KINDS, STRONG
from tracker.intake.vocabulary import Vocabulary

_NEEDED: dict[Kind, tuple[frozenset[str], ...]] = {
    "roster": (frozenset({"employee_id"}), frozenset({"unit"})),
    "cards": (
        frozenset({"employee_id"}),
        frozenset({"type"}),
        frozenset({"issued_on", "expires_on"}),
    ),
    "absences": (frozenset({"employee_id"}), frozenset({"from"})),
    "exemptions": (
        frozenset({"employee_id"}),
        frozenset({"requirement"}),
        frozenset({"from"}),
        frozenset({"until"}),
    ),
    "units": (frozenset({"unit"}),),
}
"""Of each set, a sheet of the kind must have one."""


def possible_kinds(labels: list[str], vocabulary: Vocabulary, wide: bool, of_one_type: bool) -> list[Kind]:
    """List the kinds that a sheet may be. `wide`: it has columns of cards; `of_one_type`: its name says their type.

    A start and an end with a person may be a leave or a job: only words for one of them decide.
    """
    found: dict[Kind, dict[str, list[Claim]]] = {k: claims(labels, k, vocabulary) for k in KINDS}
    if of_one_type:
        found["cards"].setdefault("type", [])
    fits = {kind for kind in KINDS if not missing(kind, found[kind], wide)}
    if "employee_id" in found["roster"] or found["units"].keys() <= {"unit"}:
        fits.discard("units")
    if says_who(found["roster"]) and fits <= {"units"}:
        # Nobody's id, but an e-mail or a name to find people by.
        return _without_ids(found, wide, fits)
    if "requirement" in found["exemptions"]:
        return ["exemptions"] if "exemptions" in fits else []
    if "absences" in fits and not surely(found["absences"], "from", STRONG):
        # "Start Date" alone: of the job wherever the sheet says anything else of one.
        fits.discard("absences")
        if not fits:
            return ["absences", "roster"]
    if "cards" in fits and not wide:
        return ["cards"]
    return [kind for kind in KINDS if kind in fits]


def says_who(roster: Iterable[str]) -> bool:
    """Say whether a sheet with these fields of a roster names people otherwise than by an employee id."""
    have = set(roster)
    return "employee_id" not in have and not have.isdisjoint({"email", "name", "last_name"})


def _without_ids(found: Mapping[Kind, Mapping[str, list[Claim]]], wide: bool, units: set[Kind]) -> list[Kind]:
    """List the kinds that a sheet may be in which people have no ids. `units`: whether it could be one of units."""
    fits = {kind for kind in KINDS if missing(kind, found[kind], wide) == ["employee_id"]}
    if units and not _speaks_of_people(found):
        return ["units"]
    if units and not found["units"].keys() <= {"unit", "managers"}:
        return ["roster", "units"] if "roster" in fits else ["units"]
    for chosen in ("exemptions", "cards"):
        if chosen in fits:
            return [chosen]
    if "absences" in fits and not surely(dict(found["absences"]), "from", STRONG) and "roster" in fits:
        return ["absences", "roster"]
    return [kind for kind in KINDS if kind in fits]


def _speaks_of_people(found: Mapping[Kind, Mapping[str, list[Claim]]]) -> bool:
    """Say whether a sheet that could list units has a column that only people have; units have addresses, too."""
    return not {"name", "last_name", "role", "employment_type", "starts_on"}.isdisjoint(found["roster"])


def missing(kind: Kind, fields: Iterable[str], wide: bool) -> list[str]:
    """Name what a sheet lacks to be of a kind; of alternatives, the first is named."""
    have = set(fields)
    lacking = [max(group) for group in _NEEDED[kind] if not group & have]
    return [name for name in lacking if not (name == "unit" and kind == "roster" and wide)]


def nearest_kind(fields: Mapping[Kind, set[str]], wide: bool) -> Kind:
    """Guess what a sheet that is of no kind was meant to be, to say what it lacks."""
    if "requirement" in fields["exemptions"]:
        return "exemptions"
    lacking = {kind: len(missing(kind, fields[kind], wide)) for kind in KINDS}
    return min((kind for kind in KINDS if lacking[kind]), key=lambda kind: lacking[kind] - len(fields[kind]))


def which_kind(sheet: str | None, choices: list[Kind]) -> Question:
    """Ask what kind of sheet one is."""
    where = f'Sheet "{sheet}"' if sheet else "This file"
    listed = " or ".join(choices)
    return Question(
        id=kind_question_id(sheet),
        kind="kind",
        text=f"{where} could be {listed}: which is it?",
        choices=tuple(choices),
        option="--kind",
    )


def kind_question_id(sheet: str | None) -> str:
    """Name the question about a sheet's kind in an answers file."""
    return f"kind:{sheet}" if sheet else "kind"


def said_kind(sheet: str | None, options: Options) -> Kind | None:
    """Give the kind that a person named for a sheet."""
    answer = answered(options.answers, kind_question_id(sheet), KINDS)
    return options.kind or next((kind for kind in KINDS if kind == answer), None)
