"""What is stored of those who sign in. Not one table holds a password or a token that could be used as it stands."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from tracker.db.schema import Instant, fact_table, metadata

# Somebody who can sign in. `email` is as compared: without blanks around it, in small letters. `password` is a digest
# made to be slow; none until its owner has chosen one, nor after it was taken away.
accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password", Text),
)

# What an account may see and do, as facts: who could see what on any day stays answerable. `units` is a JSON list.
grants = fact_table(
    "grants",
    Column("account_id", Integer, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("units", Text, nullable=False),
    Column("person_id", Integer, index=True),
    Column("until", Date),
    of_person=False,
)

# One-time links by which somebody chooses a password: the digest of what stands in the link.
invitations = Table(
    "invitations",
    metadata,
    Column("token", String(64), primary_key=True),
    # None for the first administrator, whose account the link makes.
    Column("account_id", Integer, ForeignKey(accounts.c.id)),
    Column("ends_at", Instant, nullable=False),
)

# Who is signed in: the digest of what the browser keeps.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("account_id", Integer, ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

# Failed tries to sign in, by digests of what was tried and from where: kept as long as they slow the next one down.
failures = Table(
    "failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("whom", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)
Index("ix_failures_whom_at", failures.c.whom, failures.c.at)
