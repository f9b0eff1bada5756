"""Tables of counts, laid out. A column that is nought throughout is left out, and a sentence says so."""

from typing import NamedTuple

from tracker.domain.standing import COUNTED, OUT_OF_COMPLIANCE, Standing
from tracker.reports.document import Cell, Column, Row, Run, Terms, Value, Words, said
from tracker.reports.front import listed, number
from tracker.reports.tally import Tally
from tracker.reports.words import WORDS


class Shown(NamedTuple):
    """The standings that have a column; those that are nought throughout have none."""

    counted: list[Standing]
    beside: list[Standing]
    left_out: list[Standing]

    @property
    def all(self) -> list[Standing]:
        """In the order of the columns."""
        return [*self.counted, *self.beside]


def shown_of(total: Tally) -> Shown:
    """The columns that the counts of a scope need."""
    found = [standing for standing in WORDS if total.standings[standing]]
    return Shown(
        [standing for standing in found if standing in COUNTED],
        [standing for standing in found if standing not in COUNTED],
        [standing for standing in WORDS if standing not in found],
    )


def columns(first: str, shown: Shown, target: float) -> list[Column]:
    """The columns of a table of counts; `target` is in per cent."""
    return [
        Column(first, share=3),
        *(Column(title, "count", "people") for title in ("all", "counted", "compliant")),
        *(Column(WORDS[each][0], "count", "in the rate") for each in shown.counted),
        *(Column(WORDS[each][0], "count", "not counted") for each in shown.beside),
        Column("rate", "percent"),
        Column(f"target {number(target)}\N{NO-BREAK SPACE}%", "word"),
    ]


def row(name: Cell | str, tally: Tally, shown: Shown, target: float, level: str = "plain") -> Row:
    """The row of a unit, a requirement or a sum."""
    figures: list[Value | Cell] = [tally.people, tally.counted, tally.compliant]
    figures += [tally.standings[each] for each in shown.all]
    if tally.percent is None:
        rate: list[Value | Cell] = [None, Cell("nobody counts", "quiet")]
    else:
        rate = [tally.percent, Cell("met", "good") if tally.meets(target) else Cell("below", "bad")]
    cells = [name, *(Cell(each, "quiet") if each == 0 else each for each in figures), *rate]
    return Row(tuple(cells), "sum" if level == "sum" else "within" if level == "within" else "plain")


def left_out(shown: Shown) -> list[Words]:
    """Which columns there are not, as a sentence."""
    if not shown.left_out:
        return []
    names = listed(WORDS[each][0] for each in shown.left_out)
    return [Words([Run(f"Left out, as nought throughout: {names}.", "quiet")])]


def rate_explained(shown: Shown) -> list[Words | Terms]:
    """What the columns mean."""
    words = said(
        "The ",
        Run("rate", "strong"),
        " is what is current among what counts: current, in grace and out of compliance, one for each person and "
        "requirement. Rates are not rounded up. A person is ",
        Run("counted", "strong"),
        " who has at least one such standing, and ",
        Run("compliant", "strong"),
        " if none is out of compliance.",
    )
    terms = [
        (WORDS[each][0], WORDS[each][1] + (" (out of compliance)" if each in OUT_OF_COMPLIANCE else ""))
        for each in shown.all
    ]
    return [Words(words), Terms(terms)]
