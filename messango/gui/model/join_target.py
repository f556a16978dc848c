"""What to join, now or once that is possible: a room of the list, or what the user typed. No display."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from messango.discovery.events import FoundRoom
from messango.errors import BadAddress
from messango.gui.model.room_list import RoomList
from messango.protocol.password import Password
from messango.protocol.text.plain_names import quoted_name
from messango.transport.addresses import (
    Address,
    Invite,
    may_be_room_name,
    parse_address,
    parse_address_or_invite,
)


@dataclass(frozen=True, slots=True)
class JoinTarget:
    """Where to join; `label` is shown until the room's name is known, `typed` is what the user typed.

    `password` is set only for a room that this window hosts; otherwise the user is asked for it. `proved_at`
    is where a probe has just found the room.
    """

    label: str
    addresses: tuple[Address, ...]
    fingerprint: str | None = None
    room_id: str | None = None
    password: Password | None = None
    typed: str = ""
    proved_at: Address | None = None

    @property
    def invite(self) -> Invite | None:
        """The invite link that this target is, if it is one."""
        if self.room_id or not self.fingerprint:
            return None
        return Invite(self.addresses[0], self.fingerprint)


def room_target(room: FoundRoom) -> JoinTarget:
    """Return the target for a room of the list.

    Its fingerprint belongs to its id; that of a known room is stored, and counts more.
    """
    return JoinTarget(
        room.name, room.addresses, room.fingerprint or None, room.id or None, proved_at=room.proved_at
    )


def invite_target(invite: Invite) -> JoinTarget:
    """Return the target for an address or an invite link."""
    return JoinTarget(str(invite.address), (invite.address,), invite.fingerprint)


def hostname_target(name: str) -> JoinTarget | None:
    """Return the target for a name that no room has, if it may be a hostname: one with a dot or a port."""
    try:
        return invite_target(Invite(parse_address(name))) if "." in name or may_be_room_name(name) else None
    except BadAddress:
        return None


def typed_target(text: str, rooms: RoomList) -> JoinTarget:
    """Return the target for the text of the address field: an address, an invite link, or a room's name.

    Raises `BadAddress`.
    """
    text = text.strip()
    if not text:
        raise BadAddress("No address was typed.", "Ask the host: `messango server` prints it when it starts.")
    invite = parse_address_or_invite(text)
    room = rooms.by_name(text) if invite is None or may_be_room_name(text) else None
    if room is not None:
        return room_target(room)
    return dataclasses.replace(invite_target(invite or Invite(parse_address(text))), typed=text)


@dataclass(frozen=True, slots=True)
class PendingJoin:
    """A room by its name; or by its id, and then another room of the same name does not match."""

    name: str
    room_id: str = ""

    def find_joinable(self, rooms: RoomList) -> FoundRoom | None:
        """Return the room if it can be joined now."""
        if self.room_id:
            return rooms.joinable_by_id(self.room_id)
        room = rooms.by_name(self.name)
        return room if room is not None and room.joinable else None

    def status_text(self, rooms: RoomList) -> str:
        """Return what to show while waiting: for a seat, or for a room that does not answer."""
        if reason := rooms.reason_for(self.name, self.room_id):
            return f"You'll join {quoted_name(self.name)} when it answers. {reason}"
        return f"You'll join {quoted_name(self.name)} when a seat is free."
