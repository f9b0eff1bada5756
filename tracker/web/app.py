"""The app: its routes, and what becomes of errors on the way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from tracker.domain.errors import BadInput, NotPossible, TrackerError
from tracker.web import (
    access,
    answer_form,
    bounces,
    card_forms,
    change_unit,
    checks,
    class_forms,
    evidence,
    exemption_forms,
    health,
    history_of_person,
    issued,
    jobs,
    leave_forms,
    mail,
    mail_samples,
    mails_of_person,
    me,
    own,
    people,
    person,
    policy,
    policy_draft,
    refused,
    reports,
    sign_in,
    today,
    trail,
    unit,
    units,
    uploads,
)
from tracker.web.gate import NotAllowedError, SignInFirstError, Visit, site_of
from tracker.web.headers import Headers, always
from tracker.web.imports import routes as imports
from tracker.web.pages import page
from tracker.web.room import Room
from tracker.web.site import Site

# What is said where the server finds no sentence of its own.
SAID = {
    404: ("There is no such page", "Check the address, or begin at the first page."),
    405: ("This page takes no such request", "Go back to where you came from and try again."),
}
ROUTERS = (
    sign_in.router,
    today.router,
    people.router,
    person.router,
    own.router,
    imports.router,
    card_forms.router,
    answer_form.router,
    leave_forms.router,
    class_forms.router,
    exemption_forms.router,
    evidence.router,
    mails_of_person.router,
    history_of_person.router,
    units.router,
    unit.router,
    change_unit.router,
    reports.router,
    issued.router,
    checks.router,
    uploads.router,
    refused.router,
    mail.router,
    mail_samples.router,
    bounces.router,
    policy.router,
    policy_draft.router,
    access.router,
    me.router,
    jobs.router,
    health.router,
    trail.router,
)


def make_app(site: Site) -> FastAPI:
    """The app of one installation."""
    app = FastAPI(title="Credential tracker", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_living)
    app.state.site, app.state.health = site, health.Word()
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    app.add_middleware(Room, site=site)
    # Around the other, so that its refusals carry the headers too.
    app.add_middleware(Headers, secure=site.is_secure)
    app.add_exception_handler(SignInFirstError, _to_sign_in)
    app.add_exception_handler(NotAllowedError, _not_allowed)
    app.add_exception_handler(TrackerError, _in_words)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _by_number)
    app.add_exception_handler(Exception, _broken)
    return app


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    """What was begun comes to an end before the server does."""
    yield
    app.state.site.background.end()


def _visit(request: Request) -> Visit | None:
    """Who looks, if they came so far."""
    return getattr(request.state, "visit", None)


def _to_sign_in(request: Request, error: Exception) -> Response:
    wanted = error.page if isinstance(error, SignInFirstError) else "/"
    return RedirectResponse("/sign-in" if wanted == "/" else f"/sign-in?to={quote(wanted)}", 303)


def _not_allowed(request: Request, error: Exception) -> Response:
    said = "Ask an administrator for access to it."
    return page("wrong", _visit(request), 403, title="This is not for you to see", said=said)


def _in_words(request: Request, error: Exception) -> Response:
    if isinstance(error, BadInput):
        return page("wrong", _visit(request), 400, title="That cannot be done", said=str(error))
    status = 503 if isinstance(error, NotPossible) else 500
    return page("wrong", _visit(request), status, title="That cannot be done now", said=str(error))


def _misread(request: Request, error: Exception) -> Response:
    fields = (
        sorted({str(each["loc"][-1]) for each in error.errors()}) if isinstance(error, RequestValidationError) else []
    )
    said = f"Check what was given for: {', '.join(fields)}."
    return page("wrong", _visit(request), 422, title="Something in the form cannot be read", said=said)


def _by_number(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    title, said = SAID.get(status, ("That did not work", "Go back and try again."))
    return page("wrong", _visit(request), status, title=title, said=said)


def _broken(request: Request, error: Exception) -> Response:
    """What should not happen: told so, with the headers that are otherwise added further in."""
    said = "That is a fault of the program, and was noted. Go back and try again, or tell an administrator."
    answer = page("wrong", status=500, title="That did not work", said=said)
    answer.headers.update(always(site_of(request).is_secure))
    return answer
