"""What mails say of people's facts: each trouble once, and where to book what mends it."""

from collections.abc import Sequence
from datetime import date

import pytest

from notify.told import Page, flat
from tracker.domain.alerts import Lapsed, plan_alerts
from tracker.domain.facts import Absence, Assignment, Booking, Card, PersonFacts, Verification
from tracker.domain.policy_text import read_policy
from tracker.domain.reminders import Kind, Underway, plan_person
from tracker.domain.rulebook import Rulebook, Version
from tracker.domain.timeline import Engine
from tracker.notify.compose import About, Composer
from tracker.notify.contexts import Course, Escalation, LapseNotice, ManagerDigest, Need, StaffReminder
from tracker.notify.languages import find_language, shipped
from tracker.notify.render import render

# BLS has days of grace, ACLS, which counts only beside BLS, has none: so the two lapse on different days.
POLICY = """
name = "icu"
timezone = "America/Chicago"
records_from = 2026-01-01
default_issuer = "AHA"
[types.BLS]
title = "Basic Life Support"
renew_at = "https://learn.example.org/bls"
[types.ACLS]
title = "Advanced Cardiovascular Life Support"
renew_at = "https://learn.example.org/acls"
requires = ["BLS"]
[[issuers]]
id = "AHA"
[[validity]]
months = 24
ends = "month_end"
[[requirements]]
id = "bls"
title = "BLS for clinical staff"
any_of = ["BLS"]
grace_after_expiry_days = 14
[[requirements]]
id = "acls"
title = "ACLS for acute care"
any_of = ["ACLS"]
units = ["ICU"]
"""
ToManager = LapseNotice | Escalation | ManagerDigest
TODAY, BLS_ENDED = date(2026, 11, 23), date(2026, 9, 30)
MANAGER = "icu@site.example"


def rule(policy: str = POLICY) -> Engine:
    """A policy in force on all days."""
    return Engine(Rulebook([Version(read_policy(policy), None)]))


def nurse(*cards: tuple[str, str], since: str = "2025-01-01", units: Sequence[str] = ("ICU",)) -> PersonFacts:
    """A nurse with cards, each of a type and with the day of its issue."""
    held = tuple(Card(at, kind, "AHA", date.fromisoformat(on), None, str(at)) for at, (kind, on) in enumerate(cards, 1))
    posts = tuple(
        Assignment(at, unit, "RN", None, MANAGER, date.fromisoformat(since), None) for at, unit in enumerate(units, 1)
    )
    return PersonFacts(1, "4512", "Ali, Ada", "ada@site.example", TODAY, posts, held, (), (), ())


def needs(person: PersonFacts, policy: str = POLICY, *booked: Booking) -> tuple[Need, ...]:
    """What a person is told on the day."""
    return reminder(person, policy, *booked).needs


def reminder(person: PersonFacts, policy: str = POLICY, *booked: Booking) -> StaffReminder:
    """What a person gets on the day."""
    engine, underway = rule(policy), Underway(booked)
    plan = plan_person(engine, person, underway, (), TODAY, None)
    return Composer(engine, {}, TODAY).staff_reminder(About(person, underway, plan.notices))


def to_manager(kind: Kind, person: PersonFacts, policy: str = POLICY, *booked: Booking) -> ToManager:
    """What the manager is told of a person on the day."""
    engine, underway = rule(policy), Underway(booked)
    plan = plan_person(engine, person, underway, (), TODAY, None)
    lapsed = [Lapsed(person.employee_id, [(one, person.assignments) for one in plan.lapses], ())]
    told = plan_alerts(engine.rulebook.on(TODAY), {}, lapsed, TODAY, None)[kind, MANAGER]
    about = [About(person, underway, [notice for _, notice in told])]
    composer = Composer(engine, {}, TODAY)
    return composer.lapse_notice(about, MANAGER) if kind == "lapse_notice" else composer.escalation(about, MANAGER)


def digest(person: PersonFacts, policy: str = POLICY, *booked: Booking) -> ManagerDigest:
    """What the manager reads of a person in the week."""
    return Composer(rule(policy), {}, TODAY).digest([(person, Underway(booked))], MANAGER)


def said(mail: ToManager | StaffReminder, language: str = "en") -> list[str]:
    """Text and HTML, each as one line."""
    words = render(mail, find_language(language))
    return [flat(words.text), Page(words.html).text]


def classes(courses: Sequence[Course]) -> list[str]:
    """The types of some courses."""
    return [one.type for one in courses]


def where(mail: ToManager) -> list[str]:
    """Of which types a mail to a manager says where to book."""
    return classes(mail.courses)


# BLS that ended within the days on record, and before them; ACLS in date all along.
LATE = [nurse(("BLS", "2024-09-10"), ("ACLS", "2025-03-10")), nurse(("BLS", "2023-09-10"), ("ACLS", "2025-03-10"))]
each_late = pytest.mark.parametrize(("person", "ended"), [(LATE[0], BLS_ENDED), (LATE[1], date(2025, 9, 30))])


@each_late
def test_staff_are_told_once_that_a_card_ended(person: PersonFacts, ended: date) -> None:
    """Though two requirements fail because of it, on different days; and only that card is to be booked."""
    (need,) = needs(person)
    assert (need.what, need.how, need.last_day, need.title) == ("BLS", "ended", ended, "Basic Life Support")
    assert {(one.title, one.takes_along) for one in need.required_by} == {
        ("BLS for clinical staff", None),
        ("ACLS for acute care", "ACLS"),
    }
    assert (classes(need.any_of), classes(need.together_with)) == (["BLS"], [])


def test_needs_of_one_thing_at_different_times_stay_apart() -> None:
    """A requirement in grace still has time: that is another thing than what is overdue."""
    lasting = POLICY.replace("expiry_days = 14", "expiry_days = 60")
    overdue, ahead = needs(LATE[0], lasting)
    assert (overdue.how, overdue.last_day) == ("ended", BLS_ENDED)
    assert (ahead.how, ahead.last_day) == ("grace", date(2026, 11, 29))


def test_two_cards_are_two_needs() -> None:
    """Of which each has its own class, though one requirement wants both."""
    both = needs(nurse(("BLS", "2024-09-10"), ("ACLS", "2024-09-10")))
    assert [(one.what, classes(one.any_of)) for one in both] == [("ACLS", ["ACLS"]), ("BLS", ["BLS"])]


@pytest.mark.parametrize(("bls", "beside"), [("2025-09-10", []), ("2020-09-10", ["BLS"])])
def test_beside_a_card_that_ended_long_ago_goes_only_what_is_not_in_date(bls: str, beside: list[str]) -> None:
    """A nurse with a BLS card in date need not book BLS."""
    acls = next(one for one in needs(nurse(("BLS", bls), ("ACLS", "2023-09-10"))) if one.what == "ACLS")
    assert (classes(acls.any_of), classes(acls.together_with)) == (["ACLS"], beside)


def test_a_card_that_is_missing_beside_one_in_date_is_what_is_to_be_booked() -> None:
    """The ACLS card need not be had anew."""
    only_acls = POLICY.replace('any_of = ["BLS"]', 'any_of = ["BLS"]\nunits = ["ED"]')
    (need,) = needs(nurse(("ACLS", "2025-03-10")), only_acls)
    assert (need.what, need.how) == ("BLS", "missing")
    assert (classes(need.any_of), classes(need.together_with)) == (["BLS"], [])


# Two cards of which either will do, each with another beside it.
EITHER = (
    POLICY.replace('any_of = ["BLS"]', 'any_of = ["BLS"]\nunits = ["ED"]')
    .replace('any_of = ["ACLS"]', 'any_of = ["ACLS", "PALS"]')
    .replace(
        "[[issuers]]", '[types.PALS]\nrequires = ["PEARS"]\n[types.PEARS]\n[[issuers]]\nid = "ARC"\n[[issuers]]', 1
    )
)
TAKES_AHA = EITHER.replace('units = ["ICU"]', 'units = ["ICU"]\nissuers = ["AHA"]')
WANTS_BOTH = EITHER.replace('requires = ["BLS"]', 'requires = ["BLS", "PEARS"]')


def of(issuer: str, person: PersonFacts) -> PersonFacts:
    """The person, whose last card is of another issuer."""
    return person._replace(cards=(*person.cards[:-1], person.cards[-1]._replace(issuer=issuer)))


@pytest.mark.parametrize(
    ("person", "policy", "lacking", "beside"),
    [
        (nurse(("ACLS", "2025-03-10"), ("PALS", "2025-03-10")), EITHER, "BLS", "ACLS"),
        (nurse(("PALS", "2025-03-10")), EITHER, "PEARS", "PALS"),
        (nurse(("ACLS", "2025-03-10"), ("PALS", "2025-03-10")), WANTS_BOTH, "PEARS", "PALS"),
        (of("ARC", nurse(("PALS", "2025-03-10"), ("ACLS", "2025-03-10"))), TAKES_AHA, "PEARS", "PALS"),
    ],
)
def test_of_two_cards_in_date_one_is_to_be_made_good(
    person: PersonFacts, policy: str, lacking: str, beside: str
) -> None:
    """That which lacks least, of those that the requirement takes; of two alike the one that the policy names first."""
    (need,) = needs(person, policy)
    assert (need.what, need.how, classes(need.any_of), need.together_with) == (lacking, "missing", [lacking], ())
    assert [one.takes_along for one in need.required_by] == [beside]
    assert where(to_manager("lapse_notice", person, policy)) == [lacking]


def test_beside_a_card_that_is_worth_two_types_goes_what_one_of_them_needs() -> None:
    """ALS ended long ago and counted as ACLS and as PALS: not the cards beside both are to be booked."""
    recognised = "".join(f'[[recognitions]]\ntype = "ALS"\ncounts_as = "{each}"\n' for each in ("ACLS", "PALS"))
    worth_two = WANTS_BOTH.replace("[[issuers]]", f"[types.ALS]\n{recognised}[[issuers]]", 1)
    (need,) = needs(nurse(("ALS", "2020-09-10")), worth_two)
    assert (need.what, classes(need.any_of), classes(need.together_with)) == ("ALS", ["ALS"], ["PEARS"])


def test_a_card_that_a_requirement_did_not_take_is_not_told_as_what_ended() -> None:
    """Though it ended later than the one that it took."""
    (need,) = needs(of("ARC", nurse(("ACLS", "2021-09-10"), ("PALS", "2022-09-10"))), TAKES_AHA)
    assert (need.what, need.last_day) == ("ACLS", date(2023, 9, 30))


@pytest.mark.parametrize("cards", [[("ACLS", "2025-03-10")], [("ACLS", "2020-03-10")]])
def test_a_class_for_one_of_two_cards_is_not_told_of_both(cards: list[tuple[str, str]]) -> None:
    """Only when there is one for each, and then the day of the later."""
    person, types = nurse(*cards), ["ACLS", "BLS", "PEARS"]
    all_booked = [Booking(at, kind, date(2026, 12, at)) for at, kind in enumerate(types, 1)]
    for booked, told in [([], None), (all_booked[:2], None), (all_booked, date(2026, 12, 3))]:
        (need,) = needs(person, WANTS_BOTH, *booked)
        assert {"BLS", "PEARS"} <= {*classes(need.any_of), *classes(need.together_with)}
        notice = to_manager("lapse_notice", person, WANTS_BOTH, *booked)
        assert isinstance(notice, LapseNotice)
        assert [need.booked_on, notice.lapses[0].booked_on] == [told, told]


def test_a_class_on_file_is_told_of_what_it_mends() -> None:
    """An ACLS class gives no BLS card; of two for BLS the sooner counts."""
    acls = Booking(1, "ACLS", date(2026, 11, 25))
    late, soon = (Booking(2, "BLS", date(2026, 12, day)) for day in (9, 2))
    assert [one.booked_on for one in needs(LATE[1], POLICY, acls)] == [None]
    assert [one.booked_on for one in needs(LATE[1], POLICY, acls, late, soon)] == [date(2026, 12, 2)]


def test_a_class_on_file_is_told_only_if_it_is_for_all_that_was_made_one() -> None:
    """An ACLS class does for a requirement that takes either card, not for the one that takes BLS; else the latest."""
    either = POLICY.replace('any_of = ["ACLS"]', 'any_of = ["BLS", "ACLS"]').replace('requires = ["BLS"]\n', "")
    late = nurse(("BLS", "2023-09-10"))
    acls, bls = Booking(1, "ACLS", date(2026, 11, 25)), Booking(2, "BLS", date(2026, 12, 2))
    for booked, told in [((acls,), None), ((bls,), bls.class_on), ((acls, bls), bls.class_on)]:
        (need,) = needs(late, either, *booked)
        assert (need.what, len(need.required_by), need.booked_on) == ("BLS", 2, told)
        notice = to_manager("lapse_notice", late, either, *booked)
        assert isinstance(notice, LapseNotice)
        (unit,) = digest(late, either, *booked).units
        assert [(one.what, len(one.required_by), one.booked_on) for one in (*notice.lapses, *unit.out)] == [
            ("BLS", 2, told)
        ] * 2


@each_late
@pytest.mark.parametrize("kind", ["lapse_notice", "escalation", "manager_digest"])
def test_managers_read_once_of_a_person_and_a_trouble(kind: Kind, person: PersonFacts, ended: date) -> None:
    """One line that names both requirements, since the first of them was not met."""
    mail = digest(person) if kind == "manager_digest" else to_manager(kind, person)
    for words in said(mail):
        assert words.count(f"BLS ended on {ended.day} September {ended.year}") == 1
        assert "ACLS for acute care (ACLS counts only beside BLS)" in words
        assert "Required by: " in words
        assert "Out of compliance since 1" in words


def test_a_person_in_two_units_of_one_manager_is_listed_once() -> None:
    """Though only one of them asks for ACLS."""
    mail = to_manager("lapse_notice", LATE[0]._replace(assignments=nurse(units=("ED", "ICU")).assignments))
    assert isinstance(mail, LapseNotice)
    assert [(one.what, len(one.required_by)) for one in mail.lapses] == [("BLS", 2)]
    assert mail.lapses[0].since == date(2026, 10, 1)


@each_late
@pytest.mark.parametrize("kind", ["lapse_notice", "escalation", "manager_digest"])
def test_where_to_book_is_told_of_what_ended_only(kind: Kind, person: PersonFacts, ended: date) -> None:
    """Not of the card beside it, which is valid to the next year."""
    mail = digest(person) if kind == "manager_digest" else to_manager(kind, person)
    assert where(mail) == ["BLS"]
    assert all("learn.example.org/acls" not in words for words in said(mail)), ended


def test_where_nothing_is_on_record_all_is_told_that_is_asked() -> None:
    """The requirement's cards, and what they need beside them."""
    only_acls = POLICY.replace('any_of = ["BLS"]', 'any_of = ["BLS"]\nunits = ["ED"]')
    assert where(to_manager("lapse_notice", nurse(), only_acls)) == ["ACLS", "BLS"]


ALL_KINDS: list[Kind] = ["lapse_notice", "escalation", "manager_digest"]
ONLY_ACLS = POLICY.replace('any_of = ["BLS"]', 'any_of = ["BLS"]\nunits = ["ED"]')


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize(("bls", "beside"), [("2025-09-10", []), ("2020-09-10", ["BLS"])])
def test_beside_a_card_that_is_missing_goes_only_what_is_not_in_date(kind: Kind, bls: str, beside: list[str]) -> None:
    """Who never had ACLS and has BLS in date books ACLS alone."""
    person = nurse(("BLS", bls))
    (need,) = needs(person, ONLY_ACLS)
    assert (need.how, classes(need.any_of), classes(need.together_with)) == ("missing", ["ACLS"], beside)
    mail = digest(person, ONLY_ACLS) if kind == "manager_digest" else to_manager(kind, person, ONLY_ACLS)
    assert where(mail) == ["ACLS", *beside]


@pytest.mark.parametrize(
    ("requires", "beside", "words"),
    [
        (
            "",
            [("BLS", ("ACLS",))],
            ["Depending on the class, you also need:", "BLS (Basic Life Support), beside ACLS:"],
        ),
        ('requires = ["BLS"]', [("BLS", ())], ["You also need BLS beside it:", "BLS (Basic Life Support):"]),
    ],
)
def test_of_several_classes_it_is_told_which_need_another_beside_them(
    requires: str, beside: list[tuple[str, tuple[str, ...]]], words: list[str]
) -> None:
    """Whoever takes the one that stands by itself need not book BLS for it."""
    either = ONLY_ACLS.replace('any_of = ["ACLS"]', 'any_of = ["ACLS", "ATLS"]')
    policy = either.replace("[[issuers]]", f"[types.ATLS]\n{requires}\n[[issuers]]")
    told = reminder(nurse(), policy)
    (need,) = told.needs
    assert (classes(need.any_of), [(one.type, one.beside) for one in need.together_with]) == (["ACLS", "ATLS"], beside)
    for mail in said(told):
        assert all(one in mail for one in words), mail


@pytest.mark.parametrize(("bls", "beside"), [("2025-09-10", []), ("2024-11-10", ["BLS"])])
def test_newcomers_are_told_to_book_what_is_not_in_date_at_their_deadline(bls: str, beside: list[str]) -> None:
    """A BLS card that ends before then has to be had anew; and the manager is told the same."""
    within = ONLY_ACLS.replace('any_of = ["ACLS"]', 'any_of = ["ACLS"]\nwithin_days = 14')
    person = nurse(("BLS", bls), since="2026-11-20")
    (need,) = needs(person, within)
    assert (need.how, classes(need.any_of), classes(need.together_with)) == ("newcomer", ["ACLS"], beside)
    assert where(digest(person, within)) == ["ACLS", *beside]


VERIFIED = POLICY.replace('any_of = ["ACLS"]', 'any_of = ["ACLS"]\nverified = true')
UNCONFIRMED = nurse(("BLS", "2025-09-10"), ("ACLS", "2025-03-10"))
# The same, after one that was confirmed and ended within the days on record.
AGAIN = nurse(("BLS", "2025-09-10"), ("ACLS", "2024-09-10"), ("ACLS", "2026-09-10"))._replace(
    verifications=(Verification(1, 2, "confirmed", None, date(2024, 9, 11), "", ""),)
)
each_unconfirmed = pytest.mark.parametrize("person", [UNCONFIRMED, AGAIN])


@pytest.mark.parametrize("language", shipped())
@each_unconfirmed
def test_a_card_that_only_waits_for_its_issuers_word_sends_nobody_to_a_class(
    language: str, person: PersonFacts
) -> None:
    """No class, no heading over none, and the mail says so."""
    mail = reminder(person, VERIFIED)
    (need,) = mail.needs
    assert (need.what, need.how, need.any_of, need.together_with) == ("ACLS for acute care", "unconfirmed", (), ())
    words = render(mail, find_language(language))
    for each in said(mail, language):
        assert ("No class is needed." if language == "en" else "Ein Kurs ist nicht nötig.") in each
        assert not any(told in each for told in ("learn.example.org", "Book ", "You also need", "Buchen", "Dazu"))
    assert ("Please check your card" if language == "en" else "Bitte prüfen Sie Nummer") in words.html


@pytest.mark.parametrize("language", shipped())
@pytest.mark.parametrize("kind", ALL_KINDS)
@each_unconfirmed
def test_nor_does_it_send_managers_to_one(kind: Kind, language: str, person: PersonFacts) -> None:
    """The steps that a lapse notice and an escalation advise are others then; the digest has none."""
    mail = digest(person, VERIFIED) if kind == "manager_digest" else to_manager(kind, person, VERIFIED)
    assert where(mail) == []
    for each in said(mail, language):
        assert not any(told in each for told in ("learn.example.org", "Where to book", "Wo man bucht", "to a class"))
        assert ("not confirmed by its issuer" if language == "en" else "nicht bestätigt") in each
        assert ("No class is needed" in each or "Kurs ist nicht nötig" in each) == (kind != "manager_digest")


def test_who_comes_back_to_a_card_that_only_waits_is_sent_to_no_class() -> None:
    """As it will be on the first day back."""
    away = AGAIN._replace(absences=(Absence(1, date(2026, 9, 1), date(2026, 12, 6)),))
    (unit,) = digest(away, VERIFIED).units
    assert len(unit.returning) == 1
    assert where(digest(away, VERIFIED)) == []
