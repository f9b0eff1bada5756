"""The ways into the app, as it has them itself; and a walk over all that its pages lead to."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, unquote

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from httpx2 import Response
from starlette.routing import compile_path
from starlette.testclient import TestClient

from web.abuse.reading import Request, asked, leads_to


@dataclass(frozen=True)
class Route:
    """One way in: a method and the shape of a path, and what it takes from addresses and forms by name."""

    method: str
    path: str
    queries: tuple[str, ...]
    fields: tuple[str, ...]

    @cached_property
    def places(self) -> list[str]:
        """The names of what stands in the path."""
        return re.findall(r"\{(\w+)", self.path)

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        return compile_path(self.path)[0]

    def fits(self, one: Request) -> bool:
        """Whether a request may come by this route."""
        return one.method == self.method and self._shape.match(unquote(one.path)) is not None

    def stands_in(self, one: Request) -> dict[str, str]:
        """What stands in the places of the path of a request that fits."""
        found = self._shape.match(unquote(one.path))
        return found.groupdict() if found else {}

    def at(self, values: Mapping[str, str]) -> str:
        """The path with these in its places, as in an address."""
        return re.sub(
            r"\{(\w+)[^}]*\}", lambda place: quote(values[place[1]], safe="", errors="surrogatepass"), self.path
        )


def routes_of(app: FastAPI) -> list[Route]:
    """Every route of the app and what each takes, also by what it depends on; those that change nothing first."""
    found = []
    for each in iter_route_contexts(app.routes):
        if isinstance(each.original_route, APIRoute):
            depended = list(_below(each.dependant))
            queries = {one.alias for part in depended for one in part.query_params}
            fields = {one.alias for part in depended for one in part.body_params} - {"mark"}
            said = str(each.path), tuple(sorted(queries)), tuple(sorted(fields))
            found += [Route(method, *said) for method in each.methods or ()]
    return sorted(found, key=lambda route: (route.method, route.path))


def _below(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _below(each)


@dataclass
class Walked:
    """All that was reached: each answer to a GET, and what the forms on the way would send."""

    answers: dict[Request, Response] = field(default_factory=dict)
    forms: list[Request] = field(default_factory=list)

    @property
    def known(self) -> list[Request]:
        """Every request that the pages lead to."""
        return [*self.answers, *self.forms]


def walk(browser: TestClient, routes: Sequence[Route], most: int) -> Walked:
    """Follows every link and every form that only asks; sends nothing that could change something.

    Of those by one route that differ only in what they say, `most` are taken.
    """
    found, ahead, alike = Walked(), deque([asked("GET", "/")]), Counter[tuple[object, ...]]()
    seen = set(ahead)
    while ahead:
        at = ahead.popleft()
        found.answers[at] = answer = browser.get(at.address)
        for one in leads_to(at, answer):
            if one in seen:
                continue
            seen.add(one)
            route = next((number for number, route in enumerate(routes) if route.fits(one)), None)
            kind = (route, *sorted({name for name, _ in (*one.query, *one.fields)}))
            alike[kind] += 1
            if alike[kind] <= most:
                (ahead if one.method == "GET" else found.forms).append(one)
    return found
