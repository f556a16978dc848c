"""The room of an invite link, whose address is no longer the room's."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Generator, Sequence

import pytest

from messango.discovery.model.events import BrowseEvent, FoundRoom, RoomAdded, RoomStatus
from messango.discovery.searching import invited
from messango.discovery.searching.browse_events import Deadline
from messango.discovery.searching.invited import find_invited
from messango.errors import AmbiguousInvite, Unreachable
from messango.protocol.room_id import derive_room_id
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult
from tests.discovery.factories import FINGERPRINT, probe_result_of, some_room, some_room_info

AT_8000, AT_8001 = (Address("10.0.0.7", 8000),), (Address("10.0.0.7", 8001),)


def room_at(addresses: tuple[Address, ...], name: str = "Tea", **fields: object) -> FoundRoom:
    """Return a room with the certificate of the link, and an id of its own."""
    room_id = derive_room_id(f"{addresses[0].port:08x}", FINGERPRINT)
    room = dataclasses.replace(some_room(name), key=name, id=room_id, addresses=addresses)
    return dataclasses.replace(room, **fields)  # type: ignore[arg-type]


def find(
    monkeypatch: pytest.MonkeyPatch, port: int, *rooms: FoundRoom, not_announced: tuple[Address, ...] = ()
) -> list[Address]:
    """Return the addresses of the room that a link with this port means, if these are open."""

    def probe(
        addresses: Sequence[Address], *, fingerprint: str | None = None, timeout_s: float = 3.0
    ) -> ProbeResult:
        assert (fingerprint, timeout_s < 3) == (FINGERPRINT, True)
        for address in addresses:
            if address in not_announced:
                return probe_result_of(some_room_info(), address)
        raise Unreachable("Nobody answers there.")

    def browse_events(deadline: Deadline, **_: object) -> Generator[BrowseEvent, None, None]:
        for room in rooms:
            if deadline.at_s <= time.monotonic():
                return
            yield RoomAdded(room)

    monkeypatch.setattr(invited, "browse_events", browse_events)
    return list(find_invited(FINGERPRINT, port, 20.0, lambda: False, probe=probe))


def test_the_certificate_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other rooms do not count, nor what is only announced; another port may be that of a router."""
    stranger = room_at(AT_8000, "Stranger", fingerprint="cd" * 32)
    silent = room_at(AT_8000, "Silent", status=RoomStatus.SILENT)
    assert find(monkeypatch, 9000, stranger, silent, room_at(AT_8001)) == list(AT_8001)
    assert find(monkeypatch, 8000, stranger, silent) == []


def test_of_several_rooms_of_the_host_the_port_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them have one certificate."""
    tea, office = room_at(AT_8000), room_at(AT_8001, "Office")
    assert find(monkeypatch, 8001, tea, office) == list(AT_8001)
    assert find(monkeypatch, 8000, office, tea) == list(AT_8000)
    with pytest.raises(AmbiguousInvite, match=r"several rooms: “?Tea”?, “?Office”?"):
        find(monkeypatch, 9000, tea, office)


def test_a_room_beside_the_announced_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its announcement is still to come, or there is none: its host is asked at the port."""
    assert find(monkeypatch, 8001, room_at(AT_8000), not_announced=AT_8001) == list(AT_8001)
