"""Creates the client for a room that a person typed: a name, an address, an invite link, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from messango.app.host_exists import host_exists
from messango.app.last_addresses import (
    find_where_it_was,
    hints_for_invite,
    invited_room,
    with_last_addresses,
)
from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.model.events import FoundRoom
from messango.protocol.password import Password
from messango.protocol.text.validation import clean_name
from messango.transport.addresses import Address, Invite, may_be_room_name, parse_address_or_invite

if TYPE_CHECKING:
    from messango.client.room_client import RoomClient
    from messango.discovery.searching.name_lookup import AmbiguousName

ChooseRoom = Callable[[Sequence[FoundRoom]], FoundRoom]
ChooseNamesake = Callable[["AmbiguousName"], FoundRoom]


def client_from_input(
    room: str | None,
    name: str,
    choose_room: ChooseRoom,
    *,
    password: Password | None = None,
    prompt_for_password: bool = False,
    choose_namesake: ChooseNamesake | None = None,
    brief: bool = False,
) -> RoomClient:
    """Return a client, not yet started, for a room's name, address or invite link.

    Without `room`, the client is for the only open room on the network; of several, `choose_room` returns
    one. If the name alone does not say which room is meant, `choose_namesake` does; without it
    `AmbiguousName` is raised. `password`, `prompt_for_password` and `brief` are passed to the client.
    Raises `BadAddress`, `BadName`, `RoomNotFound` or `CorruptFile`.

    An address, and a known room that is where it was, need no search: nothing is loaded for one.
    """
    user_name = clean_name(name)
    known_rooms = KnownRooms.load()
    found: FoundRoom | Invite | None = _find_without_search(room, known_rooms) if room else None
    if found is None:
        found = _search(room, known_rooms, choose_room, choose_namesake)
    if isinstance(found, Invite):
        return client_for_invite(
            found,
            user_name,
            known_rooms,
            password=password,
            prompt_for_password=prompt_for_password,
            brief=brief,
        )
    return client_for_room(
        found,
        user_name,
        known_rooms,
        password=password,
        prompt_for_password=prompt_for_password,
        asked_name=room or "",
        brief=brief,
    )


def _find_without_search(room: str, known_rooms: KnownRooms) -> FoundRoom | Invite | None:
    """Return the address or link that the text is, or the known room that it names; None to search for it.

    `Room:5` is a host and a port if there is such a host, otherwise a room's name.
    """
    is_address = not may_be_room_name(room) or host_exists(room.strip().partition(":")[0])
    return (parse_address_or_invite(room) if is_address else None) or find_where_it_was(room, known_rooms)


def _search(
    room: str | None,
    known_rooms: KnownRooms,
    choose_room: ChooseRoom,
    choose_namesake: ChooseNamesake | None,
) -> FoundRoom | Invite:
    from messango.app.find_room import choose_open_room, find_room
    from messango.discovery.searching.name_lookup import AmbiguousName

    try:
        return find_room(room, known_rooms) if room else choose_open_room(choose_room, known_rooms)
    except AmbiguousName as error:
        if choose_namesake is None:
            raise
        return choose_namesake(error)


def client_for_invite(
    invite: Invite,
    user_name: str,
    known_rooms: KnownRooms,
    *,
    password: Password | None = None,
    prompt_for_password: bool = False,
    brief: bool = False,
) -> RoomClient:
    """Return a client, not yet started, for an address or an invite link.

    An invite link names a room by its certificate: if its address is another's now, or nobody's, the client
    looks for the room at its last addresses and by its announcement.
    """
    from messango.client.room_client import RoomClient

    known = invited_room(invite, known_rooms) if invite.fingerprint else None

    def rediscover_invited(
        room_id: str, fingerprint: str, timeout_s: float, is_cancelled: Callable[[], bool]
    ) -> Sequence[Address]:
        from messango.discovery.searching.invited import find_invited

        if wanted := room_id or (known.id if known else ""):
            return _rediscover(wanted, fingerprint, timeout_s, is_cancelled)
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
        brief=brief,
    )


def client_for_room(
    found: FoundRoom,
    user_name: str,
    known_rooms: KnownRooms,
    *,
    password: Password | None = None,
    prompt_for_password: bool = False,
    asked_name: str = "",
    brief: bool = False,
) -> RoomClient:
    """Return a client, not yet started, for a room that discovery found, perhaps by the name asked for."""
    from messango.client.room_client import RoomClient

    return RoomClient(
        found.addresses,
        user_name,
        known_rooms=known_rooms,
        fingerprint=found.fingerprint or None,
        room_id=found.id,
        asked_name=asked_name,
        proved_at=found.proved_at,
        rediscover=_rediscover,
        password=password,
        prompt_for_password=prompt_for_password,
        brief=brief,
    )


def _rediscover(
    room_id: str, fingerprint: str, timeout_s: float, is_cancelled: Callable[[], bool]
) -> Sequence[Address]:
    """Return the current addresses of a room; in the thread that searches, which is seldom needed."""
    from messango.discovery.searching.search import rediscover

    return rediscover(room_id, fingerprint, timeout_s, is_cancelled)
