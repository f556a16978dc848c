"""A room with two members, for tests in which a third peer misbehaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.client import room_client
from messango.server.server import Server
from tests.hostile.pair import MemberPair
from tests.server.conftest import _patient_server
from tests.support.rooms import open_room

__all__ = ["_patient_server"]


@pytest.fixture(autouse=True)
def _leaves_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait little for rooms that never answer a goodbye; tests/client has the time that people wait."""
    monkeypatch.setattr(room_client, "_LEAVE_TIMEOUT_S", 0.1)


@pytest.fixture
def server() -> Iterator[Server]:
    """A room that gives strangers, and members who only listen, a lot of time."""
    with open_room() as opened:
        yield opened


@pytest.fixture
def pair(server: Server) -> Iterator[MemberPair]:
    """Ann and Ben, who have joined."""
    with MemberPair(server) as pair:
        yield pair
