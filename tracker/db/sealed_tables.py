"""What the trail is proved by, and what it says of facts that were removed for good."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tracker.db.schema import fact_table, metadata

# The digests behind a seal: what a change recorded of one kind, cut into blocks of a few hundred facts that follow on
# each other, so that removing one fact means reading its block and no more. As they were when the change was sealed.
blocks = Table(
    "blocks",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("seq", Integer, ForeignKey("changes.seq"), nullable=False),
    Column("count", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)

# What is put before the facts of a block, or a note, as they are digested: random, so that what was removed cannot be
# guessed by its digest once this is gone. `version` is the change that made the digest. Never leaves the database.
salts = Table(
    "salts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("salt", String(32), nullable=False),
)

# A fact that was removed for good, by its number: `brought` and `ended` are the changes that recorded and retracted
# it. A note that was is of the kind `changes`. The database lets go of what stands here, and of nothing else.
removals = fact_table(
    "removals",
    Column("kind", Text, nullable=False),
    Column("fact", Integer, nullable=False),
    Column("brought", Integer, nullable=False),
    Column("ended", Integer, index=True),
    of_person=False,
)
Index("uq_removals_kind_fact", removals.c.kind, removals.c.fact, unique=True)

# What a block holds since something was removed from it; of a note that was, the digest that its entry is sealed with.
resealings = fact_table(
    "resealings",
    Column("kind", Text, nullable=False),
    Column("first", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    of_person=False,
)
Index("ix_resealings_kind_first", resealings.c.kind, resealings.c.first)
