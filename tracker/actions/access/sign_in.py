"""Signs in, says who is signed in, signs out."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from tracker.actions.access.passwords import digest_of, is_outdated, matches
from tracker.actions.access.tries import tries_of
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
from tracker.db.connect import Connection, Database
from tracker.domain.errors import BadInput, Busy, NotPossible

# A shift, and a break: machines on a ward are shared.
LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=1)
# That somebody was seen is written down so seldom.
NOTED_EVERY = timedelta(minutes=1)

# Milliseconds for which something waits for whoever is writing: what may be left for later, and signing in.
AT_ONCE = 20
A_WHILE = 3000
_WRITING = "Something large is being recorded just now, such as an import; wait a minute and sign in then."

# Tries that may fail within the time, for one account and from one address, before the next has to wait.
WITHIN = timedelta(minutes=15)
TRIES_OF_ONE = 8
TRIES_FROM_ONE = 60

_REFUSED = "The address or the password is not right; check both, or ask an administrator for a new link."
TOO_MANY = "Too many tries failed; wait a quarter of an hour, or ask an administrator for a new link."


def sign_in(
    database: Database, email: str, password: str, place: str, now: datetime, instead_of: str | None = None
) -> str:
    """Signs somebody in and returns the token that their browser keeps.

    `place` is the network address that they come from; `instead_of` the token that the browser kept before, which opens
    nothing from then on. Raises BadInput, which tells nobody whether there is such an
    account, and NotPossible where nothing can be written now.
    """
    try:
        address = as_compared(email)
    except BadInput:
        raise BadInput(_REFUSED) from None
    tried = [tries_of(address), f"place {place}"]
    with database.read() as connection:
        counts = [failed(connection, each, now - WITHIN) for each in tried]
        account = account_of(connection, address)
    if counts[0] >= TRIES_OF_ONE or counts[1] >= TRIES_FROM_ONE:
        raise BadInput(TOO_MANY)
    right = matches(account.password if account else None, password)
    if account is None or account.password is None or not right or account.grant is None:
        with _written(database) as connection:
            note_failure(connection, tried, now, now - WITHIN)
        raise BadInput(_REFUSED)
    token = secrets.token_urlsafe(32)
    with _written(database) as connection:
        end_old_sign_ins(connection, now - LONGEST, now - IDLE)
        if is_outdated(account.password):
            set_digest(connection, account.id, digest_of(password))
        if instead_of:
            end_sign_in(connection, instead_of)
        begin_sign_in(connection, token, account.id, now)
    return token


@contextmanager
def _written(database: Database) -> Iterator[Connection]:
    try:
        with database.write(patience=A_WHILE) as connection:
            yield connection
    except Busy as error:
        raise Busy(_WRITING, error.where) from error


def who_is(database: Database, token: str, now: datetime) -> Account | None:
    """Who is signed in by a token; None if nobody is, or no longer."""
    with database.read() as connection:
        found = signed_in(connection, token, now - LONGEST, now - IDLE)
    if found is None:
        return None
    account, seen = found
    if now - seen >= NOTED_EVERY:
        # Whoever writes meanwhile keeps nobody from looking: the next look notes it.
        with suppress(NotPossible), database.write(patience=AT_ONCE) as connection:
            note_seen(connection, token, now)
    return account


def sign_out(database: Database, token: str) -> None:
    """Ends what a token opened."""
    with database.write() as connection:
        end_sign_in(connection, token)
