"""Who did what to which record, when and from where; and proof that nothing of it was altered."""

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime, time
from typing import IO, Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse

from tracker.actions.check_trail import check_trail, last_check
from tracker.db.trail import LARGEST, Entry, entry, head
from tracker.db.trail_entry import facts_of, seals_of
from tracker.db.trail_export import against_noted, chain, head_of
from tracker.db.trail_log import Asked, log, named
from tracker.db.trail_subjects import Named, named_by
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.reports.forms import to_json
from tracker.web import trail_words as words
from tracker.web.attached import MEDIA, attached, to_save
from tracker.web.background import Errand
from tracker.web.gate import Needs, Visit, named_day
from tracker.web.pages import ROWS, page, see

router = APIRouter()
Seer = Annotated[Visit, Depends(Needs(Right.SEE_TRAIL))]
# Of those who did something, so many are offered while one types.
OFFERED = 200
CHECK = "check the trail"


class Filters:
    """What a list is narrowed by, as it stands in the address."""

    def __init__(self, who: str = "", what: str = "", employee: str = "", since: str = "", until: str = "") -> None:
        self.who, self.what, self.employee = who.strip(), what, employee.strip()
        self.since, self.until = since, until

    def asked(self, timezone: str, before: int) -> Asked:
        """What is asked of the trail; raises BadInput if a day is none. Both days are included."""
        zone, first, last = ZoneInfo(timezone), named_day(self.since), named_day(self.until)
        return Asked(
            employee_id=self.employee or None,
            actor=self.who or None,
            action=self.what or None,
            since=datetime.combine(first, time.min, zone) if first else None,
            until=datetime.combine(last, time.max, zone) if last else None,
            before=before if 0 < before <= LARGEST else None,
        )

    def said(self) -> dict[str, str]:
        """As parts of an address."""
        return {name: value for name, value in vars(self).items() if value}


@router.get("/trail")
def trail(visit: Seer, filters: Annotated[Filters, Depends()], before: int = 0) -> Response:
    """The entries, the latest first."""
    found: list[Entry] = []
    problem = ""
    with visit.database.read() as connection:
        actions, actors = named(connection, "action", OFFERED), named(connection, "actor", OFFERED)
        try:
            found = log(connection, filters.asked(visit.timezone, before), ROWS + 1)
        except BadInput as error:
            problem = str(error)
        about = named_by(connection, (text for one in found[:ROWS] for text in (one.subject, one.actor)))
    return page(
        "trail",
        visit,
        400 if problem else 200,
        lines=[_line(one, about) for one in found[:ROWS]],
        further=found[ROWS - 1].seq if len(found) > ROWS else None,
        before=before,
        filters=filters,
        asked=filters.said(),
        actions=[("", "Everything"), *sorted(((one, words.done(one)) for one in actions), key=lambda each: each[1])],
        actors=actors,
        problem=problem,
    )


@router.get("/trail/check")
def check(visit: Seer, noted: str = "") -> Response:
    """What was found the last time, and how far a check is that goes on; and whether a noted seal still stands."""
    problem, holds = "", False
    with visit.database.read() as connection:
        last = head(connection)
        try:
            problem = against_noted(connection, noted) or "" if noted else ""
            holds = bool(noted) and not problem
        except BadInput as error:
            problem = str(error)
    errand = visit.site.background.ask(CHECK)
    return page(
        "trail-check",
        visit,
        400 if problem else 200,
        checked=last_check(visit.site.settings.data_dir),
        going_on=errand is not None and not errand.ended,
        failed=errand.problem if errand else "",
        head=last,
        noted=noted,
        holds=holds,
        problem=problem,
    )


@router.post("/trail/check")
def begin(visit: Seer) -> Response:
    """Begins to look at every entry and every fact."""

    def work(_errand: Errand) -> None:
        check_trail(visit.database, visit.site.settings.data_dir, visit.account.email, visit.site.now())

    visit.site.background.begin(CHECK, work)
    return see(visit, "/trail/check")


@router.get("/trail/head")
def last(visit: Seer) -> Response:
    """The last entry and its seal, as a file to keep elsewhere."""
    with visit.database.read() as connection:
        found = head_of(connection)
    if found is None:
        raise BadInput("Nothing was changed yet, so the trail has no head; come again once something was.")
    return attached(to_json(found), "head.json", MEDIA["json"])


@router.get("/trail/export")
def export(visit: Seer) -> Response:
    """The chain of entries, digests and seals, a JSON object a line."""
    # Written out first: whoever takes long to fetch it keeps no transaction open.
    file = tempfile.TemporaryFile()  # noqa: SIM115 closed by whoever sends it
    with visit.database.read() as connection:
        for each in chain(connection):
            file.write(json.dumps(each, ensure_ascii=False).encode() + b"\n")
    file.seek(0)
    return StreamingResponse(_pieces(file), media_type="application/x-ndjson", headers=to_save("trail.jsonl"))


@router.get("/trail/{seq}")
def one(visit: Seer, seq: int) -> Response:
    """One entry: the numbers of its facts, and its seals."""
    with visit.database.read() as connection:
        found = entry(connection, seq) if 0 < seq <= LARGEST else None
        if found is None:
            raise BadInput("There is no such entry of the trail; choose one of the list.")
        about = named_by(connection, [found.subject, found.actor])
        facts, seals = facts_of(connection, seq), seals_of(connection, seq)
        newest = head(connection)
    last = newest[0] if newest else seq
    return page("trail-entry", visit, line=_line(found, about), facts=facts, seals=seals, newest=last)


def _line(one: Entry, about: Named) -> dict[str, Any]:
    who, accounts = about.of(one.subject)
    return {
        "entry": one,
        "actor": about.called(one.actor),
        "done": words.done(one.action),
        "source": words.source(one.source),
        "people": who[:5],
        "more": max(len(who) - 5, 0),
        "accounts": accounts,
    }


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(64 * 1024):
            yield piece
