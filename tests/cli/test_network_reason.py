"""The recognized reason at the edge of the commands."""

from __future__ import annotations

import pytest

from messango.cli.network_reason import network_reasons, rooms_of_earlier_visits
from messango.client.trust.known_rooms import FILE_NAME, KnownRooms
from messango.doctor import reason
from messango.errors import BadAddress, RoomNotFound
from messango.protocol.frames import RoomInfo
from messango.storage import home
from messango.transport.addresses import Address
from tests.support.certificates import room_id_of


def test_only_failures_of_the_network_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is raised passes."""
    asked: list[str] = []
    monkeypatch.setattr(reason, "add_reason", lambda error: asked.append(str(error)))
    with pytest.raises(RoomNotFound), network_reasons():
        raise RoomNotFound("No room found.")
    with pytest.raises(BadAddress), network_reasons():
        raise BadAddress("Not an address.")
    with network_reasons():
        pass
    assert asked == ["No room found."]


def test_rooms_of_earlier_visits() -> None:
    """A damaged file is not the doctor's to report."""
    assert rooms_of_earlier_visits() == []
    room = RoomInfo(1, room_id_of(1), "Table 4", "1.0", 0, 5, locked=False, history=False)
    KnownRooms.load().remember(room, "ab" * 32, Address("192.168.1.20"))
    assert [known.name for known in rooms_of_earlier_visits()] == ["Table 4"]
    (home() / FILE_NAME).write_text("{")
    assert rooms_of_earlier_visits() == []
