"""Whom a text means: an employee id, or a name if only one person has it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from tracker.db.connect import Connection
from tracker.db.contacts import with_names
from tracker.db.former import former_ids
from tracker.db.names import are_ids, called_so, name_words
from tracker.db.standings import posts_on
from tracker.domain.errors import BadInput, renamed_person
from tracker.domain.scope import EVERYONE, Scope
from tracker.intake.near_names import NearNames

# Texts that mean nobody for which near names are looked up, a twentieth of a second each among 100,000 people.
_SOUGHT = 20


def find_people(connection: Connection, texts: Sequence[str], known: int | None = None) -> tuple[str, ...]:
    """The employee ids, each once, of whom some texts mean now, or at a change.

    Raises BadInput where one means several people, saying which, or nobody, saying who has a name that is near.
    """
    wanted = list(dict.fromkeys(texts))
    matches = _matches(connection, wanted, known)
    nobody = [text for text, some in matches.items() if not some]
    problems = [*_several(matches), *([str(_unknown(connection, nobody))] if nobody else [])]
    if problems:
        raise BadInput(" ".join(problems))
    return tuple(dict.fromkeys(some[0] for some in matches.values()))


def find_within(
    connection: Connection, scope: Scope, texts: Sequence[str], day: date, known: int | None = None
) -> tuple[str, ...]:
    """The same among those whom a scope covers on a day, saying nothing of anybody else."""
    if scope == EVERYONE:
        return find_people(connection, texts, known)
    posts = posts_on(connection, scope, day, known)
    ids = {one.employee_id for one in posts}
    called: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for one in posts:
        if one.name:
            called[name_words(one.name)].add(one.employee_id)
    matches = {text: [text] if text in ids else sorted(called[name_words(text)]) for text in texts}
    nobody = ", ".join(f"'{text}'" for text, some in matches.items() if not some)
    problems = _several(matches)
    if nobody:
        exactly = "ids are compared exactly (004512 is not 4512)"
        problems.append(f"Nobody in your units is known by the employee id or name {nobody}; {exactly}.")
    if problems:
        raise BadInput(" ".join(problems))
    return tuple(dict.fromkeys(some[0] for some in matches.values()))


def _several(matches: Mapping[str, Sequence[str]]) -> list[str]:
    """A sentence about the texts that mean several people, if any do."""
    told = [f"'{text}' is the name of {' and '.join(some)}" for text, some in matches.items() if len(some) > 1]
    return [f"{'; '.join(told)}: give the ids instead."] if told else []


def _matches(connection: Connection, wanted: Sequence[str], known: int | None) -> Mapping[str, list[str]]:
    # Asked about the past, an id of today means who has it now, if nobody had it then.
    ids = are_ids(connection, wanted) | (are_ids(connection, wanted, known) if known is not None else set())
    names = [text for text in wanted if text not in ids]
    by_name = called_so(connection, names, known) if names else {}
    return {text: [text] if text in ids else by_name[text] for text in wanted}


def _unknown(connection: Connection, nobody: Sequence[str]) -> BadInput:
    former = former_ids(connection, nobody)
    for text in nobody:
        if text in former:
            return renamed_person(text, former[text].employee_id)
    names = {one.employee_id: one.name for one in with_names(connection) if one.name}
    near = NearNames(names.items())
    told = [_told(text, near.of(text) if at < _SOUGHT else [], names) for at, text in enumerate(nobody)]
    # Only a number can lack zeros.
    exactly = any(char.isdigit() for text in nobody for char in text)
    hint = "ids are compared exactly (004512 is not 4512)" if exactly else "write a name as it is on record"
    return BadInput(f"Nobody is known by the employee id or name {', '.join(told)}; {hint}.")


def _told(text: str, near: Sequence[str], names: Mapping[str, str]) -> str:
    listed = ", ".join(f"{names[employee_id]} ({employee_id})" for employee_id in near)
    return f"'{text}', near {'is' if len(near) == 1 else 'are'} {listed}" if listed else f"'{text}'"
