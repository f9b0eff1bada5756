"""Pages: templates, and what each knows besides its own: who looks, at which day, and how days are written."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import tracker
from tracker.domain.why import spoken
from tracker.web.gate import Visit


def page(template: str, visit: Visit | None = None, status: int = 200, **known: Any) -> HTMLResponse:
    """A page, from the template of that name."""
    text = _environment().get_template(f"{template}.html").render(visit=visit, **known)
    return HTMLResponse(text, status)


def address(visit: Visit, path: str, **asked: object) -> str:
    """An address within the app, for the same day as the page that it stands on."""
    said = {name: value for name, value in asked.items() if value not in (None, "", [], ())}
    if visit.day != visit.today:
        said["on"] = visit.day.isoformat()
    return f"{path}?{urlencode(said, doseq=True)}" if said else path


def person_page(visit: Visit, employee_id: str) -> str:
    """The address of one person's page, whatever their employee id is written with."""
    return address(visit, f"/people/{quote(employee_id, safe='')}")


def left(day: date, last: date) -> str:
    """How far a day is from another, in words."""
    days = (last - day).days
    if days == 0:
        return "today"
    count = f"{abs(days)} {'day' if abs(days) == 1 else 'days'}"
    return f"in {count}" if days > 0 else f"{count} ago"


def folder(package: Path) -> Path:
    """Where the templates are: inside the installed package, or beside it in a checkout."""
    installed = package / "templates" / "web"
    return installed if installed.is_dir() else package.parent / "templates" / "web"


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(folder(Path(tracker.__file__).parent))
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters["spoken"] = spoken
    found.globals |= {"address": address, "left": left, "person_page": person_page}
    return found
