"""Standings as a manager reads them."""

from tracker.domain.standing import Standing

# A heading over a column of counts, and what it means.
WORDS: dict[Standing, tuple[str, str]] = {
    Standing.CURRENT: ("current", "the cards on record do what the requirement asks"),
    Standing.GRACE: ("in grace", "a card has ended, within the days that the policy allows"),
    Standing.PREREQUISITE_GAP: ("prerequisite gap", "the card is in date, another that it rests on is not"),
    Standing.UNVERIFIED: ("unverified", "the card is in date, its issuer has not confirmed it yet"),
    Standing.EXPIRED: ("expired", "a card counted before, none does now"),
    Standing.MISSING: ("missing", "no card that counts was ever on record"),
    Standing.PENDING: ("newcomer", "no card yet, within the time that the policy gives a newcomer"),
    Standing.EXEMPT: ("exempt", "excused from the requirement through a set day"),
    Standing.ON_LEAVE: ("on leave", "away on this day"),
    Standing.NOT_RECORDED: ("not recorded", "a day before the records begin"),
}
