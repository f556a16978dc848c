"""Routes: which request is answered by what."""

from __future__ import annotations

import pytest

from messango.web.http.http_error import HttpError
from messango.web.http.request import Request
from messango.web.http.route_table import Route, RouteTable

TABLE = RouteTable[str](
    [
        Route("GET", "/", "index"),
        Route("GET", "/page/*/**", "file"),
        Route("GET", "/talk", "talk", allows_head=False),
        Route("POST", "/uploads", "begin"),
        Route("POST", "/uploads/*", "bytes"),
        Route("PUT", "/uploads/*", "all"),
        Route("POST", "/uploads/*/cancel", "cancel"),
    ]
)


def find(method: str, target: str) -> tuple[str, tuple[str, ...]]:
    """Return the handler's name, and what stands for the path's stars."""
    route, parts = TABLE.find(Request(method, target, ()))
    return route.handler, parts


@pytest.mark.parametrize(
    ("method", "target", "found"),
    [
        ("GET", "/", ("index", ())),
        ("HEAD", "/", ("index", ())),
        ("GET", "/?a=b", ("index", ())),
        ("GET", "/page/1/page.js", ("file", ("1", "page.js"))),
        ("GET", "/page/1/img/a.svg?b", ("file", ("1", "img/a.svg"))),
        ("GET", "/page/1/../../etc/passwd", ("file", ("1", "../../etc/passwd"))),
        ("GET", "/talk", ("talk", ())),
        ("POST", "/uploads", ("begin", ())),
        ("POST", "/uploads/u1", ("bytes", ("u1",))),
        ("PUT", "/uploads/u1", ("all", ("u1",))),
        ("POST", "/uploads/u1/cancel", ("cancel", ("u1",))),
    ],
)
def test_a_route_is_found(method: str, target: str, found: tuple[str, tuple[str, ...]]) -> None:
    """By its method and the parts of its path."""
    assert find(method, target) == found


@pytest.mark.parametrize(
    "target", ["/a", "//", "/page", "/page/", "/page//a", "/talk/", "/talk/a", "/uploads/", "/uploads/a/b"]
)
def test_other_paths_lead_nowhere(target: str) -> None:
    """An empty part is none that a star stands for."""
    with pytest.raises(HttpError) as raised:
        find("GET", target)
    assert raised.value.status == 404


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("POST", "/", b"GET, HEAD"),
        ("OPTIONS", "/", b"GET, HEAD"),
        ("HEAD", "/talk", b"GET"),
        ("get", "/", b"GET, HEAD"),
        ("TEA", "/uploads/u1", b"POST, PUT"),
    ],
)
def test_other_methods_are_told_what_is_allowed(method: str, target: str, allowed: bytes) -> None:
    """Also methods that do not exist."""
    with pytest.raises(HttpError) as raised:
        find(method, target)
    assert raised.value.status == 405
    assert raised.value.headers == ((b"Allow", allowed),)
