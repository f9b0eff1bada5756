"""Reads the text of a certificate into a card that a person is asked to confirm."""

from datetime import date
from typing import NamedTuple

from tracker.db.connect import Database
from tracker.db.former import unknown
from tracker.db.people import in_scope, load_people
from tracker.db.policies import load_rulebook
from tracker.domain.facts import Card
from tracker.domain.names import may_be_holder
from tracker.domain.policy import Policy
from tracker.domain.scope import OnePerson
from tracker.intake.certificate import AHA, RED_CROSS, Certificate, read_certificate

# Not "ARC" for the Red Cross: in Australia that is somebody else.
_ALSO = {AHA: ("AHA",), RED_CROSS: ("Red Cross",)}


class Proposal(NamedTuple):
    """A card as a certificate shows it; what could not be read is empty. Beside it the person's name and cards."""

    certificate: Certificate
    card: Card
    name: str | None
    known: tuple[Card, ...]
    same_name: bool

    @property
    def complete(self) -> bool:
        """Whether it says enough to be recorded."""
        return bool(self.card.type and (self.card.issued_on or self.card.stated))

    def is_other_number(self, card: int) -> bool:
        """Whether the certificate is about another number than that of a card on record."""
        shown = next((one.number for one in self.known if one.id == card), None)
        return bool(self.card.number and shown and self.card.number != shown.strip().upper())

    @property
    def is_other_name(self) -> bool:
        """Whether the certificate names somebody else."""
        return bool(self.certificate.value("holder")) and not self.same_name


def propose_card(database: Database, scope: OnePerson, text: str, today: date) -> Proposal:
    """The card that a certificate's text shows, in the words of today's policy."""
    with database.read() as connection:
        rulebook = load_rulebook(connection)
        policy = rulebook.on(today)
        person = next(load_people(connection, in_scope(scope, None), rulebook.newest.timezone), None)
        if person is None:
            raise unknown(connection, scope.employee_id)
    read = read_certificate(text, policy.type_names)
    card = Card(
        0,
        read.value("type") or "",
        _issuer(policy, read.value("issuer")),
        read.issued_on,
        read.value("stated"),
        read.value("number"),
    )
    return Proposal(read, card, person.name, person.cards, may_be_holder(read.value("holder"), person.name))


def _issuer(policy: Policy, named: str | None) -> str | None:
    """What the policy calls the issuer that a certificate names; the name itself if it lists none such."""
    for name in (named, *_ALSO.get(named or "", ())):
        issuer = policy.issuer(name) if name else None
        if issuer:
            return issuer.id
    return named
