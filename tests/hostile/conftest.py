"""A room with two members, for tests in which a third peer misbehaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.server import handshake
from messango.server.server import Server
from tests.hostile.pair import MemberPair
from tests.support.rooms import open_room

#: No test of another promise may fail because the machine is slow.
_PATIENT_S = 600.0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A room that gives strangers a lot of time."""
    monkeypatch.setattr(handshake, "JOIN_DEADLINE_S", _PATIENT_S)
    with open_room() as opened:
        yield opened


@pytest.fixture
def pair(server: Server) -> Iterator[MemberPair]:
    """Ann and Ben, who have joined."""
    with MemberPair(server) as pair:
        yield pair
