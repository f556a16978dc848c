"""Finds the room that a person typed: its name, its id, or nothing for the only open one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from messango.app.host_exists import host_exists
from messango.app.known_names import known_rank, trusted_link
from messango.app.last_addresses import hints_for_list, hints_for_name
from messango.client.trust.known_room import KnownRoom
from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.interfaces import configured_addresses
from messango.discovery.model.events import CLOSED_FOR_NOW, FoundRoom
from messango.discovery.searching.name_lookup import AmbiguousName
from messango.discovery.searching.search import PATIENCE_S, find_by_name, list_rooms
from messango.discovery.searching.silent_rooms import NothingHeard
from messango.errors import RoomNotFound
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.wording import join_names
from messango.transport.addresses import (
    Invite,
    may_be_hostname,
    may_be_room_name,
    parse_address,
    parse_address_or_invite,
)

#: mDNS finds a room within a fraction of a second; on a lossy Wi-Fi, a query may have to be repeated.
FIND_TIMEOUT_S = 5.0
LIST_TIMEOUT_S = 1.5

ChooseRoom = Callable[[Sequence[FoundRoom]], FoundRoom]


def find_known_room(name: str, known_rooms: KnownRooms, *, timeout_s: float) -> FoundRoom:
    """Return the room of this name; if this person knows one that has or had it, that one alone.

    A known room is found by its certificate, whatever it is called now. Raises `AmbiguousName` if only other
    rooms have the name, `RoomNotFound`, or `BadAddress` for a mistake in `MESSANGO_INTERFACES`.
    """
    configured_addresses()
    try:
        return find_by_name(
            name,
            timeout_s=timeout_s,
            hints=hints_for_name(name.strip(), known_rooms),
            rank_known=known_rank(name, known_rooms),
            known_fingerprints=_fingerprints(known_rooms.all_called(name.strip())),
        )
    except AmbiguousName as error:
        changed = next((found for found in error.rooms if _took_a_known_place(found, known_rooms)), None)
        if changed is None:
            raise
        return changed


def _fingerprints(rooms: Sequence[KnownRoom]) -> set[str]:
    """Return the certificates of rooms, and of the other servers of linked ones."""
    servers = (server.fingerprint for room in rooms for server in room.servers)
    return {*(room.fingerprint for room in rooms), *servers}


def _took_a_known_place(found: FoundRoom, known_rooms: KnownRooms) -> bool:
    """Return whether the client will refuse this room and say that the fingerprint has changed."""
    return all(
        known_rooms.find_changed(found.id, found.name, found.fingerprint, [address])
        for address in found.addresses
    )


def find_room(room: str, known_rooms: KnownRooms) -> FoundRoom | Invite:
    """Return the address, the invite link or the room that the text means.

    Raises as `join.client_from_input`.

    `Room:5` is a host and a port if there is such a host, otherwise a room's name.
    """
    if may_be_room_name(room) and not host_exists(room.strip().partition(":")[0]):
        try:
            return find_known_room(room, known_rooms, timeout_s=LIST_TIMEOUT_S)
        except AmbiguousName:
            raise
        except RoomNotFound:
            pass
    return parse_address_or_invite(room) or _find_by_name(room, known_rooms)


def _find_by_name(room: str, known_rooms: KnownRooms) -> FoundRoom | Invite:
    """Return the room of that name, or the address if it is a hostname; raises `RoomNotFound`.

    Anybody can name a room like a host: a host that exists is meant, unless the person knows that room.
    """
    may_be_host = may_be_hostname(room)
    try:
        found = find_known_room(
            room, known_rooms, timeout_s=LIST_TIMEOUT_S if may_be_host else FIND_TIMEOUT_S
        )
    except RoomNotFound as error:
        if not may_be_host or (isinstance(error, AmbiguousName) and not _is_meant_host(room, known_rooms)):
            raise
        return Invite(parse_address(room))
    return Invite(parse_address(room)) if may_be_host and _is_meant_host(room, known_rooms) else found


def _is_meant_host(name: str, known_rooms: KnownRooms) -> bool:
    """Return whether a name that strangers' rooms have is that of a host."""
    return not known_rooms.all_called(name.strip()) and host_exists(name.strip())


def choose_open_room(choose_room: ChooseRoom, known_rooms: KnownRooms) -> FoundRoom:
    """Return the only open room on the network; of several, `choose_room` returns one."""
    configured_addresses()
    found = list_rooms(LIST_TIMEOUT_S, patience_s=PATIENCE_S, hints=hints_for_list(known_rooms))
    # One room may answer at several places, as through a relay, or as one of the servers of a linked room. A
    # copy of a folder has another name.
    by_identity: dict[tuple[str, str], FoundRoom] = {}
    for room in found:
        if room.joinable:
            by_identity.setdefault((trusted_link(room, known_rooms) or room.id, room.name), room)
    rooms = list(by_identity.values())
    if not rooms:
        if closed := [room for room in found if room.status in CLOSED_FOR_NOW]:
            raise _all_closed(closed)
        error = RoomNotFound if found else NothingHeard
        raise error(
            "No open room was found on this network.",
            "Open one with `messango server`, or join by address: `messango chat 192.168.1.20`. "
            "If one is open, `messango doctor` finds out why it does not appear.",
        )
    return rooms[0] if len(rooms) == 1 else choose_room(rooms)


def _all_closed(rooms: Sequence[FoundRoom]) -> RoomNotFound:
    states = join_names([f"{quoted_name(room.name)} is {room.status.value}" for room in rooms])
    return RoomNotFound(
        f"No room can be joined at the moment: {states}.",
        "Ask the host to unlock the room (`messango host unlock`) or to add seats (`messango host seats 8`). "
        "Or open another one with `messango server`.",
    )
