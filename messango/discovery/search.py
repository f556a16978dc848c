"""Looks for rooms and comes back: for commands, which block."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Final

from messango.discovery.browse import Browser
from messango.discovery.events import (
    ANSWERED,
    BrowseEvent,
    BrowseFailed,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomUpdated,
    Status,
)
from messango.discovery.probe_pool import Look
from messango.errors import RoomNotFound
from messango.protocol.validation import normalized_name
from messango.transport.addresses import Address
from messango.transport.probe import probe

#: A command that has its result does not wait for probes of machines that are gone.
_CLOSE_WITHIN_S: Final = 0.2
#: On some systems Ctrl-C is noticed only between two waits.
_NOTICE_CTRL_C_S: Final = 0.5
#: Where one fits, another may fit better: have exactly the name, or be the one that is known.
_BETTER_WITHIN_S: Final = 0.25

_WHAT_HELPS: Final = (
    "Are both machines on one network, and is UDP port 5353 open in their firewalls? "
    "`messango doctor` looks for the cause. Joining by address, HOST:PORT, works without being seen."
)


class Deadline:
    """When to stop looking; whoever takes the events may move it between two."""

    def __init__(self, timeout_s: float | None, given_up: Callable[[], bool] = lambda: False) -> None:
        self.at = float("inf") if timeout_s is None else time.monotonic() + timeout_s
        self._given_up = given_up

    def left_s(self) -> float:
        """Return how long to look on; nothing once it is given up, which is asked now and then."""
        return 0.0 if self._given_up() else self.at - time.monotonic()

    def shorten(self, timeout_s: float) -> None:
        """Stop after so long from now, or as was said before, whichever is sooner."""
        self.at = min(self.at, time.monotonic() + timeout_s)


def watch(
    deadline: Deadline, *, interfaces: Sequence[str] | None = None, look: Look = probe
) -> Generator[BrowseEvent, None, None]:
    """Yield what a browser tells, until the deadline or until the caller closes the generator."""
    browser = Browser(interfaces=interfaces, look=look)
    browser.start()
    try:
        while (left := deadline.left_s()) > 0:
            with contextlib.suppress(queue.Empty):
                yield browser.events.get(timeout=min(left, _NOTICE_CTRL_C_S))
    finally:
        browser.close(_CLOSE_WITHIN_S)


def probed(events: Iterable[BrowseEvent]) -> Iterator[BrowseEvent]:
    """Pass on what there is to print: failures, and rooms once they have been probed."""
    listed: set[str] = set()
    for event in events:
        if isinstance(event, RoomRemoved):
            if event.room.key in listed:
                listed.discard(event.room.key)
                yield event
        elif isinstance(event, BrowseFailed):
            yield event
        elif not isinstance(event, (RoomAdded, RoomUpdated)):
            continue
        elif event.room.key in listed:
            yield RoomUpdated(event.room)
        elif event.room.status is not Status.CHECKING:
            listed.add(event.room.key)
            yield RoomAdded(event.room)


def collect(
    timeout_s: float,
    *,
    first: bool = False,
    interfaces: Sequence[str] | None = None,
    on_room: Callable[[FoundRoom], object] | None = None,
    on_failure: Callable[[BrowseFailed], object] | None = None,
    look: Look = probe,
) -> list[FoundRoom]:
    """Return the rooms that are found within so long, those that answer before those that do not.

    `first` ends it at the first that answers, and returns that alone. `on_room` is called once for
    each: when it first answers, or at the end.
    """
    rooms = _Rooms()
    told: dict[str, None] = {}
    with contextlib.closing(watch(Deadline(timeout_s), interfaces=interfaces, look=look)) as events:
        for event in events:
            room = rooms.take(event)
            if on_failure is not None and isinstance(event, BrowseFailed):
                on_failure(event)
            if room is None or room.status not in ANSWERED or room.key in told:
                continue
            told[room.key] = None
            if on_room is not None:
                on_room(room)
            if first:
                return [room]
    silent = [room for room in rooms.seen.values() if room.key not in told]
    if on_room is not None:
        for room in silent:
            on_room(room)
    return [rooms.seen[key] for key in told if key in rooms.seen] + silent


def find_room(
    name: str,
    *,
    timeout_s: float,
    interfaces: Sequence[str] | None = None,
    prefer: Callable[[FoundRoom], bool] | None = None,
    look: Look = probe,
) -> FoundRoom:
    """Return the room with this name or id as soon as it answers; raises `RoomNotFound`.

    Names are compared as a room compares its members'; where two fit, the one that the caller would
    `prefer` wins, then the exact one.
    """
    name = name.strip()
    rooms = _Rooms()
    fitting: FoundRoom | None = None
    fits, enough = 0, 3 if prefer is not None else 2
    deadline = Deadline(timeout_s)
    with contextlib.closing(watch(deadline, interfaces=interfaces, look=look)) as events:
        for event in events:
            room = rooms.take(event)
            if room is None or room.status not in ANSWERED or (found := _fit(room, name, prefer)) <= fits:
                continue
            fitting, fits = room, found
            if fits >= enough:
                break
            deadline.shorten(_BETTER_WITHIN_S)
    if fitting is None:
        raise _not_found(name, rooms)
    return fitting


def _fit(room: FoundRoom, name: str, prefer: Callable[[FoundRoom], bool] | None) -> int:
    """Tell how well a room fits a name: 0 not, 1 but for the case, 2 exactly, 3 and it is preferred."""
    exact = name in (room.name, room.id)
    if not exact and normalized_name(room.name) != normalized_name(name):
        return 0
    if prefer is not None and prefer(room):
        return 3
    return 2 if exact else 1


def find_again(
    room_id: str, fingerprint: str, timeout_s: float, given_up: Callable[[], bool], *, look: Look = probe
) -> Sequence[Address]:
    """Return where the room of this id and fingerprint answers now, or nothing; see `client`'s `LookUp`.

    mDNS can be forged, so a room of this id that shows another certificate is none.
    """
    with contextlib.closing(watch(Deadline(timeout_s, given_up), look=look)) as events:
        for event in events:
            if isinstance(event, (RoomAdded, RoomUpdated)) and event.room.status in ANSWERED:
                room = event.room
                if (room.id, room.fingerprint) == (room_id, fingerprint):
                    return room.addresses
    return []


class _Rooms:
    """The rooms as the events so far left them."""

    def __init__(self) -> None:
        self.seen: dict[str, FoundRoom] = {}
        self.failure: BrowseFailed | None = None

    def take(self, event: BrowseEvent) -> FoundRoom | None:
        """Return the room that was added or has changed, if any."""
        if isinstance(event, (RoomAdded, RoomUpdated)):
            self.seen[event.room.key] = event.room
            return event.room
        if isinstance(event, RoomRemoved):
            self.seen.pop(event.room.key, None)
        elif isinstance(event, BrowseFailed):
            self.failure = event
        return None


def _not_found(name: str, rooms: _Rooms) -> RoomNotFound:
    silent = [room for room in rooms.seen.values() if normalized_name(room.name) == normalized_name(name)]
    if silent:
        where = ", ".join(map(str, silent[0].addresses[:3]))
        return RoomNotFound(
            f"The room “{name}” is announced at {where}, but does not answer.",
            "Is its server still running, and does that machine's firewall let this TCP port in?",
        )
    if rooms.failure is not None:
        return RoomNotFound(f"No room “{name}” is seen. {rooms.failure.reason}", rooms.failure.hint)
    names = [f"“{room.name}”" for room in rooms.seen.values() if room.status in ANSWERED]
    if names:
        return RoomNotFound(
            f"No room “{name}” is seen.", f"These are: {', '.join(names[:10])}. {_WHAT_HELPS}"
        )
    return RoomNotFound(f"No room “{name}” is seen, nor any other.", _WHAT_HELPS)
