"""What the host of a room can do, as data.

The prompt, `messango host` and the window make commands, and the room applies them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from messango.protocol.password import Password
from messango.protocol.text.escaping import safe_line
from messango.room.host.file_commands import ListFiles, RemoveFile
from messango.room.host.guest_commands import AdmitGuests, DismissGuests, RenewGuestLink, ShowGuestLink
from messango.room.host.host_events import BanList, CommandDone, CommandFailed, CommandResult, MemberList
from messango.room.host.link_commands import Relink, ShowLink
from messango.room.moderation import Moderation
from messango.room.moderation_error import ModerationError


@dataclass(frozen=True, slots=True)
class Kick:
    """Remove a member. Their session can't return; they may join again as a new member.

    Here and in `BanName`, the case of a `name` does not matter, and its beginning is enough if it fits only
    one member; so is `#` and the beginning of a public id. With `member`, a whole id, nobody else is meant.
    """

    name: str
    reason: str = ""
    member: str = ""

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.kick(self.name, self.reason, self.member))


@dataclass(frozen=True, slots=True)
class BanName:
    """Ban a name for `seconds`, or for good if that is None.

    The ban of a member, or of somebody who left, includes their address and session.
    """

    name: str
    seconds: float | None = None
    reason: str = ""

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.ban_name(self.name, self.seconds, self.reason))


@dataclass(frozen=True, slots=True)
class BanAddress:
    """Ban an IP address, or a network such as 192.168.7.0/24, and remove the members who are there.

    An IPv6 address stands for its /64, unless this computer is in that too.
    """

    address: str
    seconds: float | None = None
    reason: str = ""

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.ban_address(self.address, self.seconds, self.reason))


@dataclass(frozen=True, slots=True)
class Unban:
    """Remove every ban of a name, an address or a network."""

    target: str

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.unban(self.target))


@dataclass(frozen=True, slots=True)
class Announce:
    """Post a message as the host, under a name that no member can have (`HOST_NAME`)."""

    text: str

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.announce(self.text))


@dataclass(frozen=True, slots=True)
class Lock:
    """Refuse new members; members and those with a session may return."""

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.lock())


@dataclass(frozen=True, slots=True)
class Unlock:
    """Admit new members again."""

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.unlock())


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Require this password from newcomers, or none. The members stay, and keep their seats."""

    password: Password | None

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.set_password(self.password))


@dataclass(frozen=True, slots=True)
class SetSeats:
    """Change the number of seats. If there are more members, they stay, and newcomers wait for a seat."""

    seats: int

    def apply(self, moderation: Moderation) -> CommandResult:
        return CommandDone(moderation.set_seats(self.seats))


@dataclass(frozen=True, slots=True)
class ListMembers:
    """List the members, with their addresses and when they joined."""

    def apply(self, moderation: Moderation) -> CommandResult:
        return MemberList(moderation.members(), moderation.private_messages())


@dataclass(frozen=True, slots=True)
class ListBans:
    """List the bans."""

    def apply(self, moderation: Moderation) -> CommandResult:
        return BanList(moderation.bans())


HostCommand: TypeAlias = (
    Kick
    | BanName
    | BanAddress
    | Unban
    | Announce
    | Lock
    | Unlock
    | SetPassword
    | SetSeats
    | ListMembers
    | ListBans
    | ListFiles
    | RemoveFile
    | ShowGuestLink
    | AdmitGuests
    | RenewGuestLink
    | DismissGuests
    | ShowLink
    | Relink
)
#: Runs a command in the room without waiting; the result is published among the room's events.
RunCommand: TypeAlias = Callable[[HostCommand], None]


def run_command(command: HostCommand, moderation: Moderation) -> CommandResult:
    """Apply a command and return its result; a sentence in it is one line without control characters."""
    try:
        result = command.apply(moderation)
    except ModerationError as error:
        return CommandFailed(safe_line(str(error)), error.code)
    return CommandDone(safe_line(result.message)) if isinstance(result, CommandDone) else result
