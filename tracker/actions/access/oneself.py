"""What everybody may do with their own account."""

import secrets
from datetime import datetime

from tracker.actions.access.passwords import digest_of, matches
from tracker.actions.access.sign_in import TOO_MANY, TRIES_OF_ONE, WITHIN
from tracker.actions.access.tries import tries_of
from tracker.db.accounts import account_by_number, begin_sign_in, end_sign_ins, failed, note_failure, set_password
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.domain.errors import BadInput


def change_password(database: Database, author: Author, account: int, old: str, new: str, now: datetime) -> str:
    """Sets another password and ends every sign-in; returns the token of the one that goes on.

    Raises BadInput if the old password is not right, which counts as a failed try to sign in, or the new one is none.
    """
    digest = digest_of(new)
    with database.read() as connection:
        known = account_by_number(connection, account)
        tries = failed(connection, tries_of(known.email), now - WITHIN) if known else 0
    if known is None or tries >= TRIES_OF_ONE:
        raise BadInput(TOO_MANY)
    if not matches(known.password, old):
        with database.write() as connection:
            note_failure(connection, [tries_of(known.email)], now, now - WITHIN)
        raise BadInput("The old password is not right; type it again, or ask an administrator for a link.")
    token = secrets.token_urlsafe(32)
    with change(database, author, "access password", f"account:{account}") as made:
        if account_by_number(made.connection, account) != known:
            raise BadInput("Your access was changed meanwhile; sign in again.")
        made.note_look()
        set_password(made.connection, account, digest)
        begin_sign_in(made.connection, token, account, now)
    return token


def sign_out_everywhere(database: Database, account: int) -> None:
    """Ends every sign-in of an account."""
    with database.write() as connection:
        end_sign_ins(connection, account)
