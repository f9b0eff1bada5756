"""The first page: who of mine cannot work as they should, and who soon will not."""

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.web.gate import SignedIn
from tracker.web.pages import page

router = APIRouter()


@router.get("/")
def today(visit: SignedIn) -> Response:
    """What needs somebody."""
    return page("today", visit)
