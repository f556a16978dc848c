"""The errors of a search in which the network may be to blame: silent rooms, or none at all."""

from __future__ import annotations

from collections.abc import Sequence

from messango.discovery.model.events import FoundRoom
from messango.errors import RoomNotAnswering, RoomNotFound


class RoomSilent(RoomNotAnswering):
    """The wanted room is announced, so multicast works, but it does not answer; `rooms` holds it."""

    def __init__(self, message: str, hint: str, rooms: Sequence[FoundRoom]) -> None:
        super().__init__(message, hint)
        self.rooms = tuple(rooms)


class NoRoomAnswers(RoomNotFound):
    """Rooms are announced, and none of them answers."""

    def __init__(self, message: str, hint: str, rooms: Sequence[FoundRoom]) -> None:
        super().__init__(message, hint)
        self.rooms = tuple(rooms)


class NothingHeard(RoomNotFound):
    """No announcement of any room arrived: nobody has opened one, or something is wrong with the network."""
