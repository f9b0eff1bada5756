"""What is stored.

A fact is a row that is never changed but for `retracted`; `recorded` and `retracted` number the change that did it
(`changes` says when, who, from where and why). It holds at a change n if recorded <= n < retracted.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from tracker.db.access_tables import grants
from tracker.db.card_numbers import index_numbers
from tracker.db.schema import Instant, fact_table
from tracker.db.schema import metadata as metadata  # noqa: PLC0414 whoever wants all tables asks here
from tracker.db.sealed_tables import removals, resealings

# Who changed what, when, from where and why: the numbering of everything that is known.
changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("note", Text),
)
# Instants never run backwards, so the latest of any kind is found from the end of an index.
Index("ix_changes_at_seq", changes.c.at, changes.c.seq)
for _of in (changes.c.actor, changes.c.source, changes.c.action, changes.c.subject):
    Index(f"ix_changes_{_of.name}_seq", _of, changes.c.seq)

# The chain over the changes: each hash covers the change, a digest of its facts, and the hash before.
seals = Table(
    "seals",
    metadata,
    Column("seq", Integer, ForeignKey(changes.c.seq), primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# The stable number of a person. `touched` is the last change that bears on the person's timelines.
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("employee_id", Text, nullable=False, unique=True),
    Column("touched", Integer, nullable=False, index=True),
)


identities = fact_table(
    "identities",
    Column("employee_id", Text, nullable=False),
    Column("name", Text),
    Column("email", Text),
)

units = fact_table(
    "units",
    Column("name", Text, nullable=False, index=True),
    Column("facility", Text),
    Column("managers", Text),
    Column("director", Text),
    of_person=False,
)

assignments = fact_table(
    "assignments",
    Column("unit", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("employment_type", Text),
    Column("manager_email", Text, index=True),
    Column("starts_on", Date),
    Column("ends_on", Date),
)

# `card` is the card's own number: a correction is another row with the same one.
cards = fact_table(
    "cards",
    Column("card", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("issuer", Text),
    Column("issued_on", Date),
    Column("stated", String(10)),
    Column("number", Text),
)
index_numbers(cards)

verifications = fact_table(
    "verifications",
    Column("card", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("revoked_from", Date),
    Column("checked_on", Date, nullable=False),
    Column("checked_by", Text, nullable=False),
    Column("how", Text, nullable=False),
)

absences = fact_table(
    "absences",
    Column("starts_on", Date, nullable=False),
    Column("until", Date),
)

exemptions = fact_table(
    "exemptions",
    Column("requirement", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("approver", Text),
    Column("reason", Text),
)

bookings = fact_table(
    "bookings",
    Column("type", Text, nullable=False),
    Column("class_on", Date, nullable=False),
)

# A card that was handed in and waits to be checked; `item` is the piece of evidence that seems to show it.
submissions = fact_table(
    "submissions",
    Column("type", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("item", Integer),
)

# A file that shows a card, or is to: `card` is missing until somebody says which one. `item` is its own number, which
# outlives that correction. The file lies in the data folder under its hash, whoever else showed the same one.
evidence = fact_table(
    "evidence",
    Column("item", Integer, nullable=False),
    Column("card", Integer),
    Column("sha256", String(64), nullable=False, index=True),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("name", Text),
)

# A card that was handed in and not accepted. `entry` is the change that refused it: the refusal's own number, which
# outlives a merge of two people. `item` is the piece of evidence, `instead` what the person is asked to send.
refusals = fact_table(
    "refusals",
    Column("entry", Integer, nullable=False),
    Column("item", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("refused_on", Date, nullable=False),
    Column("refused_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("instead", Text),
)

# Some of what was known of a person was removed for good: days before `kept_from` are not recorded any more, nor is
# what was known before the change `known_from`. It counts whatever instant is asked about.
keepings = fact_table(
    "keepings",
    Column("kept_from", Date, nullable=False),
    Column("known_from", Integer, nullable=False),
)

# Versions of the policy, kept whole. The first has no effective day: it is in force for all days.
policies = fact_table(
    "policies",
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("effective", Date),
    Column("text", Text, nullable=False),
    of_person=False,
)

# What a person said of the columns of files with certain headers: `headers` is a digest over them, `fields` JSON of
# header and field, or "ignore".
mappings = fact_table(
    "mappings",
    Column("headers", String(64), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("confirmed_on", Date, nullable=False),
    of_person=False,
)

# Somebody looked at whom the next mails would reach, and let them go. `bound_to` is a digest over this database, its
# place, and the site's address: a copy elsewhere is not bound to itself and has to be let go anew.
enablings = fact_table(
    "enablings",
    Column("day", Date, nullable=False),
    Column("bound_to", String(64), nullable=False),
    of_person=False,
)

# Mail to an address comes back for good: with which code, what the server said, after which mail. Holds until somebody
# lifts it; whoever gets another address is not concerned.
bounces = fact_table(
    "bounces",
    Column("address", Text, nullable=False),
    Column("status", Text),
    Column("said", Text, nullable=False),
    Column("mail_id", Integer, ForeignKey("mails.id"), nullable=False),
    Column("day", Date, nullable=False),
    of_person=False,
)

# A report that was issued: one file. `sha256` is the hash of the file, `data_sha256` that of its figures as JSON; both
# lie in the data folder under their hashes. `parameters` is JSON that names nobody.
issues = fact_table(
    "issues",
    Column("kind", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("data_sha256", String(64), nullable=False),
    of_person=False,
)

# What those who record facts name a table by.
FactTable = Table

PERSON_FACTS = (
    identities,
    assignments,
    cards,
    verifications,
    absences,
    exemptions,
    bookings,
    submissions,
    evidence,
    refusals,
    keepings,
)
# Those on which a timeline or a reminder rests: whoever shows a file stands where they stood before.
BEARING_FACTS = tuple(table for table in PERSON_FACTS if table is not evidence)
FACTS = (*PERSON_FACTS, units, policies, enablings, mappings, bounces, issues, grants)
# All that the digests of the trail cover row by row.
SEALED = (*FACTS, removals, resealings)

# An import: the files, as understood. Its facts are those of its change.
batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, ForeignKey(changes.c.seq), nullable=False, unique=True),
    Column("files", Text, nullable=False),
    Column("undone", Integer, ForeignKey(changes.c.seq)),
)

# A set of timelines computed by one engine under one set of policies; exactly one is live.
generations = Table(
    "generations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("engine", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
)

# What everybody who is on record is looked up and listed by: derived, and kept in the change that names somebody. The
# name in plain small letters; all that a search may begin with, a blank before each: words, employee id, address; and
# the address as it is compared, by which those are found who share one.
directory = Table(
    "directory",
    metadata,
    Column("person_id", Integer, ForeignKey(people.c.id), primary_key=True, autoincrement=False),
    Column("name_key", Text, nullable=False),
    Column("sought", Text, nullable=False),
    Column("address_key", Text, index=True),
)
Index("ix_directory_name_key", directory.c.name_key, directory.c.person_id)

# Timelines: derived, and refreshed in the transaction that changes what they rest on. The person leads the key: no
# look-up is then tempted to begin with a generation, which holds everybody.
segments = Table(
    "segments",
    metadata,
    Column("person_id", Integer, primary_key=True, autoincrement=False),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("assignment_id", Integer, primary_key=True, autoincrement=False),
    Column("requirement", Text, primary_key=True),
    Column("first_day", Date, primary_key=True),
    Column("last_day", Date, nullable=False),
    Column("standing", Text, nullable=False),
    Column("ends_by", Text, nullable=False),
    sqlite_with_rowid=False,
)

# A mail that is or was owed: `queued`, `sending`, `sent`, `failed` or `withdrawn`. `addressee` names whom it is for
# beyond the address, which two people may share: nobody has two of a kind waiting. `reason` is why it failed or went.
mails = Table(
    "mails",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("planned_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("try_after", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("ended_at", Instant),
    Column("reason", Text),
)
_STILL_TO_DO = mails.c.state.in_(("queued", "sending"))
Index("ix_mails_still_to_do", mails.c.try_after, sqlite_where=_STILL_TO_DO, postgresql_where=_STILL_TO_DO)
Index(
    "uq_mails_kind_addressee",
    mails.c.kind,
    mails.c.addressee,
    unique=True,
    sqlite_where=_STILL_TO_DO,
    postgresql_where=_STILL_TO_DO,
)
Index("ix_mails_address_kind", mails.c.address, mails.c.kind)
Index("ix_mails_ended_at", mails.c.ended_at)
_HAS_FAILED = mails.c.state == "failed"
Index("ix_mails_failed", mails.c.kind, sqlite_where=_HAS_FAILED, postgresql_where=_HAS_FAILED)

# What a mail says of whom. `requirements` is a JSON list; `stage` a lead in days, `new`, `overdue`, an escalation's
# day, or a refusal's `entry`; `first_day` that of the lapse.
notices = Table(
    "notices",
    metadata,
    Column("mail_id", Integer, ForeignKey(mails.c.id), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Integer, ForeignKey(people.c.id), nullable=False, index=True),
    Column("requirements", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("last_day", Date),
    Column("first_day", Date),
)

# The runs, by the day that each was for. A run looked at everything up to change `seq`, by that generation's timelines.
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
)

# When to look at a person again if no fact changes. Derived: who is not in it has nothing to come.
agenda = Table(
    "agenda",
    metadata,
    Column("person_id", Integer, ForeignKey(people.c.id), primary_key=True, autoincrement=False),
    Column("next_on", Date, nullable=False, index=True),
)

# What scheduled jobs did. A job is worked once for each slot, such as a day: whoever adds the row has it until
# `held_until`. `outcome` is `running`, `done` or `failed`; `counts` is JSON. It may be forgotten after a while.
job_runs = Table(
    "job_runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("job", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("held_until", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("counts", Text),
    Column("said", Text),
    UniqueConstraint("job", "slot"),
)
Index("ix_job_runs_job_id", job_runs.c.job, job_runs.c.id)
_UNDONE = job_runs.c.outcome != "done"
Index("ix_job_runs_undone", job_runs.c.job, sqlite_where=_UNDONE, postgresql_where=_UNDONE)

# The processes that work jobs, and when each was last heard of; who ends in good order is not in it.
processes = Table(
    "processes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("jobs", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
