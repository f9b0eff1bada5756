"""Accounts as lists show them: some at a time, by address; and where one is signed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from tracker.db.access_tables import accounts, grants, sign_ins
from tracker.db.accounts import Account, account_from, account_query, digest
from tracker.db.bulk import among


class Wanted(NamedTuple):
    """Which accounts are listed: those whose address or name begins so, in a role, with access or without any more."""

    begins: str = ""
    role: str = ""
    ended: bool = False


class SignIn(NamedTuple):
    """A browser in which somebody is signed in: since when, when last seen, and whether it is the one that asks."""

    began_at: datetime
    seen_at: datetime
    here: bool


def some_accounts(connection: Connection, wanted: Wanted, after: str, most: int) -> list[Account]:
    """The accounts after an address, by address."""
    query = account_query().where(accounts.c.email > after)
    query = query.where(grants.c.id.is_(None) if wanted.ended else grants.c.id.is_not(None))
    if wanted.role:
        query = query.where(grants.c.role == wanted.role)
    if wanted.begins:
        begins = wanted.begins.casefold()
        # SQLite makes small letters of English ones only.
        named = [
            name.startswith(text, autoescape=True)
            for name, text in ((accounts.c.name, wanted.begins), (func.lower(accounts.c.name), begins))
        ]
        query = query.where(or_(accounts.c.email.startswith(begins, autoescape=True), *named))
    return [account_from(row) for row in connection.execute(query.order_by(accounts.c.email).limit(most))]


def last_seen(connection: Connection, numbers: Sequence[int]) -> dict[int, datetime]:
    """When those of some accounts who are signed in, or were not long ago, were last seen."""
    theirs = among(connection, sign_ins.c.account_id, numbers)
    query = select(sign_ins.c.account_id, func.max(sign_ins.c.seen_at)).where(theirs)
    return dict(connection.execute(query.group_by(sign_ins.c.account_id)).all())


def sign_ins_of(connection: Connection, account: int, token: str, began: datetime, seen: datetime) -> list[SignIn]:
    """Where an account is signed in that began after an instant and was seen after another; the latest seen first."""
    query = select(sign_ins).where(
        sign_ins.c.account_id == account, sign_ins.c.began_at > began, sign_ins.c.seen_at > seen
    )
    rows = connection.execute(query.order_by(sign_ins.c.seen_at.desc(), sign_ins.c.token))
    return [SignIn(row.began_at, row.seen_at, row.token == digest(token)) for row in rows]
