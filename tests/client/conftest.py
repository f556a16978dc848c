"""Rooms with long timeouts, as in the tests of the server, and a line to a room that can be cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.server.server import Server
from tests.server.conftest import _patient_server
from tests.support.proxy import Proxy
from tests.support.rooms import open_room

__all__ = ["_patient_server"]


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with Proxy(server.port) as opened:
        yield opened
