"""Blocking searches for rooms, for the commands."""

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
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.probe_pool import Probe
from messango.discovery.silent_rooms import OtherRoomsFound, RoomsSilent
from messango.errors import RoomNotFound
from messango.protocol.room_id import is_room_id
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.validation import normalized_name
from messango.transport.addresses import Address
from messango.transport.probe import probe

#: A command that has its result does not wait for probes of machines that are gone.
_CLOSE_TIMEOUT_S: Final = 0.2
#: On some systems Ctrl-C takes effect only between two waits.
_CTRL_C_POLL_S: Final = 0.5
#: After a match, a better one may follow: a room with exactly this name, or a known one.
_BETTER_MATCH_WAIT_S: Final = 0.25

_NOT_FOUND_HINT: Final = (
    "Are both machines on the same network, and is UDP port 5353 open in their firewalls? Run `messango "
    "doctor` to find the cause. You can also join by address: HOST:PORT."
)


class Deadline:
    """When to stop searching; the caller may move it between two events."""

    def __init__(self, timeout_s: float | None, is_cancelled: Callable[[], bool] = lambda: False) -> None:
        self.at_s = float("inf") if timeout_s is None else time.monotonic() + timeout_s
        self._is_cancelled = is_cancelled

    def remaining_s(self) -> float:
        """Return the seconds left; 0 if the search was cancelled."""
        return 0.0 if self._is_cancelled() else self.at_s - time.monotonic()

    def shorten(self, timeout_s: float) -> None:
        """Stop after this many seconds from now, or at the old deadline, whichever is sooner."""
        self.at_s = min(self.at_s, time.monotonic() + timeout_s)


def browse_events(
    deadline: Deadline, *, interfaces: Sequence[str] | None = None, probe: Probe = probe
) -> Generator[BrowseEvent, None, None]:
    """Yield the events of a browser until the deadline, or until the caller closes the generator."""
    browser = Browser(interfaces=interfaces, probe=probe)
    browser.start()
    try:
        while (remaining := deadline.remaining_s()) > 0:
            with contextlib.suppress(queue.Empty):
                yield browser.events.get(timeout=min(remaining, _CTRL_C_POLL_S))
    finally:
        browser.close(_CLOSE_TIMEOUT_S)


def only_probed(events: Iterable[BrowseEvent]) -> Iterator[BrowseEvent]:
    """Yield the events worth printing: failures, and rooms once they have been probed."""
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
        elif event.room.status is not RoomStatus.CHECKING:
            listed.add(event.room.key)
            yield RoomAdded(event.room)


def list_rooms(
    timeout_s: float,
    *,
    first: bool = False,
    interfaces: Sequence[str] | None = None,
    on_room: Callable[[FoundRoom], object] | None = None,
    on_failure: Callable[[BrowseFailed], object] | None = None,
    probe: Probe = probe,
) -> list[FoundRoom]:
    """Return the rooms found within `timeout_s`: first those that answer, then the silent ones.

    With `first`, return only the first room that answers, at once. `on_room` is called once for each
    room: on its first answer, or at the end.
    """
    rooms = _Snapshot()
    answered: dict[str, None] = {}
    with contextlib.closing(browse_events(Deadline(timeout_s), interfaces=interfaces, probe=probe)) as events:
        for event in events:
            room = rooms.apply(event)
            if on_failure is not None and isinstance(event, BrowseFailed):
                on_failure(event)
            if room is None or room.status not in ANSWERED or room.key in answered:
                continue
            answered[room.key] = None
            if on_room is not None:
                on_room(room)
            if first:
                return [room]
    silent = [room for room in rooms.rooms.values() if room.key not in answered]
    if on_room is not None:
        for room in silent:
            on_room(room)
    return [rooms.rooms[key] for key in answered if key in rooms.rooms] + silent


def find_by_name(
    name: str,
    *,
    timeout_s: float,
    interfaces: Sequence[str] | None = None,
    prefer: Callable[[FoundRoom], bool] | None = None,
    probe: Probe = probe,
) -> FoundRoom:
    """Return the room with this name or id as soon as it answers; raises `RoomNotFound`.

    Names are compared as a room compares its members' names. If several match, one for which `prefer` is
    true wins, then one with exactly this name.
    """
    name = name.strip()
    rooms = _Snapshot()
    best: FoundRoom | None = None
    best_rank, top_rank = 0, 3 if prefer is not None else 2
    deadline = Deadline(timeout_s)
    with contextlib.closing(browse_events(deadline, interfaces=interfaces, probe=probe)) as events:
        for event in events:
            room = rooms.apply(event)
            if (
                room is None
                or room.status not in ANSWERED
                or (rank := _match_rank(room, name, prefer)) <= best_rank
            ):
                continue
            best, best_rank = room, rank
            if best_rank >= top_rank:
                break
            deadline.shorten(_BETTER_MATCH_WAIT_S)
    if best is None:
        raise _not_found(name, rooms)
    return best


def _match_rank(room: FoundRoom, name: str, prefer: Callable[[FoundRoom], bool] | None) -> int:
    """Return how well a room matches: 0 not at all, 1 except for case, 2 exactly, 3 preferred."""
    # A stranger may give a room the id of another as its name.
    exact = name == (room.id if is_room_id(name) else room.name)
    if is_room_id(name) and not exact:
        return 0
    if not exact and normalized_name(room.name) != normalized_name(name):
        return 0
    if prefer is not None and prefer(room):
        return 3
    return 2 if exact else 1


def rediscover(
    room_id: str,
    fingerprint: str,
    timeout_s: float,
    is_cancelled: Callable[[], bool],
    *,
    probe: Probe = probe,
) -> Sequence[Address]:
    """Return the current addresses of the room with this id and fingerprint, or none.

    Fits a client's `Rediscover`. mDNS can be forged, so a room with another certificate does not count.
    """
    with contextlib.closing(browse_events(Deadline(timeout_s, is_cancelled), probe=probe)) as events:
        for event in events:
            if isinstance(event, (RoomAdded, RoomUpdated)) and event.room.status in ANSWERED:
                room = event.room
                if (room.id, room.fingerprint) == (room_id, fingerprint):
                    return room.addresses
    return []


class _Snapshot:
    """The rooms after the events so far."""

    def __init__(self) -> None:
        self.rooms: dict[str, FoundRoom] = {}
        self.failure: BrowseFailed | None = None

    def apply(self, event: BrowseEvent) -> FoundRoom | None:
        """Apply an event, and return the room that it added or updated, if any."""
        if isinstance(event, (RoomAdded, RoomUpdated)):
            self.rooms[event.room.key] = event.room
            return event.room
        if isinstance(event, RoomRemoved):
            self.rooms.pop(event.room.key, None)
        elif isinstance(event, BrowseFailed):
            self.failure = event
        return None


def _not_found(name: str, rooms: _Snapshot) -> RoomNotFound:
    silent = [room for room in rooms.rooms.values() if normalized_name(room.name) == normalized_name(name)]
    if silent:
        where = ", ".join(map(str, silent[0].addresses[:3]))
        if silent[0].status is RoomStatus.UNPROVED:
            return RoomNotFound(
                f"“{name}” is announced at {where}, but the server there can't prove that it is this room. "
                "You have not joined it.",
                "Its announcement may be an old one: try again in a minute. If it stays, somebody pretends "
                "to be the room: ask its host for an invite link.",
            )
        return RoomsSilent(
            f"The room “{name}” is announced at {where}, but does not answer.",
            "Is its server still running, and does that computer's firewall allow this TCP port?",
            silent,
        )
    if rooms.failure is not None:
        return RoomNotFound(f"No room “{excerpt(name)}” found. {rooms.failure.reason}", rooms.failure.hint)
    names = [quoted_name(room.name) for room in rooms.rooms.values() if room.status in ANSWERED]
    if names:
        return OtherRoomsFound(
            f"No room “{excerpt(name)}” found.", f"Found instead: {', '.join(names[:10])}. {_NOT_FOUND_HINT}"
        )
    return RoomNotFound(f"No room “{excerpt(name)}” found, nor any other room.", _NOT_FOUND_HINT)
