"""Blocking searches for rooms, for the commands."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Sequence
from typing import Final

from messango.discovery.hints import RoomHint
from messango.discovery.model.events import (
    ANSWERED,
    PENDING,
    BrowseEvent,
    BrowseFailed,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomUpdated,
)
from messango.discovery.model.room_row import Service
from messango.discovery.model.txt_record import instance_label
from messango.discovery.probe_pool import Probe
from messango.discovery.searching.browse_events import Deadline, browse_events
from messango.discovery.searching.hint_failures import HintFailures
from messango.discovery.searching.name_lookup import KnownRank, NameLookup
from messango.discovery.searching.not_found import not_found
from messango.protocol.room_id import is_room_id
from messango.protocol.text.validation import normalized_name
from messango.transport.addresses import Address
from messango.transport.dialing.probe import probe

#: A room that has been seen, and whose answer is on its way, is waited for until this long after the start:
#: enough nearly always where a fifth of the packets is lost and a round trip takes 400 ms.
PATIENCE_S: Final = 13.0


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
        raise not_found(name, [*rooms.rooms.values()], rooms.failure, hint_failures.error(name))
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
