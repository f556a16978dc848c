"""Rooms advertised on loopback, and filters for the events of a browser."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable, Iterator

from messango.discovery.advertise import Advertiser
from messango.discovery.events import BrowseEvent, FoundRoom, RoomAdded, RoomRemoved, RoomUpdated
from messango.protocol.frames import RoomInfo
from messango.transport.addresses import Address
from tests.discovery.factories import FINGERPRINT

PORT = 48_000


class AdvertisedRoom:
    """An advertiser and the calls it made to its host."""

    def __init__(self, room_info: RoomInfo, *, addresses: list[str] | None = None) -> None:
        self.names: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.failures: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.duplicates: queue.SimpleQueue[Address] = queue.SimpleQueue()
        self.advertiser = Advertiser(
            room_info,
            port=PORT,
            fingerprint=FINGERPRINT,
            addresses=addresses,
            on_renamed=self.names.put,
            on_failure=self.failures.put,
            on_duplicate=self.duplicates.put,
        )


@contextlib.contextmanager
def advertised(room_info: RoomInfo, *, addresses: list[str] | None = None) -> Iterator[AdvertisedRoom]:
    """Advertise a room during the block."""
    host = AdvertisedRoom(room_info, addresses=addresses)
    host.advertiser.start()
    try:
        yield host
    finally:
        host.advertiser.close()


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
