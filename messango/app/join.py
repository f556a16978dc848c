"""Creates the client for a room that a person typed: a name, an address, an invite link, or nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

from messango.app.known_names import known_rank
from messango.app.last_addresses import (
    hints_for_invite,
    hints_for_list,
    hints_for_name,
    invited_room,
    with_last_addresses,
)
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.interfaces import configured_addresses
from messango.discovery.model.events import CLOSED_FOR_NOW, FoundRoom
from messango.discovery.searching.invited import find_invited
from messango.discovery.searching.name_lookup import AmbiguousName
from messango.discovery.searching.search import PATIENCE_S, find_by_name, list_rooms, rediscover
from messango.discovery.searching.silent_rooms import NothingHeard
from messango.errors import RoomNotFound
from messango.protocol.password import Password
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.validation import clean_name
from messango.protocol.text.wording import join_names
from messango.transport.addresses import (
    Address,
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
ChooseNamesake = Callable[[AmbiguousName], FoundRoom]


def client_from_input(
    room: str | None,
    name: str,
    choose_room: ChooseRoom,
    *,
    password: Password | None = None,
    prompt_for_password: bool = False,
    choose_namesake: ChooseNamesake | None = None,
) -> RoomClient:
    """Return a client, not yet started, for a room's name, address or invite link.

    Without `room`, the client is for the only open room on the network; of several, `choose_room` returns
    one. If the name alone does not say which room is meant, `choose_namesake` does; without it
    `AmbiguousName` is raised. `password` and `prompt_for_password` are passed to the client.
    Raises `BadAddress`, `BadName`, `RoomNotFound` or `CorruptFile`.
    """
    user_name = clean_name(name)
    known_rooms = KnownRooms.load()
    found: FoundRoom | Invite
    try:
        found = _find(room, known_rooms) if room else _choose_open_room(choose_room, known_rooms)
    except AmbiguousName as error:
        if choose_namesake is None:
            raise
        found = choose_namesake(error)
    if isinstance(found, Invite):
        return client_for_invite(
            found, user_name, known_rooms, password=password, prompt_for_password=prompt_for_password
        )
    return client_for_room(
        found,
        user_name,
        known_rooms,
        password=password,
        prompt_for_password=prompt_for_password,
        asked_name=room or "",
    )


def client_for_invite(
    invite: Invite,
    user_name: str,
    known_rooms: KnownRooms,
    *,
    password: Password | None = None,
    prompt_for_password: bool = False,
) -> RoomClient:
    """Return a client, not yet started, for an address or an invite link.

    An invite link names a room by its certificate: if its address is another's now, or nobody's, the client
    looks for the room at its last addresses and by its announcement.
    """
    known = invited_room(invite, known_rooms) if invite.fingerprint else None

    def rediscover_invited(
        room_id: str, fingerprint: str, timeout_s: float, is_cancelled: Callable[[], bool]
    ) -> Sequence[Address]:
        if wanted := room_id or (known.id if known else ""):
            return rediscover(wanted, fingerprint, timeout_s, is_cancelled)
        hints = hints_for_invite(fingerprint, known_rooms)
        return find_invited(fingerprint, invite.address.port, timeout_s, is_cancelled, hints=hints)

    return RoomClient(
        with_last_addresses([invite.address], known),
        user_name,
        known_rooms=known_rooms,
        fingerprint=invite.fingerprint,
        rediscover=rediscover_invited,
        password=password,
        prompt_for_password=prompt_for_password,
    )


def client_for_room(
    found: FoundRoom,
    user_name: str,
    known_rooms: KnownRooms,
    *,
    password: Password | None = None,
    prompt_for_password: bool = False,
    asked_name: str = "",
) -> RoomClient:
    """Return a client, not yet started, for a room that discovery found, perhaps by the name asked for."""
    return RoomClient(
        found.addresses,
        user_name,
        known_rooms=known_rooms,
        fingerprint=found.fingerprint or None,
        room_id=found.id,
        asked_name=asked_name,
        proved_at=found.proved_at,
        rediscover=rediscover,
        password=password,
        prompt_for_password=prompt_for_password,
    )


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
            known_fingerprints={room.fingerprint for room in known_rooms.all_called(name.strip())},
        )
    except AmbiguousName as error:
        changed = next((found for found in error.rooms if _took_a_known_place(found, known_rooms)), None)
        if changed is None:
            raise
        return changed


def _took_a_known_place(found: FoundRoom, known_rooms: KnownRooms) -> bool:
    """Return whether the client will refuse this room and say that the fingerprint has changed."""
    return all(
        known_rooms.find_changed(found.id, found.name, found.fingerprint, [address])
        for address in found.addresses
    )


def _find(room: str, known_rooms: KnownRooms) -> FoundRoom | Invite:
    """Return the address, the invite link or the room that the text means; raises as `client_from_input`.

    `Room:5` is a host and a port if there is such a host, otherwise a room's name.
    """
    if may_be_room_name(room) and not _is_host(room.strip().partition(":")[0]):
        try:
            return find_known_room(room, known_rooms, timeout_s=LIST_TIMEOUT_S)
        except AmbiguousName:
            raise
        except RoomNotFound:
            pass
    return parse_address_or_invite(room) or _find_by_name(room, known_rooms)


def _is_host(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return False


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
    return not known_rooms.all_called(name.strip()) and _is_host(name.strip())


def _choose_open_room(choose_room: ChooseRoom, known_rooms: KnownRooms) -> FoundRoom:
    configured_addresses()
    found = list_rooms(LIST_TIMEOUT_S, patience_s=PATIENCE_S, hints=hints_for_list(known_rooms))
    # One room may answer at several places, as through a relay. A copy of a folder has another name.
    by_identity: dict[tuple[str, str], FoundRoom] = {}
    for room in found:
        if room.joinable:
            by_identity.setdefault((room.id, room.name), room)
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
