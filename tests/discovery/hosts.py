"""Rooms advertised on loopback, and filters for the events of a browser."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable, Iterator

import msgspec

from messango.discovery.announcing.advertise import Advertiser
from messango.discovery.model.events import BrowseEvent, FoundRoom, RoomAdded, RoomRemoved, RoomUpdated
from messango.protocol.frames import RoomInfo
from messango.transport.addresses import Address
from tests.discovery.factories import FINGERPRINT, FakeProbe

PORT = 48_000


class AdvertisedRoom:
    """An advertiser and the calls it made to its host."""

    def __init__(
        self,
        room_info: RoomInfo,
        *,
        addresses: list[str] | None = None,
        port: int = PORT,
        answers: FakeProbe | None = None,
    ) -> None:
        """Prepare to advertise; in `answers` the room answers under the name that it has."""
        self._room_info, self._port = room_info, port
        self._answers = answers or FakeProbe()
        self._answers.by_port[port] = room_info
        self.names: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.failures: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.duplicates: queue.SimpleQueue[Address] = queue.SimpleQueue()
        self.advertiser = Advertiser(
            room_info,
            port=port,
            fingerprint=FINGERPRINT,
            addresses=addresses,
            on_renamed=self._on_renamed,
            on_failure=self.failures.put,
            on_duplicate=self.duplicates.put,
            probe=self._answers,
        )

    def _on_renamed(self, name: str) -> None:
        """Call the room so, as its server does."""
        self._room_info = msgspec.structs.replace(self._room_info, name=name)
        self._answers.by_port[self._port] = self._room_info
        self.names.put(name)
        self.advertiser.update(self._room_info)

    def close(self) -> None:
        """Leave, and answer no more."""
        self.advertiser.close()
        self._answers.by_port.pop(self._port, None)


@contextlib.contextmanager
def advertised(
    room_info: RoomInfo,
    *,
    addresses: list[str] | None = None,
    port: int = PORT,
    answers: FakeProbe | None = None,
) -> Iterator[AdvertisedRoom]:
    """Advertise a room during the block."""
    host = AdvertisedRoom(room_info, addresses=addresses, port=port, answers=answers)
    host.advertiser.start()
    try:
        yield host
    finally:
        host.close()


def is_listed(
    name: str, condition: Callable[[FoundRoom], bool] = lambda room: bool(room.addresses)
) -> Callable[[BrowseEvent], bool]:
    """Return a filter for events that show this room, if the condition holds."""
    return lambda event: (
        isinstance(event, (RoomAdded, RoomUpdated)) and event.room.name == name and condition(event.room)
    )


def is_removed(name: str) -> Callable[[BrowseEvent], bool]:
    """Return a filter for the event that removes this room from the list."""
    return lambda event: isinstance(event, RoomRemoved) and event.room.name == name
