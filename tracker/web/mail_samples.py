"""What each kind of mail looks like, with made-up people."""

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.domain.errors import BadInput
from tracker.notify.languages import find_language
from tracker.notify.render import Rendered, samples
from tracker.reports.mail_words import KINDS
from tracker.web.gate import Visit
from tracker.web.letter import framing, letter
from tracker.web.mail import SeesMail
from tracker.web.pages import page

router = APIRouter()


@router.get("/mail/samples")
def listed(visit: SeesMail) -> Response:
    """Every kind, a usual one and a long one."""
    return page("mail-samples", visit, samples=_samples(visit), kinds=KINDS, chosen="")


@router.get("/mail/samples/{name}")
def sample(visit: SeesMail, name: str) -> Response:
    """One of them: its subject, its text, its page."""
    _one(visit, name)
    return framing(page("mail-samples", visit, samples=_samples(visit), kinds=KINDS, chosen=name))


@router.get("/mail/samples/{name}/page")
def as_page(visit: SeesMail, name: str) -> Response:
    """One of them as its reader's program shows it."""
    return letter(_one(visit, name))


def _samples(visit: Visit) -> dict[str, Rendered]:
    return {name: words for name, _, words in samples(find_language(visit.site.settings.mail_language))}


def _one(visit: Visit, name: str) -> Rendered:
    found = _samples(visit).get(name)
    if found is None:
        raise BadInput(f"There is no sample '{name}'; look at the list of samples.")
    return found
