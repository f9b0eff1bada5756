"""A mail's words as a document of its own, which can do nothing: looked at within a page, or by itself."""

from fastapi.responses import HTMLResponse, Response

from tracker.actions.deliver_mail import letterhead
from tracker.actions.enable_mail import mail_gate
from tracker.actions.write_mail import Letterhead
from tracker.domain.errors import BadInput
from tracker.notify.render import Rendered
from tracker.web.gate import Visit
from tracker.web.headers import POLICY

# No script, no form, nothing from anywhere; its style stands in it. Only a page of this app may show it within itself.
OF_LETTER = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


def letter(words: Rendered) -> Response:
    """The HTML of a mail."""
    return HTMLResponse(words.html, headers={"content-security-policy": OF_LETTER})


def framing(answer: Response) -> Response:
    """A page that may show such a document within itself."""
    answer.headers["content-security-policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def letterhead_of(visit: Visit) -> tuple[Letterhead | None, str]:
    """What mails are written with; or why they cannot be."""
    settings = visit.site.settings
    try:
        return letterhead(settings, mail_gate(visit.database, settings)), ""
    except BadInput as error:
        return None, str(error)
