"""What a server tells its host, on one queue: `Server.events`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from messango.room.bans import Ban
from messango.room.moderation import MemberInfo


@dataclass(frozen=True, slots=True)
class JoinAttempted:
    """Somebody at `peer` (IP and port) asks to join as `name`."""

    peer: str
    name: str


@dataclass(frozen=True, slots=True)
class HostMemberJoined:
    """A member took a seat; `back` where it had it before and returns.

    Where `encrypted` is false, anybody on the network can read what it says and is told.
    """

    peer: str
    name: str
    members: int
    seats: int
    back: bool
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class HostMemberDisconnected:
    """A member's connection broke; its seat is kept for a while."""

    name: str


@dataclass(frozen=True, slots=True)
class HostMemberLeft:
    """A seat is free again."""

    name: str
    reason: str
    members: int
    seats: int


@dataclass(frozen=True, slots=True)
class HostMemberRenamed:
    """A member is called otherwise."""

    name: str
    old: str


@dataclass(frozen=True, slots=True)
class HostJoinRefused:
    """Somebody did not get in, or an unjoined client was sent away; `name` is empty where none was given."""

    peer: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ServerWarning:
    """Something is wrong on the host's machine; the room goes on."""

    reason: str


@dataclass(frozen=True, slots=True)
class RoomRenamed:
    """Another room on the network has the name already, so this one is called `name` from now on."""

    name: str


@dataclass(frozen=True, slots=True)
class HistoryRestored:
    """What is said is written to the history again, and what was not is now."""


@dataclass(frozen=True, slots=True)
class CommandDone:
    """What the host asked for is done, in a sentence on one line."""

    message: str


@dataclass(frozen=True, slots=True)
class CommandFailed:
    """What the host asked for can't be done: why, and what to do instead, on one line."""

    message: str


@dataclass(frozen=True, slots=True)
class MemberList:
    """Who has a seat: the answer to `RoomModeration.who`."""

    members: tuple[MemberInfo, ...]


@dataclass(frozen=True, slots=True)
class BanList:
    """Whom the host keeps out: the answer to `RoomModeration.bans`."""

    bans: tuple[Ban, ...]


HostNotice: TypeAlias = (
    JoinAttempted
    | HostMemberJoined
    | HostMemberDisconnected
    | HostMemberLeft
    | HostMemberRenamed
    | HostJoinRefused
    | ServerWarning
    | RoomRenamed
    | HistoryRestored
)
CommandResult: TypeAlias = CommandDone | CommandFailed | MemberList | BanList
ServerEvent: TypeAlias = HostNotice | CommandResult
