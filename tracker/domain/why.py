"""Says why somebody stands where they stand, in words that a nurse understands. RULES: section 4, "Why"."""

from datetime import date
from typing import NamedTuple

from tracker.domain.days import ALWAYS, OPEN
from tracker.domain.facts import Card, PersonFacts
from tracker.domain.policy import Policy, Requirement
from tracker.domain.standing import Held, Standing, latest_is_not_found
from tracker.domain.timeline import Engine, Situated
from tracker.domain.validity import EXPIRY_MISMATCH, ISSUE_DATE_UNKNOWN, Window, window


class CardView(NamedTuple):
    """A card as the policy of the day reads it. `last` is None where it never ends; both are None if nothing says."""

    card: Card
    issuer: str | None
    first: date | None
    last: date | None
    confirmed: bool
    flags: tuple[str, ...]
    refused: bool
    note: str


class Explanation(NamedTuple):
    """The cards that bear on a requirement, a newcomer's deadline while it runs, and the reasons as sentences."""

    cards: list[CardView]
    due_by: date | None
    reasons: list[str]


def spoken(day: date) -> str:
    """A date that nobody can misread: 30 Jun 2028."""
    return f"{day.day} {day:%b} {day.year}"


def explain(engine: Engine, person: PersonFacts, requirement_id: str, standing: Standing, day: date) -> Explanation:
    """Why the person has that standing on that day; the requirement applies on it."""
    situated = engine.situated(person, requirement_id, day)
    if situated is None:
        return Explanation([], None, [])
    policy = situated.reader.policy
    views = [view for card in person.cards if (view := _view(situated, person, card, day))]
    reasons = [_first_words(situated, person, standing, day)]
    reasons += [view.note for view in _telling(views, day)]
    reasons.append(_rule(policy, situated.reading.requirement))
    due_by = situated.situation.due_by if standing is Standing.PENDING else None
    return Explanation(views, due_by, [reason for reason in reasons if reason])


def _telling(views: list[CardView], day: date) -> list[CardView]:
    """The cards worth a sentence: of each type those in date or to come, else the one that ended last."""
    told: list[CardView] = []
    for kind in dict.fromkeys(view.card.type for view in views):
        theirs = [view for view in views if view.card.type == kind]
        good = [view for view in theirs if not view.refused and (view.last is None or view.last >= day)]
        refused = [view for view in theirs if view.refused and (view.last is None or view.last >= day)]
        ended = sorted((view for view in theirs if view.last and view.last < day), key=lambda view: view.last or day)
        told += good or ended[-1:]
        told += refused
    return told


def _rule(policy: Policy, requirement: Requirement) -> str:
    """What asks for the card."""
    asked = " or ".join(requirement.any_of)
    needed = sorted(policy.prerequisites[requirement.id])
    text = f"{requirement.citation or requirement.title} asks for {asked}"
    if needed:
        text += f" together with a current {' and '.join(needed)}"
    if requirement.verified:
        text += ", confirmed by the issuer"
    if requirement.renew_every_months:
        text += f", renewed every {requirement.renew_every_months} months"
    return text + "."


def _first_words(situated: Situated, person: PersonFacts, standing: Standing, day: date) -> str:
    requirement = situated.reading.requirement
    match standing:
        case Standing.EXEMPT:
            until = max(last for first, last in situated.situation.exempt if first <= day <= last)
            return f"An exemption from '{requirement.title}' runs through {spoken(until)}."
        case Standing.ON_LEAVE:
            until = max(last for first, last in situated.situation.absent if first <= day <= last)
            return "On leave, with no end recorded." if until == OPEN else f"On leave through {spoken(until)}."
        case Standing.PENDING:
            due_by = situated.situation.due_by
            return f"A newcomer has until {spoken(due_by)} to bring the card." if due_by else ""
        case Standing.GRACE:
            return f"The card ended, but within the {requirement.grace_after_expiry_days} days of grace."
        case Standing.NOT_RECORDED:
            begins = spoken(situated.situation.records_from)
            return f"Records begin on {begins}; what was not recorded before then is not held against anyone."
        case Standing.MISSING:
            return f"No card that counts for {' or '.join(requirement.any_of)} is or was on record."
    return ""


def _view(situated: Situated, person: PersonFacts, card: Card, day: date) -> CardView | None:
    """How a card bears on the requirement; None if its type has nothing to do with it."""
    reader, reading, _ = situated
    policy = reader.policy
    requirement = reading.requirement
    wanted = set(requirement.any_of)
    issuer = policy.issuer(card.issuer)
    worth = reader.worth(card.type, issuer.id if issuer else None)
    if not worth & (wanted | policy.prerequisites[requirement.id]):
        return None
    found = window(policy, card)
    held = next((one for one in reading.held if one.card.id == card.id), None)
    last = held.span.last if held else found.last if found else None
    return CardView(
        card,
        issuer.id if issuer else card.issuer,
        found.first if found and found.first != ALWAYS else None,
        None if last == OPEN else last,
        any(answer.card == card.id and answer.answer == "confirmed" for answer in person.verifications),
        found.flags if found else (),
        held is None,
        _note(situated, person, card, held, found, bool(worth & wanted), day),
    )


def _named(card: Card, default_issuer: str | None) -> str:
    """A card in a sentence: type, issuer, and the beginning of its number."""
    issuer = card.issuer or (f"{default_issuer} by default" if default_issuer else "no issuer named")
    number = f" {card.number[:4]}…" if card.number and len(card.number) > 4 else f" {card.number or ''}".rstrip()
    return f"{card.type} ({issuer}{number})"


def _note(
    situated: Situated,
    person: PersonFacts,
    card: Card,
    held: Held | None,
    found: Window | None,
    asked_for: bool,
    day: date,
) -> str:
    """One sentence about the card."""
    name = _named(card, situated.reader.policy.default_issuer)
    if found and EXPIRY_MISMATCH in found.flags:
        name += ", whose printed expiry and rule differ so that the earlier holds,"
    elif found and ISSUE_DATE_UNKNOWN in found.flags:
        name += ", whose issue date is not recorded,"
    if held is None:
        return f"{name} counts for nothing: {_refusal(situated.reader.policy, person, card, found)}."
    requirement = situated.reading.requirement
    span = held.counts.get(requirement.id, held.span)
    if asked_for and requirement.id not in held.counts and not _is_prerequisite(situated, held):
        return f"{name} is not from an issuer that this requirement accepts."
    if span.first > day:
        return f"{name} is valid only from {spoken(span.first)}."
    if span.last < day:
        why = " (revoked)" if held.cut_by_revocation and span.last == held.span.last else ""
        why = " (this requirement's own renewal interval)" if span.last < held.span.last else why
        return f"{name} ended on {spoken(span.last)}{why}."
    if requirement.verified and asked_for and not held.confirmed:
        return f"{name} is in date, but its issuer has not confirmed it yet."
    return f"{name} is valid through {spoken(span.last)}." if span.last < OPEN else f"{name} does not expire."


def _is_prerequisite(situated: Situated, held: Held) -> bool:
    return not situated.reader.policy.prerequisites[situated.reading.requirement.id].isdisjoint(held.worth)


def _refusal(policy: Policy, person: PersonFacts, card: Card, found: Window | None) -> str:
    """Why a card counts for nothing at all."""
    issuer = policy.issuer(card.issuer)
    if issuer is None:
        return f"the policy does not list the issuer {card.issuer}" if card.issuer else "it names no issuer"
    if not issuer.accepted:
        return f"the policy does not accept cards from {issuer.id}"
    if latest_is_not_found(person, card):
        return "its issuer knows no such card"
    if any(answer.card == card.id and answer.answer == "revoked" for answer in person.verifications):
        return "its issuer revoked it from the start"
    if found is None:
        return "no rule and no printed date says until when it is good"
    return "its last valid day lies before its first"
