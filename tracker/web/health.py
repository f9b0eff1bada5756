"""`/health`, for monitors: open to all, so a word and no more, and asked of the database only now and then."""

from datetime import datetime, timedelta
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response

from tracker.jobs.health import WELL, in_a_word
from tracker.jobs.spec import Site as Works
from tracker.web.gate import site_of
from tracker.web.site import Site

router = APIRouter()
# Anybody may ask as often as they like.
LOOKS_EVERY = timedelta(seconds=5)
BEGINS = "starting"


class Word:
    """What was found last; before anything was, that it has just begun."""

    def __init__(self) -> None:
        self._lock, self._found = Lock(), BEGINS
        self._at: datetime | None = None

    def of(self, site: Site) -> str:
        """How it is, some seconds ago. One asks the database; whoever comes meanwhile is told what was found before."""
        if not self._lock.acquire(blocking=False):
            return self._found
        try:
            now = site.now()
            if self._at is None or now - self._at >= LOOKS_EVERY:
                self._found, self._at = in_a_word(Works(site.database, site.settings, site.now)), now
            return self._found
        finally:
            self._lock.release()


@router.get("/health")
def health(request: Request, site: Annotated[Site, Depends(site_of)]) -> Response:
    """200 and `ok`, or 503 and what is wrong."""
    word = request.app.state.health.of(site)
    return PlainTextResponse(word, 200 if word == WELL else 503)
