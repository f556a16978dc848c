"""The errors of a search that found rooms: none of them answers, or none is the wanted one."""

from __future__ import annotations

from collections.abc import Sequence

from messango.discovery.events import FoundRoom
from messango.errors import RoomNotFound


class RoomsSilent(RoomNotFound):
    """The wanted rooms are announced, so multicast works, but none of them answers."""

    def __init__(self, message: str, hint: str, rooms: Sequence[FoundRoom]) -> None:
        super().__init__(message, hint)
        self.rooms = tuple(rooms)


class OtherRoomsFound(RoomNotFound):
    """The wanted room was not found, but others answer: the network is fine."""
