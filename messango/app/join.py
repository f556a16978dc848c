"""Creates the client for a room that a person typed: a name, an address, an invite link, or nothing."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Sequence

from messango.client.known_rooms import KnownRooms
from messango.client.room_client import RoomClient
from messango.discovery.events import FoundRoom
from messango.discovery.interfaces import configured_addresses
from messango.discovery.search import PATIENCE_S, find_by_name, list_rooms, rediscover
from messango.errors import BadAddress, RoomNotFound
from messango.protocol.password import Password
from messango.protocol.text.validation import clean_name
from messango.transport.addresses import Invite, may_be_room_name, parse_address, parse_address_or_invite

#: mDNS finds a room within a fraction of a second; on a lossy Wi-Fi, a query may have to be repeated.
FIND_TIMEOUT_S = 5.0
LIST_TIMEOUT_S = 1.5

ChooseRoom = Callable[[Sequence[FoundRoom]], FoundRoom]


def client_from_input(
    room: str | None,
    name: str,
    choose_room: ChooseRoom,
    *,
    password: Password | None = None,
    prompt_for_password: bool = False,
) -> RoomClient:
    """Return a client, not yet started, for a room's name, address or invite link.

    Without `room`, the client is for the only open room on the network; of several, `choose_room` returns
    one. `password` and `prompt_for_password` are passed to the client.
    Raises `BadAddress`, `BadName`, `RoomNotFound` or `CorruptFile`.
    """
    user_name = clean_name(name)
    known_rooms = KnownRooms.load()
    found = _find(room, known_rooms) if room else _choose_open_room(choose_room)
    if isinstance(found, Invite):
        return RoomClient(
            [found.address],
            user_name,
            known_rooms=known_rooms,
            fingerprint=found.fingerprint,
            rediscover=rediscover,
            password=password,
            prompt_for_password=prompt_for_password,
        )
    return client_for_room(
        found, user_name, known_rooms, password=password, prompt_for_password=prompt_for_password
    )


def client_for_room(
    found: FoundRoom,
    user_name: str,
    known_rooms: KnownRooms,
    *,
    password: Password | None = None,
    prompt_for_password: bool = False,
) -> RoomClient:
    """Return a client, not yet started, for a room that discovery found."""
    return RoomClient(
        found.addresses,
        user_name,
        known_rooms=known_rooms,
        fingerprint=found.fingerprint or None,
        room_id=found.id,
        rediscover=rediscover,
        password=password,
        prompt_for_password=prompt_for_password,
    )


def find_known_room(name: str, known_rooms: KnownRooms, *, timeout_s: float) -> FoundRoom:
    """Return the room of this name, preferring one that this person knows.

    The room that answers first may be a stranger's with the same name. Raises `RoomNotFound`, or `BadAddress`
    for a mistake in `MESSANGO_INTERFACES`.
    """
    configured_addresses()

    def is_known(found: FoundRoom) -> bool:
        return known_rooms.find(found.id, found.name, found.fingerprint) is not None

    prefer = is_known if known_rooms.all_named(name) else None
    return find_by_name(name, timeout_s=timeout_s, prefer=prefer)


def _find(room: str, known_rooms: KnownRooms) -> FoundRoom | Invite:
    """Return the address, the invite link or the room that the text means; raises as `client_from_input`.

    `Room:5` is a host and a port if there is such a host, otherwise a room's name.
    """
    if may_be_room_name(room) and not _is_host(room.strip().partition(":")[0]):
        with contextlib.suppress(RoomNotFound):
            return find_known_room(room, known_rooms, timeout_s=LIST_TIMEOUT_S)
    return parse_address_or_invite(room) or _find_by_name(room, known_rooms)


def _is_host(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return False


def _find_by_name(room: str, known_rooms: KnownRooms) -> FoundRoom | Invite:
    """Return the room of that name, or the address if it is a hostname; raises `RoomNotFound`."""
    is_hostname = "." in room or room.casefold() == "localhost"
    try:
        return find_known_room(room, known_rooms, timeout_s=LIST_TIMEOUT_S if is_hostname else FIND_TIMEOUT_S)
    except RoomNotFound:
        if not is_hostname:
            raise
        try:
            return Invite(parse_address(room))
        except BadAddress:
            pass
        raise


def _choose_open_room(choose_room: ChooseRoom) -> FoundRoom:
    configured_addresses()
    rooms = [found for found in list_rooms(LIST_TIMEOUT_S, patience_s=PATIENCE_S) if found.joinable]
    if not rooms:
        raise RoomNotFound(
            "No open room was found on this network.",
            "Open one with `messango server`, or join by address: `messango chat 192.168.1.20`. "
            "If one is open, `messango doctor` finds out why it does not appear.",
        )
    return rooms[0] if len(rooms) == 1 else choose_room(rooms)
