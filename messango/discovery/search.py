"""Blocking searches for rooms, for the commands."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from typing import Final

from messango.discovery.browse import Browser
from messango.discovery.events import (
    ANSWERED,
    PENDING,
    BrowseEvent,
    BrowseFailed,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.hint_failures import HintFailures
from messango.discovery.hints import HINT_DELAY_S, RoomHint
from messango.discovery.name_lookup import KnownRank, NameLookup
from messango.discovery.probe_pool import Probe
from messango.discovery.room_row import Service
from messango.discovery.same_address import same_address_reason
from messango.discovery.silent_rooms import NothingHeard, RoomSilent
from messango.discovery.txt_record import instance_label
from messango.discovery.unanswered import UNPROVED_HINT, reason_and_hint
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
#: A room that has been seen, and whose answer is on its way, is waited for until this long after the start:
#: enough nearly always where a fifth of the packets is lost and a round trip takes 400 ms.
PATIENCE_S: Final = 13.0

_NOT_FOUND_HINT: Final = (
    "Are both machines on the same network, and is UDP port 5353 open in their firewalls? Run `messango "
    "doctor` to find the cause. You can also join by address: HOST:PORT."
)
#: More names of other rooms do not help.
_MAX_NAMES: Final = 10
#: Where other rooms are found, mDNS works here.
_OTHERS_FOUND_HINT: Final = (
    "Check the name, or join by address: HOST:PORT. If the room is open, `messango doctor` on its computer "
    "finds out why it does not appear."
)


class Deadline:
    """When to stop searching; the caller may move it between two events."""

    def __init__(self, timeout_s: float | None, is_cancelled: Callable[[], bool] = lambda: False) -> None:
        self.at_s = float("inf") if timeout_s is None else time.monotonic() + timeout_s
        self._is_cancelled = is_cancelled
        self._is_pending: Callable[[], bool] = lambda: False
        self._patient_at_s = self.at_s

    def remaining_s(self) -> float:
        """Return the seconds left; 0 if the search was cancelled."""
        if self._is_cancelled():
            return 0.0
        now = time.monotonic()
        if self.at_s <= now < self._patient_at_s and self._is_pending():
            return self._patient_at_s - now
        return self.at_s - now

    def extend_while(self, is_pending: Callable[[], bool], patience_s: float) -> None:
        """Go on after the deadline while `is_pending` returns true, until `patience_s` from now."""
        self._is_pending, self._patient_at_s = is_pending, time.monotonic() + patience_s

    def shorten(self, timeout_s: float) -> None:
        """Stop after this many seconds from now, or at the old deadline, whichever is sooner."""
        self.at_s = self._patient_at_s = min(max(self.at_s, self._patient_at_s), time.monotonic() + timeout_s)


def browse_events(
    deadline: Deadline,
    *,
    interfaces: Sequence[str] | None = None,
    hints: Sequence[RoomHint] = (),
    hint_delay_s: float = HINT_DELAY_S,
    is_wanted: Callable[[Service], bool] = lambda _: False,
    probe: Probe = probe,
) -> Generator[BrowseEvent, None, None]:
    """Yield the events of a browser until the deadline, or until the caller closes the generator.

    Services for which `is_wanted` returns true are probed first.
    """
    browser = Browser(
        interfaces=interfaces, hints=hints, hint_delay_s=hint_delay_s, is_wanted=is_wanted, probe=probe
    )
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
    patience_s: float = 0.0,
    interfaces: Sequence[str] | None = None,
    hints: Sequence[RoomHint] = (),
    on_room: Callable[[FoundRoom], object] | None = None,
    on_failure: Callable[[BrowseFailed], object] | None = None,
    probe: Probe = probe,
) -> list[FoundRoom]:
    """Return the rooms found within `timeout_s`: first those that answer, then the others.

    With `first`, return only the first room that answers, at once. While an answer is on its way and none has
    come, or only slow ones have, go on until `patience_s`, if that is longer. `on_room` is called once for
    each room: on its first answer, or at the end.
    """
    rooms = _Snapshot()
    answered: dict[str, None] = {}
    tell = _once_a_room(on_room) if on_room is not None else lambda _: None
    deadline = Deadline(timeout_s)
    deadline.extend_while(lambda: rooms.has_pending() and rooms.all_slow(), patience_s)
    searching = browse_events(deadline, interfaces=interfaces, hints=hints, probe=probe)
    with contextlib.closing(searching) as events:
        for event in events:
            room = rooms.apply(event)
            if on_failure is not None and isinstance(event, BrowseFailed):
                on_failure(event)
            if room is None or room.status not in ANSWERED or room.key in answered:
                continue
            answered[room.key] = None
            tell(room)
            if first:
                return [room]
    silent = [room for room in rooms.rooms.values() if room.key not in answered]
    for room in silent:
        tell(room)
    return [rooms.rooms[key] for key in answered if key in rooms.rooms] + silent


def _once_a_room(on_room: Callable[[FoundRoom], object]) -> Callable[[FoundRoom], None]:
    """Return `on_room` without repeats: the announcement of a known room may come after its answer."""
    not_announced: set[str] = set()

    def tell(room: FoundRoom) -> None:
        if room.id not in not_announced:
            on_room(room)
        if not room.announced:
            not_announced.add(room.id)

    return tell


def find_by_name(
    name: str,
    *,
    timeout_s: float,
    interfaces: Sequence[str] | None = None,
    hints: Sequence[RoomHint] = (),
    rank_known: KnownRank | None = None,
    known_fingerprints: Collection[str] = (),
    probe: Probe = probe,
) -> FoundRoom:
    """Return the room with this name or id as soon as it answers; raises `RoomNotFound`.

    The rooms of `hints` are looked for at their last addresses at the same time.
    A room that was seen, and whose answer is still on its way after `timeout_s`, is waited for longer.
    Names are compared as a room compares its members' names. With `rank_known`, only a room that proved to be
    one of the known ones is returned, whatever its name is now; those with `known_fingerprints` are looked at
    first. Raises `AmbiguousName` if only strangers' rooms have the name of a known one, or several have the
    name of none.
    """
    name = name.strip()
    rooms, lookup, deadline = _Snapshot(), NameLookup(name, rank_known), Deadline(timeout_s)
    started_s, hint_failures = time.monotonic(), HintFailures(probe, hints)

    def is_wanted(service: Service) -> bool:
        return service.record.fingerprint in known_fingerprints or (
            service.record.id == name
            if is_room_id(name)
            else normalized_name(service.label) == normalized_name(instance_label(name))
        )

    deadline.extend_while(lambda: rooms.has_pending(lookup.may_be_meant), PATIENCE_S)
    searching = browse_events(
        deadline,
        interfaces=interfaces,
        hints=hints,
        hint_delay_s=0.0,
        is_wanted=is_wanted,
        probe=hint_failures,
    )
    with contextlib.closing(searching) as events:
        for event in events:
            room = rooms.apply(event)
            if isinstance(event, RoomRemoved):
                lookup.remove(event.room.key)
            wait_s = lookup.apply(room, time.monotonic() - started_s) if room is not None else None
            if wait_s == 0:
                break
            if wait_s is not None:
                deadline.shorten(wait_s)
    found = lookup.result()
    if found is None:
        raise _not_found(name, rooms, hint_failures.error(name))
    return found


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

    def is_wanted(service: Service) -> bool:
        return (service.record.id, service.record.fingerprint) == (room_id, fingerprint)

    searching = browse_events(Deadline(timeout_s, is_cancelled), is_wanted=is_wanted, probe=probe)
    with contextlib.closing(searching) as events:
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

    def has_pending(self, is_wanted: Callable[[FoundRoom], bool] = lambda _: True) -> bool:
        """Return whether there is a wanted room whose answer is on its way."""
        return any(room.status in PENDING and is_wanted(room) for room in self.rooms.values())

    def all_slow(self) -> bool:
        """Return whether no room has answered quickly."""
        return all(room.slow for room in self.rooms.values() if room.status in ANSWERED)

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


def _not_found(name: str, rooms: _Snapshot, hint_error: RoomNotFound | None) -> RoomNotFound:
    silent = [room for room in rooms.rooms.values() if normalized_name(room.name) == normalized_name(name)]
    if silent:
        where = ", ".join(map(str, silent[0].addresses[:3]))
        if explained := same_address_reason(silent[0]):
            return RoomNotFound(f"The room “{name}” does not answer. {explained[0]}", explained[1])
        if silent[0].status is RoomStatus.UNPROVED:
            return RoomNotFound(
                f"“{name}” is announced at {where}, but the server there can't prove that it is this room. "
                "You have not joined it.",
                UNPROVED_HINT,
            )
        if silent[0].status in PENDING:
            return RoomNotFound(
                f"The room “{name}” is at {where}, but the network is slow: its answer did not come in time.",
                "Try again, or move closer to the Wi-Fi access point.",
            )
        reason, hint = reason_and_hint(silent[0]) or (
            f"It is announced at {where}.",
            "Is its server still running, and does that computer's firewall allow this TCP port?",
        )
        return RoomSilent(f"The room “{name}” does not answer. {reason}", hint, silent)
    if hint_error is not None:
        return hint_error
    if rooms.failure is not None:
        return NothingHeard(f"No room “{excerpt(name)}” found. {rooms.failure.reason}", rooms.failure.hint)
    names = [quoted_name(room.name) for room in rooms.rooms.values() if room.status in ANSWERED]
    if names:
        return RoomNotFound(
            f"No room “{excerpt(name)}” found.",
            f"Found instead: {', '.join(names[:_MAX_NAMES])}. {_OTHERS_FOUND_HINT}",
        )
    return NothingHeard(f"No room “{excerpt(name)}” found, nor any other room.", _NOT_FOUND_HINT)
