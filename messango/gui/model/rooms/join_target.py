"""What to join, now or once that is possible: a room of the list, or what the user typed. No display."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.discovery.searching.name_lookup import ALL_ANSWERED_S, AmbiguousName, KnownRank
from messango.errors import BadAddress
from messango.gui.model.rooms.room_list import RoomList, reason_text
from messango.protocol.password import Password
from messango.protocol.text.plain_names import quoted_name
from messango.transport.addresses import (
    Address,
    Invite,
    may_be_hostname,
    may_be_room_name,
    parse_address,
    parse_address_or_invite,
)

_CHOOSE_HINT: Final = "If you want to join one of them, choose it in the list and compare its words."


@dataclass(frozen=True, slots=True)
class JoinTarget:
    """Where to join; `label` is shown until the room's name is known, `typed` is what the user typed, and
    `asked_name` the name by which they asked for a room.

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
    asked_name: str = ""

    @property
    def invite(self) -> Invite | None:
        """The invite link that this target is, if it is one."""
        if self.room_id or not self.fingerprint:
            return None
        return Invite(self.addresses[0], self.fingerprint)


def room_target(room: FoundRoom, asked_name: str = "") -> JoinTarget:
    """Return the target for a room of the list, perhaps found by a name that it had before.

    Its fingerprint belongs to its id; that of a known room is stored, and counts more.
    """
    return JoinTarget(
        room.name,
        room.addresses,
        room.fingerprint or None,
        room.id or None,
        proved_at=room.proved_at,
        asked_name=asked_name,
    )


def invite_target(invite: Invite) -> JoinTarget:
    """Return the target for an address or an invite link."""
    return JoinTarget(str(invite.address), (invite.address,), invite.fingerprint)


def hostname_target(name: str) -> JoinTarget | None:
    """Return the target for a name that no room has, if it may be a hostname: one with a dot or a port."""
    try:
        return (
            invite_target(Invite(parse_address(name)))
            if may_be_hostname(name) or may_be_room_name(name)
            else None
        )
    except BadAddress:
        return None


def typed_target(text: str, rooms: RoomList, rank_known: KnownRank | None = None) -> JoinTarget:
    """Return the target for the text of the address field: an address, an invite link, or a room's name.

    Raises `BadAddress`, also if the name does not say which room is meant.
    """
    text = text.strip()
    if not text:
        raise BadAddress("No address was typed.", "Ask the host: `messango server` prints it when it starts.")
    invite = parse_address_or_invite(text)
    try:
        room = rooms.meant_by(text, rank_known) if invite is None or may_be_room_name(text) else None
    except AmbiguousName as error:
        raise BadAddress(error.summary, _CHOOSE_HINT) from error
    if room is not None:
        _require_no_hostname(text, rank_known)
        return room_target(room, text)
    return dataclasses.replace(invite_target(invite or Invite(parse_address(text))), typed=text)


def _require_no_hostname(name: str, rank_known: KnownRank | None) -> None:
    """Raise `BadAddress` if a stranger may have named a room like the computer that the user means."""
    if rank_known is None and may_be_hostname(name):
        raise BadAddress(
            f"A room is called {quoted_name(name)}, which may also be the name of a computer.",
            f"Choose the room in the list. For a room on that computer, add the port: {name.strip()}:8000.",
        )


@dataclass(frozen=True, slots=True)
class PendingJoin:
    """A room by its name; or by its id, and then another room of the same name does not match."""

    name: str
    room_id: str = ""
    rank_known: KnownRank | None = dataclasses.field(default=None, compare=False)

    def find_joinable(self, rooms: RoomList, elapsed_s: float = ALL_ANSWERED_S) -> FoundRoom | None:
        """Return the room if it can be joined now, `elapsed_s` seconds after the search began.

        A room that the person does not know waits until another one of its name would have answered as well.
        """
        if self.room_id:
            return rooms.joinable_by_id(self.room_id)
        if self.rank_known is None and elapsed_s < ALL_ANSWERED_S:
            return None
        try:
            room = rooms.meant_by(self.name, self.rank_known)
            _require_no_hostname(self.name, self.rank_known)
        except (AmbiguousName, BadAddress):
            return None
        return room if room is not None and room.joinable else None

    def status_text(self, rooms: RoomList) -> str:
        """Return what to show while waiting: for a seat, for an answer, or for the room to appear."""
        try:
            room = rooms.by_id(self.room_id) if self.room_id else rooms.meant_by(self.name, self.rank_known)
            if room is not None and not self.room_id:
                _require_no_hostname(self.name, self.rank_known)
        except AmbiguousName as error:
            return f"{error.summary} {_CHOOSE_HINT}"
        except BadAddress as error:
            return f"{error} {error.hint}"
        room = room or (None if self.room_id else rooms.by_name(self.name))
        name = quoted_name(self.name)
        if room is None:
            return self._looking_text(name)
        if room.status is RoomStatus.FULL:
            return f"You'll join {name} when a seat is free."
        if room.status is RoomStatus.LOCKED:
            return f"You'll join {name} when the host unlocks it."
        return f"You'll join {name} when it answers. {reason_text(room)}".strip()

    def _looking_text(self, name: str) -> str:
        if self.rank_known is None:
            return (
                f"Looking for {name}: you'll join it when it appears. If it does not, check the name, or "
                "type its address or invite link below."
            )
        return (
            f"Looking for {name}, also where it was last: you'll join it when it answers. If it does not, "
            "ask the host whether it is open, or type its new address or invite link below."
        )
