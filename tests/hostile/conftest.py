"""A room with two people in it who talk, while somebody else does what nobody should."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.server import admission
from messango.server.server import Server
from tests.hostile.pair import Pair
from tests.support.rooms import open_room

#: Long enough for a guest who means it, on a slow machine; short enough to wait for.
JOIN_DEADLINE_S = 5.0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A room that sends strangers away soon."""
    monkeypatch.setattr(admission, "JOIN_DEADLINE_S", JOIN_DEADLINE_S)
    with open_room() as opened:
        yield opened


@pytest.fixture
def pair(server: Server) -> Iterator[Pair]:
    """Ann and Ben, who are in."""
    with Pair(server) as pair:
        yield pair
