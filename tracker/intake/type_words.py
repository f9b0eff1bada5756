"""Types of card in somebody else's words: "AHA BLS Provider eCard" is asked about, and an answer settles it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tracker.intake.rows import Options, Question, Table, Wording, answered
from tracker.intake.text import words

NONE = "none"
"""The answer that leaves the rows out."""

_SHOWN = 10


class TypeWords:
    """Knows which types a text mentions, and what was answered about it.

    Args:
        wording: what the site's policy calls its types.
        options: with a person's answers, by question, and with those remembered of other imports.
    """

    def __init__(self, wording: Wording, options: Options) -> None:
        self._ids = tuple(dict.fromkeys(wording.types.values()))
        self._names = [(words(name), type_id) for name, type_id in wording.types.items() if words(name)]
        self._answers, self._remembered = options.answers, options.types
        self._choices = (*self._ids, NONE)

    def questions(self, values: Iterable[str], names: Collection[str] = ()) -> list[Question]:
        """Ask about what is no type but mentions one, each text once.

        Args:
            values: the types of rows, with repeats.
            names: of sheets or files, which stand for the type of their rows.
        """
        counts = Counter(values)
        open_ = {
            text: n for text, n in counts.items() if text not in self._ids and self._answer(text, text in names) is None
        }
        return [self._ask(text, rows, text in names) for text, rows in open_.items() if self.mentioned(text)]

    def mentioned(self, text: str) -> list[str]:
        """List the types that a text names among other words: the id or the title, as whole words."""
        said = words(text)
        return list(dict.fromkeys(type_id for name, type_id in self._names if _within(name, said)))

    def settle(self, table: Table, known_only: bool, one_type: str | None = None) -> list[str]:
        """Give a list's cards the types that were answered, leave out what is no card, and say so.

        Args:
            table: of cards, about whose types nothing is open.
            known_only: a text that no type of the policy answers to is left out; otherwise it stays as it is.
            one_type: what the list is called, if that stands for the type of its rows. It is not to be remembered, as
                the next list of that name may be of another type.
        """
        rows: list[Any] = table.rows
        others = {row.type for row in rows} - {*self._ids}
        if not others:
            return []
        meant = {text: self._answer(text, text == one_type) for text in others}
        table.types = self._settled(others - {one_type})
        unknown = [row for row in rows if known_only and row.type in others and meant[row.type] is None]
        refused = [row for row in rows if meant.get(row.type) == NONE]
        notes = [_left_out("as no type of the policy", unknown), *self._refused(refused)]
        gone = {row.row for row in (*unknown, *refused)}
        if gone or any(meant.values()):
            rows[:] = [row._replace(type=meant.get(row.type) or row.type) for row in rows if row.row not in gone]
        if table.who:
            for row in gone:
                table.who.pop(row, None)
        return [*self._renamed(meant), *filter(None, notes)]

    def _answer(self, text: str, name: bool) -> str | None:
        """Give what a text is by what was said now, else of cells before, unless the policy has lost that type.

        Args:
            text: of a cell, or what a list is called.
            name: it is the latter, of which nothing holds beyond this import.
        """
        before = None if name else self._remembered.get(_words(text))
        return self.said(text) or (before.type if before and before.type in self._choices else None)

    def said(self, text: str) -> str | None:
        """Give what was said now of a text; None if nothing was."""
        return answered(self._answers, type_question(text), self._choices)

    def _settled(self, texts: Iterable[str]) -> dict[str, str]:
        """Give the texts that were answered now, by their words; not those of the same words with two answers."""
        found: dict[str, set[str]] = {}
        for text in texts:
            if said := self.said(text):
                found.setdefault(_words(text), set()).add(said)
        return {text: said.pop() for text, said in sorted(found.items()) if len(said) == 1}

    def _since(self, text: str) -> str:
        """Say that a text was answered, and when, if that was before."""
        before = None if self.said(text) else self._remembered.get(_words(text))
        return f"as was answered on {before.confirmed_on}" if before else "as was answered"

    def _refused(self, rows: list[Any]) -> Iterable[str | None]:
        """Show what is left out because somebody said so."""
        since = {text: self._since(text) for text in dict.fromkeys(row.type for row in rows)}
        return [_left_out(why, [row for row in rows if since[row.type] == why]) for why in sorted({*since.values()})]

    def _renamed(self, meant: Mapping[str, str | None]) -> Iterable[str]:
        """Show what the answers made of the texts."""
        for text, type_id in sorted(meant.items()):
            if type_id not in (None, NONE):
                yield f'"{text}" is {type_id}, {self._since(text)}.'

    def _ask(self, text: str, rows: int, name: bool) -> Question:
        mentioned = " and ".join(self.mentioned(text))
        many = f"{rows} {'row' if rows == 1 else 'rows'}"
        asked = (
            f'A list of cards ({many}) has no column for the type, and its name, "{text}", mentions {mentioned}: '
            "of which type are they?"
            if name
            else f'"{text}" ({many}) is no type of the policy, but mentions {mentioned}: which type of card is it?'
        )
        return Question(
            id=type_question(text),
            kind="type",
            text=f'{asked} "{NONE}" leaves {"them" if name else "it"} out.',
            choices=self._choices,
            option="--answers",
        )


def type_question(text: str) -> str:
    """Name the question about a type in other words in an answers file."""
    return f"type:{' '.join(text.split())}"


def _words(text: str) -> str:
    """Give what is remembered of a text: its words, not the cell as it stands, so that case and signs do not count."""
    return " ".join(words(text))


def _within(name: list[str], said: list[str]) -> bool:
    return any(said[at : at + len(name)] == name for at in range(len(said) - len(name) + 1))


def _left_out(why: str, rows: list[Any]) -> str | None:
    if not rows:
        return None
    texts = list(dict.fromkeys(row.type for row in rows))
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    many = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    return f"Left out, {why} ({many}): {', '.join(texts[:_SHOWN])}{more}."
