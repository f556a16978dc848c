"""Where to look for known rooms besides their announcements: at the addresses where they were last."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Final

from messango.client.trust.known_room import KnownRoom
from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.hints import RoomHint, hinted_services, reached_by
from messango.discovery.interfaces import configured_addresses
from messango.discovery.model.events import FoundRoom
from messango.discovery.model.found_room import found_room, status_of_answer
from messango.discovery.model.room_row import Row
from messango.errors import MessangoError
from messango.protocol.room_id import is_room_id
from messango.transport.addresses import Address, Invite, is_ip
from messango.transport.dialing.probe import probe

#: A list looks for the rooms that were visited last; each costs a connection that may lead nowhere.
_MAX_LISTED: Final = 8

#: So many servers of linked rooms are looked for besides those where the person was.
_MAX_SERVERS: Final = 8

#: So many known rooms may have one name.
_MAX_NAMED: Final = 4

#: How long a room that is where it was may take to answer, before a search begins: on a LAN, hundreds of
#: times what it takes. The search looks there too.
_ANSWERS_WITHIN_S: Final = 0.4


def find_where_it_was(name: str, known_rooms: KnownRooms) -> FoundRoom | None:
    """Return the known room that this name or id means first, if it answers where it was last.

    That is the room which a search would return, found before anything is loaded that a search needs. None
    if no known room has the name, or the first of them does not answer at once. Raises `BadAddress` for a
    mistake in `MESSANGO_INTERFACES`.
    """
    chosen = configured_addresses()
    hints = hints_for_name(name.strip(), known_rooms)[:1]
    for hint in hints if chosen is None else reached_by(hints, chosen):
        addresses = [address for address in hint.addresses if is_ip(address.host)]
        with contextlib.suppress(MessangoError):
            answer = probe(
                addresses,
                fingerprint=hint.fingerprint,
                timeout_s=_ANSWERS_WITHIN_S,
                patience_s=_ANSWERS_WITHIN_S,
            )
            if answer.room.id == hint.id:
                (service,) = hinted_services([hint])
                return found_room(
                    Row(service, 0.0, status=status_of_answer(answer.room), probe_result=answer)
                )
    return None


def load_hints(name: str = "") -> list[RoomHint]:
    """Return the hints for a list, those of the rooms with this name or id included.

    There are none if the known rooms can't be read: `messango trust` reports that.
    """
    try:
        known_rooms = KnownRooms.load()
    except MessangoError:
        return []
    return list(dict.fromkeys([*hints_for_name(name, known_rooms), *hints_for_list(known_rooms)]))


def hints_for_list(known_rooms: KnownRooms) -> list[RoomHint]:
    """Return hints of the rooms that a list should show if they answer where they were last."""
    return _with_servers(known_rooms.all()[:_MAX_LISTED])


def hints_for_name(name: str, known_rooms: KnownRooms) -> list[RoomHint]:
    """Return hints of the known rooms that this name or id may mean, the likeliest first."""
    by_id = known_rooms.by_id(name) if is_room_id(name) else None
    return _with_servers([by_id] if by_id else known_rooms.all_called(name)[:_MAX_NAMED])


def hints_for_invite(fingerprint: str, known_rooms: KnownRooms) -> list[RoomHint]:
    """Return hints of the known rooms of the host whose certificate an invite link names."""
    of_host = [room for room in known_rooms.all() if room.fingerprint == fingerprint]
    return _hints(of_host[:_MAX_LISTED])


def invited_room(invite: Invite, known_rooms: KnownRooms) -> KnownRoom | None:
    """Return the known room that an invite link means, or None.

    All rooms of one host have the same certificate, so the port decides among them.
    """
    same = [room for room in known_rooms.all() if room.fingerprint == invite.fingerprint]
    there = [room for room in same if invite.address in room.addresses]
    at_port = [room for room in same if any(a.port == invite.address.port for a in room.addresses)]
    candidates = there or at_port
    return candidates[0] if len(candidates) == 1 else None


def with_last_addresses(addresses: Sequence[Address], known: KnownRoom | None) -> list[Address]:
    """Return the addresses, then those where the known room was last."""
    return list(dict.fromkeys([*addresses, *(known.addresses if known else ())]))


def _with_servers(rooms: Sequence[KnownRoom]) -> list[RoomHint]:
    """Return hints of rooms, then of the other servers that linked ones among them have named."""
    hints = _hints(rooms)
    seen = {hint.id for hint in hints}
    others = {
        server.id: RoomHint(server.id, room.name, server.fingerprint, tuple(server.addresses))
        for room in rooms
        for server in room.servers
        if server.addresses and server.id not in seen
    }
    return [*hints, *list(others.values())[:_MAX_SERVERS]]


def _hints(rooms: Iterable[KnownRoom]) -> list[RoomHint]:
    return [
        RoomHint(room.id, room.name, room.fingerprint, tuple(room.addresses))
        for room in rooms
        if room.addresses and room.fingerprint
    ]
