"""The units of the made-up hospital, who answers for them, and who works there."""

from typing import NamedTuple

from tracker.demo.names import Name

DOMAIN = "quillmoor.example.org"
AGENCY_DOMAIN = "brightferry-staffing.example.com"
GENERAL = "Quillmoor General Hospital"
CHILDREN = "Quillmoor Women's & Children's"
DIRECTORS = {GENERAL: f"rosalind.hartsedge@{DOMAIN}", CHILDREN: f"teodor.lindenquist@{DOMAIN}"}

BLS = ("BLS",)
ACUTE = ("BLS", "ACLS")
EMERGENCY = ("BLS", "ACLS", "PALS")
CHILD = ("BLS", "PALS")
BIRTH = ("BLS", "NRP")
REQUIREMENTS = {"BLS": "bls", "ACLS": "acute-acls", "PALS": "pals", "NRP": "nrp"}
"""Which requirement of the policy asks for a type of card."""


class Job(NamedTuple):
    """A role as the rosters spell it, its share of the unit's staff, and the cards that it needs there."""

    role: str
    share: int
    types: tuple[str, ...]


class Unit(NamedTuple):
    """A unit, and its share of the hospital's staff."""

    name: str
    facility: str
    manager: Name
    share: int
    jobs: tuple[Job, ...]

    @property
    def manager_email(self) -> str:
        """The manager's address."""
        return f"{self.manager.address}@{DOMAIN}"

    def types(self, role: str) -> tuple[str, ...]:
        """The cards that a role needs here."""
        return next((job.types for job in self.jobs if job.role == role), BLS)


def _unit(name: str, facility: str, first: str, last: str, share: int, *jobs: Job) -> Unit:
    return Unit(name, facility, Name(first, last, f"{first}.{last}".lower()), share, jobs)


UNITS = (
    _unit(
        "ICU", GENERAL, "Marguerite", "Stonefeather", 15,
        Job("RN", 11, ACUTE), Job("Charge Nurse", 2, ACUTE), Job("Intensivist", 1, ACUTE),
        Job("Nurse Practitioner", 1, ACUTE), Job("Patient Care Tech", 3, BLS),
    ),
    _unit(
        "ED", GENERAL, "Anselm", "Foxglover", 15,
        Job("RN", 10, EMERGENCY), Job("Charge Nurse", 2, EMERGENCY), Job("Physician - Emergency", 2, EMERGENCY),
        Job("Physician Assistant", 1, EMERGENCY), Job("ED Tech", 4, BLS), Job("Paramedic", 1, BLS),
    ),
    _unit(
        "Telemetry", GENERAL, "Philippa", "Harrowdene", 12,
        Job("RN", 10, ACUTE), Job("Monitor Tech", 2, BLS), Job("CNA II", 3, BLS),
    ),
    _unit(
        "4 West", GENERAL, "Bartholomew", "Tidewell", 14,
        Job("RN", 9, BLS), Job("LPN", 2, BLS), Job("CNA II", 4, BLS), Job("Hospitalist", 1, BLS),
    ),
    _unit(
        "OR", GENERAL, "Constance", "Ravenholt", 10,
        Job("RN - Circulator", 6, ACUTE), Job("Certified Registered Nurse Anesthetist", 2, ACUTE),
        Job("Anesthesiologist", 1, ACUTE), Job("Surgical Technologist", 4, BLS),
    ),
    _unit("PACU", GENERAL, "Ottoline", "Brackenridge-Moss", 6, Job("RN", 4, ACUTE), Job("Staff Nurse", 2, ACUTE)),
    _unit(
        "Respiratory Care", GENERAL, "Leopold", "Winnowby", 7,
        Job("Respiratory Therapist", 4, ACUTE), Job("RRT", 2, ACUTE),
    ),
    _unit("Code Team", GENERAL, "Marguerite", "Stonefeather", 0),
    _unit(
        "Labor & Delivery", CHILDREN, "Josephine", "Larkmeadow", 9,
        Job("RN", 8, BIRTH), Job("Certified Nurse Midwife", 2, BIRTH), Job("Surgical Technologist", 2, BLS),
    ),
    _unit(
        "NICU", CHILDREN, "Emmeline", "Copperwhistle", 8,
        Job("RN - Neonatal", 8, BIRTH), Job("Neonatal Nurse Practitioner", 1, BIRTH), Job("Neonatologist", 1, BIRTH),
    ),
    _unit(
        "Pediatrics", CHILDREN, "Ignatius", "Pebblestreet", 8,
        Job("RN", 7, CHILD), Job("Pediatrician", 1, CHILD), Job("CNA II", 3, BLS),
    ),
    # Nurses under a title that no requirement knows: nothing is asked of them, and that has to be noticed.
    _unit(
        "Infusion Center", GENERAL, "Wilhelmina", "Ashenbrook", 2,
        Job("Infusion Clinician I", 1, ()), Job("Infusion Clinician II", 1, ()),
    ),
)  # fmt: skip
UNIT = {unit.name: unit for unit in UNITS}
CRITICAL_CARE_BOOK = ("ICU", "ED")
WOMEN_CHILDREN_BOOK = ("Labor & Delivery", "NICU", "Pediatrics")
WITH_BOOK = (*CRITICAL_CARE_BOOK, *WOMEN_CHILDREN_BOOK)
"""Units whose managers keep workbooks of their own."""
