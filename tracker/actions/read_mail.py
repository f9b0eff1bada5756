"""Shows mails to whoever may see them: what each says of the people in a scope, and its words. RULES: section 8."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from tracker.actions.plan_reminders import RunPlan
from tracker.actions.write_mail import Desk, Letterhead
from tracker.db.connect import Connection, Database
from tracker.db.mail_pages import MailRow, ever_elsewhere, mail_page, mail_row, within
from tracker.db.outbox import Told, mails_by_id, told_in
from tracker.db.people import in_scope
from tracker.domain.errors import BadInput
from tracker.domain.reminders import Notice
from tracker.domain.scope import EVERYONE, Scope
from tracker.notify.render import Rendered


class About(NamedTuple):
    """Somebody of whom a mail tells, and what: nothing is shown of who works in units beyond the scope as well."""

    employee_id: str
    name: str | None
    notices: Sequence[Notice]


class Listed(NamedTuple):
    """A mail, of whom it tells, and whether all that it says may be seen."""

    row: MailRow
    about: list[About]
    is_whole: bool


class Opened(NamedTuple):
    """A mail that was opened. `words` are what would be sent now, if it was not sent and is owed still."""

    row: MailRow
    about: list[About]
    is_whole: bool
    words: Rendered | None


class Owed(NamedTuple):
    """What a run would send now: how many mails of each kind, and the first; and why others are told nothing."""

    kinds: dict[str, int]
    mails: Sequence[tuple[str, str, list[About]]]
    reasons: dict[str, int]

    @property
    def whole(self) -> int:
        """How many mails it is."""
        return sum(self.kinds.values())


def list_mails(
    database: Database, scope: Scope, day: date, state: str, before: int | None, limit: int
) -> tuple[list[Listed], int | None]:
    """The latest mails in a state about people in a scope on a day, and the number to go on from."""
    with database.read() as connection:
        rows, follows = mail_page(connection, scope, day, state, before, limit)
        told = told_in(connection, [row.id for row in rows])
        seen = _Seen(connection, scope, day, [one for some in told.values() for one in some])
    return [Listed(row, *seen.of(told.get(row.id, []))) for row in rows], follows


def open_mail(
    database: Database, scope: Scope, number: int, letterhead: Letterhead | None, day: date, at: datetime
) -> Opened:
    """One mail, with what would be sent now if it still waits; raises BadInput if it is not theirs to see.

    Without a letterhead, and where it tells of others, the words are left out.
    """
    with database.read() as connection:
        row = mail_row(connection, scope, day, number)
        if row is None:
            raise BadInput(f"There is no mail {number} that you may see; look at the lists of mails.")
        (mail,) = mails_by_id(connection, [number])
        about, is_whole = _Seen(connection, scope, day, mail.planned.told).of(mail.planned.told)
        words = None
        if is_whole and letterhead is not None and mail.state in ("queued", "sending"):
            desk = Desk.open(connection, [mail], letterhead, day)
            owed = desk.still_owed(mail)
            words = desk.words(mail, owed, at) if owed else None
    return Opened(row, about, is_whole, words)


def owed_by(database: Database, scope: Scope, plan: RunPlan, limit: int) -> Owed:
    """What a run that was planned would send, as far as it is about people in a scope; so many mails one by one."""
    mine = plan.mails
    with database.read() as connection:
        if scope != EVERYONE:
            theirs = set(connection.execute(in_scope(scope, plan.day)).scalars())
            mine = [mail for mail in mine if any(told.person_id in theirs for told in mail.told)]
        seen = _Seen(connection, scope, plan.day, [told for mail in mine[:limit] for told in mail.told])
    shown = [(mail.kind, mail.address, seen.of(mail.told)[0]) for mail in mine[:limit]]
    # Reasons name people by id, whoever they are: in a scope of units they are left out.
    reasons = Counter(reason for _, reason in plan.not_sent) if scope == EVERYONE else Counter[str]()
    return Owed(dict(Counter(mail.kind for mail in mine)), shown, dict(reasons))


class _Seen:
    """What may be seen of some people of whom mails tell."""

    def __init__(self, connection: Connection, scope: Scope, day: date, told: Sequence[Told]) -> None:
        numbers = {one.person_id for one in told}
        self._scope = scope
        self._names = within(connection, scope, day, numbers)
        self._hidden = ever_elsewhere(connection, scope, numbers)

    def of(self, told: Sequence[Told]) -> tuple[list[About], bool]:
        """Of whom a mail tells and what, as far as it is seen; and whether that is all of it."""
        found: dict[str, list[Notice]] = {}
        names: dict[str, str | None] = {}
        for one in told:
            if self._scope == EVERYONE or one.person_id in self._names:
                names[one.employee_id] = self._names.get(one.person_id)
                notices = found.setdefault(one.employee_id, [])
                if one.person_id not in self._hidden:
                    notices.append(one.notice)
        about = [About(employee_id, names[employee_id], notices) for employee_id, notices in found.items()]
        return about, self._scope == EVERYONE or (bool(told) and sum(map(len, found.values())) == len(told))
