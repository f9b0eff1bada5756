"""What each kind of mail says, as plain data: one class a kind, with made-up samples."""

from tracker.notify.contexts.card_rejected import CardRejected
from tracker.notify.contexts.escalation import Escalation, Level
from tracker.notify.contexts.lapse_notice import LapseNotice
from tracker.notify.contexts.manager_digest import (
    Expiring,
    ManagerDigest,
    Pending,
    Returning,
    UnitDigest,
    Unreachable,
    Waiting,
)
from tracker.notify.contexts.parts import Course, How, Lapse, OwnPage, Person, Requirement, Trouble
from tracker.notify.contexts.staff_reminder import Need, StaffReminder

Mail = StaffReminder | LapseNotice | ManagerDigest | Escalation | CardRejected
KINDS: tuple[type[Mail], ...] = (StaffReminder, LapseNotice, ManagerDigest, Escalation, CardRejected)

__all__ = [
    "KINDS",
    "CardRejected",
    "Course",
    "Escalation",
    "Expiring",
    "How",
    "Lapse",
    "LapseNotice",
    "Level",
    "Mail",
    "ManagerDigest",
    "Need",
    "OwnPage",
    "Pending",
    "Person",
    "Requirement",
    "Returning",
    "StaffReminder",
    "Trouble",
    "UnitDigest",
    "Unreachable",
    "Waiting",
]
