"""Pages: templates, and what each knows besides its own: who looks, at which day, and how days are written."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import tracker
from tracker.domain.access import Right
from tracker.domain.why import spoken
from tracker.reports.readable import visible
from tracker.web.done import DONE
from tracker.web.gate import Visit
from tracker.web.menu import is_here, menu
from tracker.web.said import said

# Rows of a list on one page.
ROWS = 50


def page(template: str, visit: Visit | None = None, status: int = 200, **known: Any) -> HTMLResponse:
    """A page, from the template of that name."""
    text = _environment().get_template(f"{template}.html").render(visit=visit, **known)
    return HTMLResponse(text, status)


def see(visit: Visit, path: str, **asked: object) -> RedirectResponse:
    """After a form: on to a page, of which a reload sends nothing twice. `done=` says there what was done."""
    return RedirectResponse(address(visit, path, **asked), 303)


def address(visit: Visit, path: str, **asked: object) -> str:
    """An address within the app, for the same day as the page that it stands on."""
    said = {name: value for name, value in asked.items() if value not in (None, "", [], ())}
    if visit.day != visit.today:
        said["on"] = visit.day.isoformat()
    return f"{path}?{urlencode(said, doseq=True)}" if said else path


def person_page(visit: Visit, employee_id: str) -> str:
    """The address of one person's page on the same day."""
    return address(visit, person_path(employee_id))


def page_about(visit: Visit, doing: str, employee_id: str) -> str:
    """The address of a page about one person other than their own, such as `record/card`."""
    return address(visit, f"/{doing}/{quote(employee_id, safe='')}")


def person_path(employee_id: str) -> str:
    """The path of one person's page, whatever their employee id is written with."""
    return f"/people/{quote(employee_id, safe='')}"


def unit_page(visit: Visit, name: str, **asked: object) -> str:
    """The address of one unit's page on the same day."""
    return address(visit, unit_path(name), **asked)


def unit_path(name: str) -> str:
    """The path of one unit's page, whatever its name is written with."""
    return f"/units/{quote(name, safe='')}"


def left(day: date, last: date) -> str:
    """How far a day is from another, in words."""
    days = (last - day).days
    if days == 0:
        return "today"
    count = f"{abs(days)} {'day' if abs(days) == 1 else 'days'}"
    return f"in {count}" if days > 0 else f"{count} ago"


def local(instant: datetime, visit: Visit) -> str:
    """An instant at the site: 30 Jun 2028, 14:05."""
    at = instant.astimezone(ZoneInfo(visit.timezone))
    return f"{spoken(at.date())}, {at:%H:%M}"


def titles_on(visit: Visit) -> dict[str, str]:
    """What the requirements are called: as on the day, or else as some version calls them."""
    if visit.rulebook is None:
        return {}
    called = {one.id: one.title for _, policy in visit.rulebook.reigns for one in policy.requirements}
    return called | {one.id: one.title for one in visit.rulebook.on(visit.day).requirements}


def folder(package: Path) -> Path:
    """Where the templates are: inside the installed package, or beside it in a checkout."""
    installed = package / "templates" / "web"
    return installed if installed.is_dir() else package.parent / "templates" / "web"


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(folder(Path(tracker.__file__).parent))
    found = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    found.filters |= {"spoken": spoken, "local": local, "here": said}
    found.globals |= {
        "address": address,
        "left": left,
        "person_page": person_page,
        "page_about": page_about,
        "unit_page": unit_page,
        "menu": menu,
        "is_here": is_here,
        "Right": Right,
        "DONE": DONE,
    }
    return found


def _seen(value: object) -> object:
    """What is put into a page: texts without the characters that turn the direction of what follows them."""
    if type(value) is not str or value.isprintable():
        return value
    return "\n".join(map(visible, value.split("\n")))
