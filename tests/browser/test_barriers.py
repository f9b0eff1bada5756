"""No barrier that axe-core knows of in any state of any page: in light, in dark, on paper, on a desk, on a phone."""

from pathlib import Path
from typing import Any

import pytest
from jinja2.meta import find_referenced_templates
from jinja2.runtime import Context

import tracker
from browser.states import everything
from browser.ward import Ward, barriers
from tracker.web.pages import _environment, folder

TEMPLATES = folder(Path(tracker.__file__).parent)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The templates of the pages that were made since."""
    names: set[str] = set()

    class Noted(Context):
        def __init__(self, *known: Any, **more: Any) -> None:
            super().__init__(*known, **more)
            names.add(self.name or "")

    monkeypatch.setattr(_environment(), "context_class", Noted)
    return names


def with_parts(names: set[str]) -> set[str]:
    """Templates, and those that they are made of."""
    found: set[str] = set()
    while names:
        found |= names
        texts = [(TEMPLATES / name).read_text("utf-8") for name in names]
        parts = (find_referenced_templates(_environment().parse(text)) for text in texts)
        names = {one for some in parts for one in some if one} - found
    return found


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_state_of_any_page_has_a_barrier(rendered: set[str], ward: Ward, bare: Ward) -> None:
    """Nor is any wider than its window; and there is no template that was not looked at in some state."""
    found = {name: barriers(page) for name, page in everything(ward, bare)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    every = {each.relative_to(TEMPLATES).as_posix() for each in TEMPLATES.rglob("*.html")}
    assert every - with_parts(rendered) == set()
