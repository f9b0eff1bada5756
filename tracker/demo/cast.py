"""The two dozen people whose stories the demo tells; whoever else works there fills the units.

Red Cross cards print a day, so these say to the day how far off an end is, whatever the day of the demo.
"""

from datetime import timedelta

from tracker.demo.cards import ONLINE, Press
from tracker.demo.records import Away, Card, Excused, Person, Post
from tracker.domain.days import add_months, month_start

FULL_TIME = "Full-time"
TRAVELER = "Traveler"


def cast(press: Press) -> list[Person]:
    """Everybody with a story."""
    return [*_ending(press), *_out(press), *_excused(press), *_moving(press)]


def post(press: Press, unit: str, role: str = "RN", days: int | None = None) -> Post:
    """Open work in a unit that began so many days ago, or a few years ago."""
    return Post(unit, role, FULL_TIME, press.today - timedelta(days=press.some_years() if days is None else days))


def contract(press: Press, unit: str, role: str) -> Post:
    """A traveler's thirteen weeks or so, from the first days of a month on; personnel knows nothing of it."""
    starts_on = month_start(press.today - timedelta(days=38)) + timedelta(days=5)
    return Post(unit, role, TRAVELER, starts_on, add_months(starts_on, 3), in_hr=False)


def _ending(press: Press) -> list[Person]:
    """Cards that end within the week, two weeks, a month, two, three."""
    monthly, dated = press.monthly, press.dated
    confirmed = monthly("ACLS", 15)._replace(verified_on=press.today - timedelta(days=60))
    code_team = post(press, "Code Team", "Respiratory Therapist", 800)
    return [
        # Her BLS takes ACLS and PALS with it.
        Person((post(press, "ED"),), (dated("BLS", 5), monthly("ACLS", 11), monthly("PALS", 9))),
        Person((post(press, "4 West", "CNA II"),), (dated("BLS", 2),), reachable=False),
        # Red Cross ALS, recognised as ACLS.
        Person((post(press, "PACU"),), (monthly("BLS", 14), dated("ALS", 13))),
        Person((post(press, "Respiratory Care", "Respiratory Therapist"), code_team), (dated("BLS", 29), confirmed)),
        Person((post(press, "NICU", "RN - Neonatal"),), (dated("BLS", 58), monthly("NRP", 2))),
        Person((post(press, "Labor & Delivery"),), (dated("BLS", 88), monthly("NRP", 9))),
        # Renewed in time: of this month's end nobody needs to be told.
        Person((post(press, "ICU"),), (monthly("BLS", 0), press.renewal("BLS"), monthly("ACLS", 6))),
    ]


def _out(press: Press) -> list[Person]:
    """Out of compliance, each in another way; one in grace."""
    monthly, dated = press.monthly, press.dated
    # A training center's id, written down instead of the card's number.
    odd_number = monthly("BLS", 5)._replace(number="IL05512")
    agency_cards = [monthly(kind, 10, on_file=False) for kind in ("BLS", "ACLS", "PALS")]
    return [
        Person((post(press, "ICU"),), (monthly("BLS", -2), monthly("ACLS", 9))),
        # The renewal was entered before the class was held.
        Person(
            (post(press, "OR", "Certified Registered Nurse Anesthetist"),),
            (monthly("BLS", 7), monthly("ACLS", -1), press.to_come("ACLS")),
        ),
        Person((post(press, "PACU", "Staff Nurse", 210),), (odd_number,)),
        Person((post(press, "4 West"),), (dated("BLS", 400, ONLINE),)),
        Person((post(press, "Pediatrics"),), (monthly("BLS", 10), dated("PALS", -5))),
        # Nobody has asked the issuer yet.
        Person((contract(press, "ED", "RN"),), tuple(agency_cards)),
    ]


def _excused(press: Press) -> list[Person]:
    """On leave, exempt, or too new to be held to anything."""
    today, monthly, dated = press.today, press.monthly, press.dated
    soon_back = Away(today - timedelta(days=80), today + timedelta(days=6))
    open_leave = Away(today - timedelta(days=50), None)
    wrist = Excused("acute-acls", today - timedelta(days=70), today + timedelta(days=20), "Wrist fracture")
    class_on = today + timedelta(days=11)
    enrolled = f"enrolled {class_on.month}/{class_on.day}/{class_on:%y}"
    return [
        Person((post(press, "ICU"),), (dated("BLS", -40), monthly("ACLS", 6)), away=(soon_back,)),
        Person(
            (post(press, "NICU", "RN - Neonatal"),),
            (monthly("BLS", 8), monthly("NRP", -1)),
            away=(open_leave,),
            cells=(("BLS", "LOA"),),
        ),
        Person((post(press, "Telemetry"),), (dated("BLS", 6),), excused=(wrist,)),
        Person((post(press, "4 West", days=3),)),
        Person((post(press, "4 West", "CNA II", days=26),)),
        Person((post(press, "ED", days=25),), (monthly("BLS", 17),), cells=(("ACLS", enrolled),)),
    ]


def _moving(press: Press) -> list[Person]:
    """People whom the lists place differently, and one whom no requirement matches."""
    today, monthly = press.today, press.monthly
    left = post(press, "4 West", days=900)._replace(ends_on=today - timedelta(days=31))
    moved = post(press, "ICU", days=20)._replace(in_hr=False, settled="moved")
    also = post(press, "ED", days=150)._replace(in_hr=False, settled="also")
    gone = post(press, "ED")._replace(ends_on=today - timedelta(days=20), settled="ended")
    return [
        Person((left, post(press, "ICU", days=30)), (monthly("BLS", 12),)),
        Person((post(press, "Telemetry"), moved), _set(press, "BLS ACLS", 13), cells=(("BLS", "13/2027"),)),
        Person((post(press, "PACU"), also), _set(press, "BLS ACLS PALS", 16)),
        Person((gone,), _set(press, "BLS ACLS PALS", 4)),
        Person((post(press, "Infusion Center", "Infusion Clinician II"),), (monthly("BLS", 18),)),
    ]


def _set(press: Press, kinds: str, months_left: int) -> tuple[Card, ...]:
    """Cards of several types that end together."""
    return tuple(press.monthly(kind, months_left) for kind in kinds.split())
