"""Which names of units look like a slip of another, and which are units of their own."""

import pytest

from tracker.intake.near_units import MOST, NearUnits


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("IUC", "ICU"),
        ("Telemetery", "Telemetry"),
        ("Telemtry", "Telemetry"),
        ("Med-Surg", "Med Surg"),
        ("4West", "4 West"),
        ("Ward 04", "Ward 4"),
        ("4 Wset", "4 West"),
        ("Urgences pediatriques", "Urgences p\u00e9diatriques"),
        ("Neonatal Intensiv Care", "Neonatal Intensive Care"),
        ("Rehabilitaiton Nroth", "Rehabilitation North"),
    ],
)
def test_it_looks_like_a_slip(said: str, known: str) -> None:
    """Letters that changed places, one too many or too few in a long word, blanks and signs."""
    assert NearUnits(["Pharmacy", known]).of(said) == [known]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("4 West", "5 West"),
        ("ICU 2", "ICU"),
        ("CCU", "ICU"),
        ("NICU", "ICU"),
        ("ER", "OR"),
        ("RE", "ER"),
        ("Surgery A", "Surgery B"),
        ("Medicine A", "Medicine"),
        ("Ward North", "Ward South"),
        ("Surgery II", "Surgery III"),
        ("Cardiology", "Radiology"),
        ("Eastern", "Western"),
        ("4", "5"),
        ("\u2013", "ICU"),
    ],
)
def test_it_is_another_unit(said: str, known: str) -> None:
    """Other numbers, other letters in a short word, a word more: a unit of its own, in either direction."""
    assert NearUnits([known]).of(said) == []
    assert NearUnits([said]).of(known) == []


def test_what_is_on_record_is_no_slip() -> None:
    """However it is written, and whatever else is near."""
    assert NearUnits(["ICU", "IUC"]).of(" icu ") == []


def test_the_nearest_are_named_first() -> None:
    """No more than somebody can choose from."""
    near = NearUnits(["Pediatricss", "Pediatric s", "Pediatricx", "Pediatricz"]).of("Pediatrics")
    assert near[0] == "Pediatric s"
    assert len(near) == MOST
