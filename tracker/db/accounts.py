"""Who can sign in, what each was given, and who is signed in. Tokens come and go as their digests."""

import json
from collections.abc import Collection
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, select, update

from tracker.db.access_tables import accounts, failures, grants, invitations, sign_ins
from tracker.db.bulk import among
from tracker.db.change import Change
from tracker.db.moments import holds
from tracker.db.tables import identities
from tracker.domain.access import Grant, Role
from tracker.domain.errors import BadInput


class Account(NamedTuple):
    """Somebody who can sign in; `grant` is None once it was taken back, `password` until one was chosen."""

    id: int
    email: str
    name: str
    password: str | None
    grant: Grant | None
    grant_id: int | None


def as_compared(email: str) -> str:
    """An address as accounts know it; raises BadInput if it is none."""
    found = email.strip().casefold()
    if found.count("@") != 1 or found.startswith("@") or found.endswith("@") or any(map(str.isspace, found)):
        raise BadInput(f"'{email.strip()}' is no e-mail address; write it as name@hospital.example.")
    return found


def digest(token: str) -> str:
    """What is stored of a token that somebody else keeps."""
    return sha256(token.encode()).hexdigest()


def all_accounts(connection: Connection) -> list[Account]:
    """Everybody who can sign in, or could; by address."""
    return [account_from(row) for row in connection.execute(account_query().order_by(accounts.c.email))]


def account_of(connection: Connection, email: str) -> Account | None:
    """The account of an address as compared."""
    row = connection.execute(account_query().where(accounts.c.email == email)).first()
    return account_from(row) if row else None


def account_by_number(connection: Connection, number: int) -> Account | None:
    """The account of that number."""
    row = connection.execute(account_query().where(accounts.c.id == number)).first()
    return account_from(row) if row else None


def has_administrator(connection: Connection) -> bool:
    """Whether anybody who can sign in may give access to others."""
    return connection.execute(_administrators().limit(1)).first() is not None


def has_lasting_administrator(connection: Connection, besides: int) -> bool:
    """Whether somebody else than an account may give access to others, without a last day."""
    others = _administrators().where(accounts.c.id != besides, grants.c.until.is_(None))
    return connection.execute(others.limit(1)).first() is not None


def some_addresses(connection: Connection, most: int) -> list[str]:
    """The addresses of some who have access."""
    held = select(accounts.c.email).join(grants, grants.c.account_id == accounts.c.id).where(holds(grants, None))
    return list(connection.execute(held.order_by(accounts.c.email).limit(most)).scalars())


def add_account(connection: Connection, email: str, name: str) -> int:
    """Adds an account that opens nothing yet; returns its number."""
    number = (connection.execute(select(func.max(accounts.c.id))).scalar() or 0) + 1
    connection.execute(insert(accounts).values(id=number, email=email, name=name, password=None))
    return number


def set_digest(connection: Connection, account: int, password: str) -> None:
    """Sets another digest of the same password."""
    connection.execute(update(accounts).where(accounts.c.id == account).values(password=password))


def set_password(connection: Connection, account: int, password: str | None) -> None:
    """Sets the digest of an account's password, or takes it away; whoever is signed in by the old one no longer is."""
    connection.execute(update(accounts).where(accounts.c.id == account).values(password=password))
    connection.execute(delete(sign_ins).where(sign_ins.c.account_id == account))
    connection.execute(delete(invitations).where(invitations.c.account_id == account))


def person_of(connection: Connection, employee_id: str) -> int | None:
    """The number of whoever has an employee id now."""
    held = select(identities.c.person_id).where(holds(identities, None), identities.c.employee_id == employee_id)
    return connection.execute(held).scalar()


def give(made: Change, account: int, grant: Grant, person: int | None) -> None:
    """Records what an account was given."""
    made.record(grants, [(account, grant.role.value, json.dumps(sorted(grant.units)), person, grant.until)])


def take_back(made: Change, account: Account) -> None:
    """Takes back what an account was given, and signs it out everywhere."""
    if account.grant_id is not None:
        made.retract(grants, [account.grant_id])
    made.connection.execute(delete(sign_ins).where(sign_ins.c.account_id == account.id))
    made.connection.execute(delete(invitations).where(invitations.c.account_id == account.id))


def refuse_without(connection: Connection, grant: int | None, day: date) -> None:
    """Raises BadInput if what was given by that number does not hold any more, or opens nothing on a day."""
    held = select(grants.c.until).where(grants.c.id == grant, holds(grants, None))
    row = connection.execute(held).first()
    if row is None or (row.until is not None and row.until < day):
        raise BadInput("Your access was ended or changed meanwhile, so nothing was recorded; sign in again.")


def end_staff(made: Change, people: Collection[int]) -> None:
    """Takes back what staff were given who are some people, by the people's numbers; their passwords go, too."""
    for grant in _staff(made.connection, people):
        made.retract(grants, [grant.id])
        set_password(made.connection, grant.account_id, None)


def move_staff(made: Change, gone: int, kept: int) -> None:
    """Gives staff who are one person the page of another, whom that person becomes; they stay signed in."""
    for grant in _staff(made.connection, [gone]):
        made.retract(grants, [grant.id])
        made.record(grants, [(grant.account_id, grant.role, grant.units, kept, grant.until)])


def _staff(connection: Connection, people: Collection[int]) -> list[Row[Any]]:
    """The grants that hold of staff who are some people."""
    theirs = among(connection, grants.c.person_id, sorted(people)), holds(grants, None)
    return list(connection.execute(select(grants).where(*theirs).order_by(grants.c.id)))


def invite(connection: Connection, token: str, account: int | None, ends_at: datetime) -> None:
    """Notes a one-time link; an older one of the same account, or for the first, no longer opens anything."""
    connection.execute(delete(invitations).where(_invited(account)))
    connection.execute(insert(invitations).values(token=digest(token), account_id=account, ends_at=ends_at))


def invited(connection: Connection, token: str, now: datetime) -> tuple[int | None] | None:
    """Whose link a token is of, in a tuple (None in it: the first administrator's); None if it opens nothing."""
    query = select(invitations.c.account_id).where(invitations.c.token == digest(token), invitations.c.ends_at > now)
    row = connection.execute(query).first()
    return (row.account_id,) if row else None


def use_up(connection: Connection, token: str) -> None:
    """Forgets a link that was used."""
    connection.execute(delete(invitations).where(invitations.c.token == digest(token)))


def begin_sign_in(connection: Connection, token: str, account: int, now: datetime) -> None:
    """Notes that somebody is signed in from now on."""
    connection.execute(insert(sign_ins).values(token=digest(token), account_id=account, began_at=now, seen_at=now))


def end_sign_in(connection: Connection, token: str) -> None:
    """Signs out."""
    connection.execute(delete(sign_ins).where(sign_ins.c.token == digest(token)))


def end_old_sign_ins(connection: Connection, began: datetime, seen: datetime) -> None:
    """Forgets those who signed in before an instant, or were last seen before another."""
    connection.execute(delete(sign_ins).where((sign_ins.c.began_at <= began) | (sign_ins.c.seen_at <= seen)))


def signed_in(connection: Connection, token: str, began: datetime, seen: datetime) -> tuple[Account, datetime] | None:
    """Who keeps that token, and when they were last seen; None if they signed in, or were seen, too long ago."""
    query = account_query().add_columns(sign_ins.c.seen_at).join(sign_ins, sign_ins.c.account_id == accounts.c.id)
    fresh = and_(sign_ins.c.began_at > began, sign_ins.c.seen_at > seen)
    row = connection.execute(query.where(sign_ins.c.token == digest(token), fresh)).first()
    return (account_from(row), row.seen_at) if row else None


def note_seen(connection: Connection, token: str, now: datetime) -> None:
    """Notes that somebody is still there."""
    connection.execute(update(sign_ins).where(sign_ins.c.token == digest(token)).values(seen_at=now))


def end_sign_ins(connection: Connection, account: int) -> None:
    """Signs an account out everywhere."""
    connection.execute(delete(sign_ins).where(sign_ins.c.account_id == account))


def failed(connection: Connection, whom: str, since: datetime) -> int:
    """How often signing in failed since an instant, for one of those whom `note_failure` counts."""
    query = select(func.count()).where(failures.c.whom == digest(whom), failures.c.at > since)
    return int(connection.execute(query).scalar_one())


def note_failure(connection: Connection, whom: list[str], at: datetime, forget: datetime) -> None:
    """Counts a failed try, and forgets those before an instant."""
    connection.execute(delete(failures).where(failures.c.at <= forget))
    connection.execute(insert(failures), [{"whom": digest(each), "at": at} for each in whom])


def forget_failures(connection: Connection, whom: str) -> None:
    """Counts the failed tries of one of those whom `note_failure` counts no more."""
    connection.execute(delete(failures).where(failures.c.whom == digest(whom)))


def _administrators() -> Select[int]:
    """The grants of administrators who have chosen a password."""
    held = holds(grants, None), grants.c.role == Role.ADMINISTRATOR, accounts.c.password.is_not(None)
    return select(grants.c.id).join(accounts, accounts.c.id == grants.c.account_id).where(*held)


def _invited(account: int | None) -> ColumnElement[bool]:
    return invitations.c.account_id.is_(None) if account is None else invitations.c.account_id == account


def account_query() -> Select[Any]:
    """Accounts, with what each has been given."""
    held = and_(grants.c.account_id == accounts.c.id, holds(grants, None))
    named = and_(identities.c.person_id == grants.c.person_id, holds(identities, None))
    return (
        select(
            accounts.c.id,
            accounts.c.email,
            accounts.c.name,
            accounts.c.password,
            grants.c.id.label("grant_id"),
            grants.c.role,
            grants.c.units,
            identities.c.employee_id,
            grants.c.until,
        )
        .outerjoin(grants, held)
        .outerjoin(identities, named)
    )


def account_from(row: Row[Any]) -> Account:
    """The account of a row of `account_query`."""
    grant = None
    # Staff whose person is on record no longer see nobody.
    if row.role and (row.role != Role.STAFF or row.employee_id):
        grant = Grant(Role(row.role), tuple(json.loads(row.units)), row.employee_id, row.until)
    return Account(row.id, row.email, row.name, row.password, grant, row.grant_id)
