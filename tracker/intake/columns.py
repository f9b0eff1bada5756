"""Gives the columns of a sheet their fields, and asks where a column could be two things."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.intake.below import DATED, Below
from tracker.intake.cpr import cpr_choices, cpr_part
from tracker.intake.rows import Kind, Options, Question, answered
from tracker.intake.synonyms import NAME_PARTS, SAID, WEAK, WHO
from tracker.intake.text import is_sensitive
from tracker.intake.vocabulary import IGNORE, Vocabulary


class Claim(NamedTuple):
    """One column that means a field, and how surely."""

    position: int
    sureness: int


@dataclass(slots=True)
class Columns:
    """Which field stands where.

    `unclear` are columns of dates that a question is open about. `na_is_unit`: "NA" is what a unit is called.
    """

    positions: dict[str, int] = field(default_factory=dict)
    unclear: list[int] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    na_is_unit: bool = False


def claims(labels: list[str], kind: Kind, vocabulary: Vocabulary) -> dict[str, list[Claim]]:
    """Collect, field by field, the columns that mean it in a kind of sheet."""
    found: dict[str, list[Claim]] = {}
    for position, label in enumerate(labels):
        meaning = vocabulary.meaning(label, kind) if label else None
        if meaning and meaning[0] != IGNORE:
            found.setdefault(meaning[0], []).append(Claim(position, meaning[1]))
    return found


def unclear_types(labels: list[str], vocabulary: Vocabulary, below: Below) -> dict[int, Question]:
    """Ask about columns of dates that name a type of card without saying what of it, or could name one."""
    found = {}
    for position, label in enumerate(labels):
        if not label or is_sensitive(label) or vocabulary.said(label) or vocabulary.meaning(label, "roster"):
            continue
        type_id = vocabulary.wide.bare_type(label)
        part = cpr_part(label)
        several = vocabulary.wide.types_in(label) if type_id else []
        if len(several) > 1 and below.dates(position):
            found[position] = _of_which(label, several)
        elif type_id and below.dates(position):
            found[position] = _what_date(label, type_id)
        elif part is not None and below.dates(position) and not below.national_numbers(position):
            found[position] = _which_type(label, cpr_choices(vocabulary.wording, part))
    return found


def settle(
    labels: list[str], kind: Kind, vocabulary: Vocabulary, unclear: dict[int, Question], options: Options, below: Below
) -> Columns:
    """Give every field of a kind at most one column."""
    columns = Columns()
    for name, claimants in claims(labels, kind, vocabulary).items():
        best = max(claim.sureness for claim in claimants)
        choices = [claim.position for claim in claimants if claim.sureness == best]
        if best <= WEAK and all(_is_no_day(kind, name, at, below) for at in choices):
            continue
        # Between equals the cells decide, where some of them cannot be meant.
        choices = [at for at in choices if not below.misfits(at, name)] or choices
        chosen = _chosen(name, choices, labels, options)
        if chosen is None:
            columns.questions.append(_which_column(name, [labels[at] for at in choices]))
        else:
            columns.positions[name] = chosen
    if kind == "roster":
        _one_name(columns.positions)
        columns.unclear = list(unclear)
        columns.questions += unclear.values()
    return columns


def _is_no_day(kind: Kind, name: str, at: int, below: Below) -> bool:
    """Say whether a roster's column has a weak name for a day and no days: "Termination" may hold the reason of it."""
    return kind == "roster" and name in DATED and below.misfits(at, name)


def _one_name(positions: dict[str, int]) -> None:
    """Leave out the parts of a name where it is there as a whole, and a middle name that stands alone."""
    if "name" in positions or positions.keys().isdisjoint({"first_name", "last_name"}):
        for part in NAME_PARTS:
            positions.pop(part, None)


def settle_who(
    columns: Columns, labels: list[str], kind: Kind, vocabulary: Vocabulary, options: Options, below: Below
) -> None:
    """Add the columns that say whom the rows of a list are about, where it has no employee ids."""
    others = [label if vocabulary.meaning(label, kind) is None else "" for label in labels]
    found = settle(others, "roster", vocabulary, {}, options, below)
    wanted = (*WHO, *NAME_PARTS)
    columns.positions |= {name: at for name, at in found.positions.items() if name in wanted}
    asked = {f"field:{name}" for name in wanted}
    columns.questions += [question for question in found.questions if question.id in asked]


def settle_name(
    columns: Columns, labels: list[str], kind: Kind, vocabulary: Vocabulary, options: Options, below: Below
) -> None:
    """Add the columns of the name that a list has beside the employee id, where they are sure.

    They only serve to see that the id is that person's, so nothing is asked.
    """
    others = [label if vocabulary.meaning(label, kind) is None else "" for label in labels]
    found = settle(others, "roster", vocabulary, {}, options, below).positions
    if "name" not in found and not {"first_name", "last_name"} <= found.keys():
        return
    names = {name: at for name, at in found.items() if name in ("name", *NAME_PARTS)}
    if not any(below.misfits(at, name) for name, at in names.items()):
        columns.positions |= names


def _chosen(name: str, choices: list[int], labels: list[str], options: Options) -> int | None:
    if len(choices) == 1:
        return choices[0]
    answer = answered(options.answers, f"field:{name}", tuple(labels[at] for at in choices))
    return next((at for at in choices if labels[at] == answer), None)


def _which_column(name: str, headers: list[str]) -> Question:
    listed = " and ".join(f'"{header}"' for header in headers)
    return Question(
        id=f"field:{name}",
        kind="column",
        text=f"The columns {listed} could all be {name}: which one is it?",
        choices=tuple(headers),
        option=f"--map '{headers[0]}={name}'",
    )


def _what_date(header: str, type_id: str) -> Question:
    return _what_is(
        header,
        (f"{type_id}.expires_on", f"{type_id}.issued_on"),
        f'Column "{header}" holds dates: do the cards expire on them, or were they issued on them?',
    )


def _of_which(header: str, types: Sequence[str]) -> Question:
    return _what_is(
        header,
        tuple(f"{type_id}.{part}" for part in ("expires_on", "issued_on") for type_id in types),
        f'Column "{header}" holds dates and names {" and ".join(types)}: of which type are they, and do the cards '
        "expire on them, or were they issued on them? It is read for one type only; give each type its own column.",
    )


def _which_type(header: str, choices: tuple[str, ...]) -> Question:
    return _what_is(
        header,
        choices,
        f'Column "{header}" holds dates, which may be of cards: of which type, and do they expire on them, '
        "or were they issued on them?",
    )


def which_field(header: str, choices: tuple[str, ...]) -> Question:
    """Ask what a misspelt header means."""
    return _what_is(header, choices, f'"{header}" is no header that is known, but close to several: which field is it?')


def _what_is(header: str, choices: tuple[str, ...], asked: str) -> Question:
    """Ask what one column is; any column may be left out instead."""
    choices = (*choices, IGNORE)
    return Question(
        id=f"column:{header}",
        kind="column",
        text=f'{asked} To leave the column out, map it to "{IGNORE}".',
        choices=choices,
        option=f"--map '{header}={choices[0]}'",
    )


def surely(found: dict[str, list[Claim]], name: str, at_least: int = SAID) -> bool:
    """Say whether some column means a field at least so surely."""
    return any(claim.sureness >= at_least for claim in found.get(name, []))
