"""All that is on record of a person, in the words of the records: for the person, or for whoever has to hand it out."""

import json
from typing import Any

from sqlalchemy import Connection, Table, or_, select

from tracker.db.bulk import among
from tracker.db.erasing import Theirs
from tracker.db.tables import bounces, changes, mails, notices
from tracker.db.trail_log import entries_about

Document = dict[str, Any]


def facts_of(connection: Connection, found: Theirs) -> Document:
    """By kind every fact, held or retracted, with who recorded and retracted it and when."""
    seqs: set[int] = set()
    rows: dict[str, list[Document]] = {}
    for table, ids in found.facts.items():
        rows[table.name] = [dict(row._mapping) for row in _rows(connection, table, ids)]
        seqs |= {row[key] for row in rows[table.name] for key in ("recorded", "retracted") if row[key] is not None}
    made = connection.execute(select(changes).where(among(connection, changes.c.seq, sorted(seqs))))
    by_seq = {row.seq: {"entry": row.seq, "at": row.at, "by": row.actor, "from": row.source} for row in made}
    return {
        kind: [row | {key: by_seq.get(row[key]) for key in ("recorded", "retracted")} for row in some]
        for kind, some in rows.items()
        if some
    }


def _rows(connection: Connection, table: Table, ids: list[int]) -> list[Any]:
    return list(connection.execute(select(table).where(among(connection, table.c.id, ids)).order_by(table.c.id)))


def mails_of(connection: Connection, found: Theirs) -> list[Document]:
    """The mails to the person, and what was told of them to others; of those not to whom."""
    own = among(connection, mails.c.addressee, [str(number) for number in found.numbers])
    about = select(notices.c.mail_id).where(among(connection, notices.c.person_id, found.numbers))
    rows = connection.execute(select(mails).where(or_(own, mails.c.id.in_(about))).order_by(mails.c.id)).all()
    told = among(connection, notices.c.mail_id, [row.id for row in rows])
    said: dict[int, list[Document]] = {}
    mine = among(connection, notices.c.person_id, found.numbers)
    for row in connection.execute(select(notices).where(told, mine).order_by(notices.c.mail_id, notices.c.place)):
        said.setdefault(row.mail_id, []).append(
            {
                "requirements": json.loads(row.requirements),
                "cause": row.cause,
                "stage": row.stage,
                "last_day": row.last_day,
                "first_day": row.first_day,
            }
        )
    to_them = {str(number) for number in found.numbers}
    return [
        {
            "id": row.id,
            "day": row.day,
            "kind": row.kind,
            "to": row.address if row.addressee in to_them else None,
            "state": row.state,
            "planned_at": row.planned_at,
            "ended_at": row.ended_at,
            "notices": said.get(row.id, []),
        }
        for row in rows
    ]


def dossier(connection: Connection, found: Theirs) -> dict[str, Any]:
    """The documents of which an export consists, by name."""
    facts = facts_of(connection, found)
    facts.pop(bounces.name, None)
    return {
        "person": {"employee_ids": sorted(found.employee_ids), "numbers": found.numbers, "facts": facts},
        "mails": mails_of(connection, found),
        "trail": [entry._asdict() for entry in entries_about(connection, found.numbers)],
    }
