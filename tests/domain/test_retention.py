"""What is past keeping: each kind by its own keeping, whatever else has to stay; and all of it at once."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.days import add_months
from tracker.domain.facts import Absence, Assignment, Card, Exemption, PersonFacts
from tracker.domain.policy import Retention
from tracker.domain.policy_text import read_policy
from tracker.domain.retention import past_keeping, without
from tracker.domain.rulebook import Rulebook, Version
from tracker.domain.timeline import Engine

DAYS = st.dates(date(2016, 1, 1), date(2026, 6, 1))
MONTHS = st.sampled_from([None, 1, 6, 12, 24, 60])
TODAY = date(2026, 6, 15)
POLICY = """
name = "plain"
timezone = "UTC"
default_issuer = "AHA"
[types.BLS]
[types.ACLS]
[[issuers]]
id = "AHA"
[[validity]]
months = 24
ends = "same_day"
[[requirements]]
id = "bls"
any_of = ["BLS"]
[[requirements]]
id = "acls"
any_of = ["ACLS"]
[retention]
cards_months = 60
absences_months = 12
"""
ENGINE = Engine(Rulebook([Version(read_policy(POLICY), date(2000, 1, 1))]))


def nurse(*cards: Card, absences: tuple[Absence, ...] = ()) -> PersonFacts:
    """Somebody at work since 2016."""
    work = Assignment(1, "ICU", "RN", None, None, date(2016, 1, 1), None)
    return PersonFacts(1, "4512", None, None, date(2016, 1, 1), (work,), cards, (), absences, ())


def card(number: int, kind: str, year: int, issuer: str = "AHA") -> Card:
    """A card of the first of March."""
    return Card(number, kind, issuer, date(year, 3, 1), None, None)


def test_an_absence_goes_although_an_older_card_has_to_stay() -> None:
    """It is kept for less; days that are kept for the cards are not asked of it."""
    years = [card(number, "BLS", year) for number, year in enumerate((2017, 2022, 2024), 1)]
    away = Absence(7, date(2023, 5, 1), date(2023, 6, 1))
    found = past_keeping(ENGINE, nurse(*years, absences=(away,)), TODAY)
    assert found is not None
    assert ("absences", 7) in found.gone


def test_a_card_goes_although_an_older_one_of_another_type_has_to_stay() -> None:
    """Each card is held to the days that rest on it."""
    bls = [card(1, "BLS", 2017), card(2, "BLS", 2022, "Acme CPR"), card(3, "BLS", 2024, "Acme CPR")]
    acls = [card(number, "ACLS", year) for number, year in enumerate((2018, 2020, 2022), 4)]
    found = past_keeping(ENGINE, nurse(*bls, *acls), TODAY)
    assert found is not None
    assert found.gone == {("cards", 4)}


@st.composite
def people(draw: st.DrawFn) -> PersonFacts:
    """Somebody with cards of two types, absences and exemptions over ten years."""

    def spans() -> list[tuple[date, date]]:
        drawn = draw(st.lists(st.tuples(DAYS, st.sampled_from([0, 1, 3, 14])), max_size=3))
        return [(first, add_months(first, months)) for first, months in drawn]

    kinds, issuers = st.sampled_from(["BLS", "BLS", "ACLS"]), st.sampled_from(["AHA", "AHA", "AHA", "Acme CPR"])
    held = draw(st.lists(st.tuples(kinds, issuers, DAYS), max_size=8))
    cards = [Card(number, kind, issuer, day, None, None) for number, (kind, issuer, day) in enumerate(held, 1)]
    exempt = [Exemption(number, "bls", *span, None, None) for number, span in enumerate(spans(), 1)]
    away = [Absence(number, *span) for number, span in enumerate(spans(), 1)]
    return nurse(*cards, absences=tuple(away))._replace(exemptions=tuple(exempt))


@given(people(), st.builds(Retention, cards_months=MONTHS, absences_months=MONTHS, exemptions_months=MONTHS))
def test_a_second_look_finds_nothing(person: PersonFacts, keeping: Retention) -> None:
    """Whatever the policy keeps; and from the first day on record every standing is what it was."""
    engine = Engine(Rulebook([Version(replace(read_policy(POLICY), retention=keeping), None)]))
    found = past_keeping(engine, person, TODAY)
    if found is None:
        return
    left = without(person, found.gone)._replace(kept_from=found.kept_from)
    assert past_keeping(engine, left, TODAY) is None
    days = {day for facts in (person, left) for one in engine.segments(facts) for day in (one.first, one.last)}
    for day in days | {found.kept_from, TODAY}:
        if day >= found.kept_from:
            for requirement in ("bls", "acls"):
                standing = engine.standing(person, requirement, day)
                assert engine.standing(left, requirement, day) == standing, (requirement, day)
