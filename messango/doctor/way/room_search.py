"""Listens for the announcement of one room while the doctor examines the way to it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

from messango.discovery.model.events import BrowseEvent, BrowseFailed, FoundRoom, RoomAdded, RoomUpdated
from messango.discovery.searching.browse_events import Deadline, browse_events
from messango.errors import MessangoError
from messango.protocol.text.validation import normalized_name
from messango.transport.addresses import Address, without_scope

#: As long as `messango discover` looks.
SEARCH_S: Final = 3.0

Browse = Callable[[Deadline], Generator[BrowseEvent, None, None]]


@dataclass(frozen=True, slots=True)
class RoomTarget:
    """The room to examine: how the person named it, and what is known of it; empty where nothing is.

    `is_name`: it was named as rooms are, so its announcement leads to it.
    """

    label: str
    addresses: tuple[Address, ...] = ()
    fingerprint: str = ""
    is_name: bool = False

    def matches(self, room: FoundRoom) -> bool:
        """Return whether this announcement is of the room; anybody may announce anything."""
        if self.fingerprint and room.fingerprint:
            return room.fingerprint == self.fingerprint
        if self.is_name:
            return self.label == room.id or normalized_name(room.name) == normalized_name(self.label)
        wanted = {(without_scope(address.host), address.port) for address in self.addresses}
        return any((without_scope(address.host), address.port) in wanted for address in room.addresses)


class RoomSearch:
    """Owns the thread that listens. `room` is the announcement of the room, once it was heard."""

    def __init__(self, target: RoomTarget, browse: Browse = browse_events) -> None:
        self.room: FoundRoom | None = None
        self.others: set[str] = set()
        self.failure: BrowseFailed | None = None
        self._target = target
        self._browse = browse
        self._heard, self._stopped = threading.Event(), threading.Event()
        self._deadline_s = time.monotonic() + SEARCH_S
        self._thread = threading.Thread(target=self._run, name="messango-doctor-search", daemon=True)
        self._thread.start()

    def wait(self) -> FoundRoom | None:
        """Wait until the room was heard, or until nothing more is to be expected."""
        self._heard.wait(max(0.0, self._deadline_s - time.monotonic()))
        return self.room

    def close(self) -> None:
        """Stop listening, and wait for the thread."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        deadline = Deadline(self._deadline_s - time.monotonic(), self._stopped.is_set)
        try:
            with contextlib.closing(self._browse(deadline)) as events:
                for event in events:
                    if isinstance(event, BrowseFailed):
                        self.failure = event
                    elif isinstance(event, (RoomAdded, RoomUpdated)):
                        self._take(event.room)
        except MessangoError as error:
            self.failure = BrowseFailed(str(error), error.hint)
        finally:
            self._heard.set()

    def _take(self, room: FoundRoom) -> None:
        if self._target.matches(room):
            self.room = room
            self._heard.set()
        else:
            self.others.add(room.name)
