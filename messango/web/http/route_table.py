"""Finds what answers a request: by its method and the parts of its path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from messango.web.http.http_error import HttpError
from messango.web.http.request import Request

H = TypeVar("H")

#: In a route's path, any one part; and at its end, any number of them.
ANY: Final = "*"
REST: Final = "**"


@dataclass(frozen=True, slots=True)
class Route(Generic[H]):
    """One entry. `path` is such as `/files/*/*`: `*` is any part, and `**` at the end all the rest.

    A request with a body of more than `max_body` bytes is refused. `POST` and `needs_origin` need the origin
    of our page; `POST` also needs our header. A route for `GET` answers `HEAD` too if `allows_head`.
    """

    method: str
    path: str
    handler: H
    max_body: int = 0
    needs_origin: bool = False
    allows_head: bool = True

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that it answers."""
        return (self.method, "HEAD") if self.method == "GET" and self.allows_head else (self.method,)

    def match(self, parts: list[str]) -> tuple[str, ...] | None:
        """Return the parts of a path that stand for `*` and `**`, or None if it is another path."""
        wanted = _parts(self.path)
        rest: tuple[str, ...] = ()
        if wanted[-1] == REST:
            wanted.pop()
            parts, rest = parts[: len(wanted)], ("/".join(parts[len(wanted) :]),)
        if len(parts) != len(wanted):
            return None
        pairs = [*zip(wanted, parts, strict=True)]
        if not all((part and want == ANY) or part == want for want, part in pairs):
            return None
        return (*(part for want, part in pairs if want == ANY), *rest)


class RouteTable(Generic[H]):
    """The routes of a server."""

    def __init__(self, routes: Iterable[Route[H]]) -> None:
        self._routes = [*routes]

    def find(self, request: Request) -> tuple[Route[H], tuple[str, ...]]:
        """Return the route, and what stands for its `*`; raises `HttpError` (404 or 405)."""
        parts = _parts(request.path)
        matches = [(route, found) for route in self._routes if (found := route.match(parts)) is not None]
        for route, found in matches:
            if request.method in route.methods:
                return route, found
        if not matches:
            raise HttpError(404, "There is nothing here. Open the room's page: /")
        allowed = ", ".join(method for route, _ in matches for method in route.methods)
        raise HttpError(405, "That can't be done here.", ((b"Allow", allowed.encode()),))


def _parts(path: str) -> list[str]:
    return path.split("/")[1:]
