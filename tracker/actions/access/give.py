"""Gives somebody access, changes it, takes it back. Each is an entry of the trail."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.actions.access.passwords import digest_of
from tracker.actions.access.tries import tries_of
from tracker.actions.find_units import unit_meant
from tracker.db.accounts import (
    Account,
    account_by_number,
    account_of,
    add_account,
    as_compared,
    forget_failures,
    give,
    has_administrator,
    has_lasting_administrator,
    invite,
    invited,
    person_of,
    set_password,
    some_addresses,
    take_back,
    use_up,
)
from tracker.db.change import Author, change
from tracker.db.connect import Connection, Database
from tracker.db.former import unknown
from tracker.db.known import unit_names
from tracker.domain.access import Grant, Role
from tracker.domain.errors import BadInput

# How long a one-time link opens anything.
LINK_LASTS = timedelta(days=3)
# Of those who have access, so many are named in an error.
SOME = 10


def add_user(database: Database, author: Author, email: str, name: str, grant: Grant, now: datetime) -> str:
    """Gives somebody access for the first time; returns the token of the link by which they choose a password.

    Raises BadInput if the address has access already, or the grant names a unit or a person that is not on record.
    """
    address = as_compared(email)
    with change(database, author, "access give") as made:
        known = account_of(made.connection, address)
        if known and known.grant:
            raise BadInput(f"{address} has access already, as {known.grant.role}; change it instead.")
        grant, person = _as_on_record(made.connection, grant)
        account = known.id if known else add_account(made.connection, address, name)
        made.about(f"account:{account}")
        if known:
            # What they were given may be of a person who is on record no longer.
            take_back(made, known)
        give(made, account, grant, person)
        return _link(made.connection, account, now)


def change_access(database: Database, author: Author, email: str, grant: Grant) -> None:
    """Gives somebody who has access another role, other units or another last day."""
    with change(database, author, "access change") as made:
        account = _known(made.connection, email)
        made.about(f"account:{account.id}")
        grant, person = _as_on_record(made.connection, grant)
        if account.grant == grant:
            return
        _not_the_last(made.connection, account, grant)
        take_back(made, account)
        give(made, account.id, grant, person)


def end_access(database: Database, author: Author, email: str) -> None:
    """Takes back what somebody was given, at once."""
    with change(database, author, "access end") as made:
        account = _known(made.connection, email)
        _not_the_last(made.connection, account, None)
        made.about(f"account:{account.id}")
        take_back(made, account)
        set_password(made.connection, account.id, None)


def new_link(database: Database, author: Author, email: str, now: datetime) -> str:
    """A link by which somebody chooses a new password; returns its token. The old password counts until then."""
    with change(database, author, "access link") as made:
        account = _known(made.connection, email)
        made.about(f"account:{account.id}")
        made.note_look()
        return _link(made.connection, account.id, now)


def first_link(database: Database, now: datetime) -> str | None:
    """The token of the link that makes the first administrator; None once somebody can give access to others."""
    with database.write() as connection:
        return None if has_administrator(connection) else _link(connection, None, now)


def is_begun(database: Database) -> bool:
    """Whether there is an administrator who can give access to others."""
    with database.read() as connection:
        return has_administrator(connection)


def link_is_good(database: Database, token: str, now: datetime) -> bool:
    """Whether a link opens anything."""
    with database.read() as connection:
        return invited(connection, token, now) is not None


def begins_all(database: Database, token: str, now: datetime) -> bool:
    """Whether a link makes the first administrator, who has to say who that is."""
    with database.read() as connection:
        return invited(connection, token, now) == (None,)


def use_link(database: Database, token: str, password: str, now: datetime) -> None:
    """Sets the password that somebody chose by a link, which then opens nothing more."""
    _refuse_if_over(database, token, now)
    digest = digest_of(password)
    with database.write() as connection:
        account = _invited(connection, token, now)
        if account is None:
            raise BadInput("This link makes the first administrator; give a name and an address too.")
        set_password(connection, account, digest)
        use_up(connection, token)
        known = account_by_number(connection, account)
        if known:
            # Whoever has the link need not wait for those who tried to guess the password before.
            forget_failures(connection, tries_of(known.email))


def make_first(database: Database, token: str, email: str, name: str, password: str, now: datetime) -> None:
    """Makes the first administrator by the link that the program printed."""
    _refuse_if_over(database, token, now)
    address, digest = as_compared(email), digest_of(password)
    with change(database, Author(address, "web"), "access give") as made:
        if _invited(made.connection, token, now) is not None or has_administrator(made.connection):
            raise BadInput("There is an administrator already; ask for a link.")
        known = account_of(made.connection, address)
        account = known.id if known else add_account(made.connection, address, name)
        made.about(f"account:{account}")
        if known:
            take_back(made, known)
        give(made, account, Grant(Role.ADMINISTRATOR), None)
        set_password(made.connection, account, digest)
        use_up(made.connection, token)


def _refuse_if_over(database: Database, token: str, now: datetime) -> None:
    """Raises BadInput if a link opens nothing: before a digest, which takes long, is worked out for it."""
    with database.read() as connection:
        _invited(connection, token, now)


def _invited(connection: Connection, token: str, now: datetime) -> int | None:
    found = invited(connection, token, now)
    if found is None:
        raise BadInput("This link was used, or is too old; ask an administrator for a new one.")
    return found[0]


def _known(connection: Connection, email: str) -> Account:
    address = as_compared(email)
    account = account_of(connection, address)
    if account is None or account.grant_id is None:
        have = some_addresses(connection, SOME)
        more = " ..." if len(have) == SOME else ""
        raise BadInput(f"{address} has no access; who has: {', '.join(have) or 'nobody yet'}{more}.")
    return account


def _not_the_last(connection: Connection, account: Account, grant: Grant | None) -> None:
    """Somebody has to be left who can give access, without a last day."""
    before = account.grant
    if before is None or not _administers(before) or account.password is None:
        return
    stays = grant is not None and _administers(grant) and (grant.until is None or before.until is not None)
    if not stays and not has_lasting_administrator(connection, account.id):
        raise BadInput(
            f"{account.email} is the only administrator who has no last day; make somebody else one first, and let "
            "them choose a password."
        )


def _administers(grant: Grant) -> bool:
    return grant.role is Role.ADMINISTRATOR


def _as_on_record(connection: Connection, grant: Grant) -> tuple[Grant, int | None]:
    """A grant with its units as they are spelt on record, and the number of the person whom staff are.

    Raises BadInput if a unit or the person is not on record.
    """
    if grant.units:
        known = unit_names(connection)
        grant = replace(grant, units=tuple(sorted({unit_meant(unit, known) for unit in grant.units})))
    if grant.employee_id is None:
        return grant, None
    person = person_of(connection, grant.employee_id)
    if person is None:
        raise unknown(connection, grant.employee_id)
    return grant, person


def _link(connection: Connection, account: int | None, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    invite(connection, token, account, now + LINK_LASTS)
    return token
