"""A room that admits guests from the browser, with a small page."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from messango.server.server import Server
from messango.server.web import web_services
from messango.web.page_files import PageFile, PageFiles
from tests.support.rooms import open_room

PAGE = PageFiles(
    "1a2b",
    PageFile(b"text/html; charset=utf-8", gzip.compress(b"<!doctype html>")),
    {"page.js": PageFile(b"text/javascript; charset=utf-8", gzip.compress(b"tea();\n"))},
)


@pytest.fixture(autouse=True)
def _small_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_services, "load_page", lambda: PAGE)


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(web=True) as opened:
        yield opened
