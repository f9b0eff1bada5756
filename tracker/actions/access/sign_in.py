"""Signs in, says who is signed in, signs out."""

import secrets
from datetime import datetime, timedelta

from tracker.actions.access.passwords import digest_of, is_outdated, matches
from tracker.db.accounts import (
    Account,
    account_of,
    as_compared,
    begin_sign_in,
    end_old_sign_ins,
    end_sign_in,
    failed,
    note_failure,
    note_seen,
    set_digest,
    signed_in,
)
from tracker.db.connect import Database
from tracker.domain.errors import BadInput

# A shift, and a break: machines on a ward are shared.
LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=1)
# That somebody was seen is written down so seldom.
NOTED_EVERY = timedelta(minutes=1)

# Tries that may fail within the time, for one account and from one address, before the next has to wait.
WITHIN = timedelta(minutes=15)
TRIES_OF_ONE = 8
TRIES_FROM_ONE = 60

_REFUSED = "The address or the password is not right; check both, or ask an administrator for a new link."
TOO_MANY = "Too many tries failed; wait a quarter of an hour, or ask an administrator for a new link."


def sign_in(database: Database, email: str, password: str, place: str, now: datetime) -> str:
    """Signs somebody in and returns the token that their browser keeps.

    `place` is the network address that they come from. Raises BadInput, which tells nobody whether there is such an
    account.
    """
    try:
        address = as_compared(email)
    except BadInput:
        raise BadInput(_REFUSED) from None
    tried = [f"account {address}", f"place {place}"]
    with database.read() as connection:
        counts = [failed(connection, each, now - WITHIN) for each in tried]
        account = account_of(connection, address)
    if counts[0] >= TRIES_OF_ONE or counts[1] >= TRIES_FROM_ONE:
        raise BadInput(TOO_MANY)
    right = matches(account.password if account else None, password)
    if account is None or account.password is None or not right or account.grant is None:
        with database.write() as connection:
            note_failure(connection, tried, now, now - WITHIN)
        raise BadInput(_REFUSED)
    token = secrets.token_urlsafe(32)
    with database.write() as connection:
        end_old_sign_ins(connection, now - LONGEST, now - IDLE)
        if is_outdated(account.password):
            set_digest(connection, account.id, digest_of(password))
        begin_sign_in(connection, token, account.id, now)
    return token


def who_is(database: Database, token: str, now: datetime) -> Account | None:
    """Who is signed in by a token; None if nobody is, or no longer."""
    with database.read() as connection:
        found = signed_in(connection, token, now - LONGEST, now - IDLE)
    if found is None:
        return None
    account, seen = found
    if now - seen >= NOTED_EVERY:
        with database.write() as connection:
            note_seen(connection, token, now)
    return account


def sign_out(database: Database, token: str) -> None:
    """Ends what a token opened."""
    with database.write() as connection:
        end_sign_in(connection, token)
