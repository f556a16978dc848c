"""What the host of a room reads: events of the room and its server, and results of commands. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.protocol.text.wording import counted
from messango.room.bans import Ban
from messango.room.host.link_report import LinkReport
from messango.room.peer import Peer


@dataclass(frozen=True, slots=True)
class JoinAttempted:
    """A client at `peer` (`192.0.2.7:50001`, `[2001:db8::7]:50001`) asks to join as `name`."""

    peer: str
    name: str


@dataclass(frozen=True, slots=True)
class JoinAttemptRefused:
    """A client did not get in, or was disconnected before it joined; `name` is empty if it gave none."""

    peer: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A member took a seat; with `resumed` the member returned to their own, and the others got no notice.

    If `encrypted` is false, anybody on the network can read what this member sends and receives. `host`: one
    of the host's own programs. `web`: a guest from the browser. `resembles` is the name that this one can be
    mistaken for, if there is one.
    """

    peer: str
    name: str
    members: int
    seats: int
    resumed: bool
    encrypted: bool = True
    host: bool = False
    resembles: str = ""
    web: bool = False


@dataclass(frozen=True, slots=True)
class MemberDisconnected:
    """A member's connection broke; the seat stays reserved for `RECONNECT_GRACE_S`."""

    name: str


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """A member left for good, `reason` and `note` as in the frame `Left`; `members` seats are still taken."""

    name: str
    reason: str
    members: int
    seats: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class MemberRenamed:
    """A member changed their name from `old` to `name`, with `times` over 1 not all at once.

    `resembles` as in `MemberJoined`.
    """

    name: str
    old: str
    resembles: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class RoomRenamed:
    """Another room on the network already has the name, so this room is now called `name`.

    `recovered`: it has the name again that its host gave it. `linked`: only lists
    call this server so, and the other one is perhaps of the same linked room.
    """

    name: str
    recovered: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class AddressesChanged:
    """The host's machine has other addresses on the local network: those to join by now, best first.

    `invite` is a new invite link. Both are empty if the machine is not connected to a network any more.
    """

    addresses: tuple[str, ...]
    invite: str


@dataclass(frozen=True, slots=True)
class GuestLinkExpired:
    """The link for guests from the browser is not valid any more; those who are here stay."""


@dataclass(frozen=True, slots=True)
class HistoryRestored:
    """Messages are written to the history again, including those in memory; `lost` did not fit there."""

    lost: int = 0


@dataclass(frozen=True, slots=True)
class MessagesNotKept:
    """The room has closed, and `count` messages are not in its history; `reason` says why."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class ServerWarning:
    """Something is wrong on the host's machine, such as a full disk; the room stays open."""

    reason: str


@dataclass(frozen=True, slots=True)
class ServerNotice:
    """What a warning was about is over, or something else that the host should know: one sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class HostActed:
    """A command of `messango host` changed the room: the sentence that its host has read."""

    message: str


@dataclass(frozen=True, slots=True)
class PrivateMessagesSent:
    """Members wrote to one member only; `count` is how many such messages there are since the room opened."""

    count: int


@dataclass(frozen=True, slots=True)
class FileShared:
    """A member sent a file of `size` bytes to everybody."""

    name: str
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class FileTurnedAway:
    """There was no space for a file from `address`; `reason` is what its sender read."""

    address: str
    file: str
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class CommandDone:
    """A host command succeeded: one sentence on one line."""

    message: str


@dataclass(frozen=True, slots=True)
class CommandFailed:
    """A host command failed: why, and what to do instead, on one line; `code` says why, for programs.

    `code` is one of those below, or "failed".
    """

    message: str
    code: str = "failed"


#: No member, former member, ban or file has that name, address or number.
UNKNOWN_MEMBER: Final = "unknown-member"
NOT_BANNED: Final = "not-banned"
UNKNOWN_FILE: Final = "unknown-file"
#: Several members, or files, can be meant.
SEVERAL_MEMBERS: Final = "several-members"
#: The server has not all that the command needs: an extra of Messango is not installed.
EXTRA_MISSING: Final = "extra-missing"
#: The command is about a link, and the room has none.
NOT_LINKED: Final = "not-linked"
#: The command or what follows it is not valid.
INVALID_INPUT: Final = "invalid-input"


@dataclass(frozen=True, slots=True)
class MemberInfo:
    """A member as the host sees them: `joined_at_s` is seconds since 1970 UTC, `away` means disconnected.

    `host` and `resembles` as in `MemberJoined`; `id` is the public one. `server` is the name of the server of
    a linked room at which they are, if that is another one: then they have no `peer` here, and nobody here
    knows since when they are there. `web` and `encrypted` are as everybody is told.
    """

    name: str
    peer: Peer | None
    joined_at_s: float
    away: bool
    host: bool = False
    resembles: str = ""
    id: str = ""
    server: str = ""
    web: bool = False
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class MemberList:
    """The members in the order in which they joined: the result of `ListMembers`.

    `private_messages` as in `PrivateMessagesSent`: the host's commands never show a text.
    """

    members: tuple[MemberInfo, ...]
    private_messages: int = 0


@dataclass(frozen=True, slots=True)
class BanList:
    """The bans that are in force: the result of `ListBans`."""

    bans: tuple[Ban, ...]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A shared file: its `number` in the list, its `id` in the room, and its sender's name.

    Times are in seconds since 1970 UTC.
    """

    number: int
    id: str
    name: str
    size: int
    sender: str
    shared_at_s: float
    expires_at_s: float


@dataclass(frozen=True, slots=True)
class FileList:
    """The shared files, the oldest first: the result of `ListFiles`.

    `total` is how many bytes all files have, those on their way included, `most` how many they may have.
    """

    files: tuple[StoredFile, ...]
    total: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class GuestLink:
    """Whether guests can join from the browser, and with which key: the result of the commands `web`.

    Without guests, `key` is empty. `expires_at_s` is in seconds since 1970 UTC; `guests` counts those who are
    here, also those whose connection broke. `message` is what was done, or what to do: "", or sentences.
    """

    key: str
    expires_at_s: float
    guests: int
    message: str = ""
    has_expired: bool = False


def guest_link_expired_text() -> str:
    """Return what the host reads when guests can't join any more."""
    return "the link for guests from the browser has expired; those who are here stay"


def restored_text(event: HistoryRestored) -> str:
    """Return what the host reads when messages are stored again."""
    lost = counted(event.lost, "message")
    outcome = f"but {lost} did not fit into memory and are lost" if event.lost else "and none was lost"
    return f"messages are written to the history again, {outcome}"


def not_kept_text(event: MessagesNotKept) -> str:
    """Return what the host reads after the room has closed."""
    are = f"{counted(event.count, 'message')} {'is' if event.count == 1 else 'are'}"
    return f"{are} not in the history, and lost now. {event.reason}".rstrip()


def addresses_text(event: AddressesChanged) -> str:
    """Return what the host reads when their computer got other addresses."""
    if not event.addresses:
        return "this computer is not connected to a network any more; others can't reach the room"
    return f"this computer's network has changed; the room is now at {', '.join(event.addresses[:6])}"


def private_messages_text(count: int) -> str:
    """Return `3 private messages`; nothing if there are none."""
    return counted(count, "private message") if count else ""


RoomNotice: TypeAlias = (
    JoinAttempted
    | JoinAttemptRefused
    | MemberJoined
    | MemberDisconnected
    | MemberLeft
    | MemberRenamed
    | RoomRenamed
    | AddressesChanged
    | HistoryRestored
    | MessagesNotKept
    | ServerWarning
    | ServerNotice
    | HostActed
    | FileShared
    | FileTurnedAway
    | GuestLinkExpired
)
CommandResult: TypeAlias = (
    CommandDone | CommandFailed | MemberList | BanList | FileList | GuestLink | LinkReport
)
RoomEvent: TypeAlias = RoomNotice | CommandResult | PrivateMessagesSent
