"""What clients ask of the room, waiting for the broadcaster: bounded, so that a flood slows its sender."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from messango.protocol.frames import Join, Rename, Say, Typing
from messango.room.peer import Peer
from messango.room.room import Room
from messango.server.limits import INBOX_CHARACTERS

RoomFrame: TypeAlias = Say | Typing | Rename


@dataclass(frozen=True, slots=True)
class WantsIn:
    """A guest asks to join."""

    link: int
    join: Join
    peer: Peer


@dataclass(frozen=True, slots=True)
class Asks:
    """A member says something, one frame or many."""

    link: int
    frames: Sequence[RoomFrame]


@dataclass(frozen=True, slots=True)
class Gone:
    """A connection has ended: broken after `silent_s` without a byte, or, with a `reason`, for good."""

    link: int
    reason: str | None = None
    silent_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadsOn:
    """A member that catches up has taken what it was given."""

    link: int


@dataclass(frozen=True, slots=True)
class HostAsks:
    """Something the host does with the room."""

    act: Callable[[Room], None]


Request: TypeAlias = WantsIn | Asks | Gone | ReadsOn | HostAsks


class Inbox:
    """Owns the condition `_changed`, which guards the requests; clients' threads put, one thread takes."""

    def __init__(self, limit_frames: int, limit_characters: int = INBOX_CHARACTERS) -> None:
        self._changed = threading.Condition()
        self._requests: list[Request] = []
        self._frames = 0
        self._characters = 0
        self._limit_frames = limit_frames
        self._limit_characters = limit_characters
        self._closed = False

    def put(self, request: Request) -> None:
        """Add a request; a client's frames wait here while too many wait already."""
        with self._changed:
            if isinstance(request, Asks):
                self._changed.wait_for(self._has_room)
                self._frames += len(request.frames)
                self._characters += sum(len(frame.text) for frame in request.frames if type(frame) is Say)
            if not self._closed:
                self._requests.append(request)
                self._changed.notify_all()

    def _has_room(self) -> bool:
        within = self._frames < self._limit_frames and self._characters < self._limit_characters
        return within or self._closed

    def take(self, timeout_s: float | None) -> list[Request]:
        """Wait for requests, and return all there are; none when the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._requests, timeout_s)
            taken, self._requests = self._requests, []
            self._frames = self._characters = 0
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Take nothing more, and let go who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
