"""What is to be joined: a room of the list, or what somebody typed; decided without a display."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from messango.discovery.events import FoundRoom
from messango.errors import BadAddress
from messango.gui.model.room_list import RoomList
from messango.protocol.password import Password
from messango.transport.addresses import Address, Invite, parse_address, parse_address_or_invite


@dataclass(frozen=True, slots=True)
class JoinTarget:
    """Where to join; `label` is what to call it until the room tells its name, `typed` what somebody typed.

    Only who hosts a room has its `password` from the start; others are asked for it.
    """

    label: str
    addresses: tuple[Address, ...]
    fingerprint: str | None = None
    room_id: str | None = None
    password: Password | None = None
    typed: str = ""


def room_target(room: FoundRoom) -> JoinTarget:
    """Return a room of the list as a target. Its fingerprint comes from mDNS, so it proves nothing."""
    return JoinTarget(room.name, room.addresses, room_id=room.id or None)


def invite_target(invite: Invite) -> JoinTarget:
    """Return an address or an invite link as a target."""
    return JoinTarget(str(invite.address), (invite.address,), invite.fingerprint)


def hostname_target(name: str) -> JoinTarget | None:
    """Return what a name stands for where no room bears it: a name with a dot in it may be a machine's."""
    try:
        return invite_target(Invite(parse_address(name))) if "." in name else None
    except BadAddress:
        return None


def typed_target(text: str, rooms: RoomList) -> JoinTarget:
    """Read what stands in the address field: an address, a link, or a name in the list.

    Raises `BadAddress`.
    """
    text = text.strip()
    if not text:
        raise BadAddress("No address was typed.", "Ask the host: `messango server` prints it when it starts.")
    invite = parse_address_or_invite(text)
    room = None if invite else rooms.by_name(text)
    if room is not None:
        return room_target(room)
    return dataclasses.replace(invite_target(invite or Invite(parse_address(text))), typed=text)
