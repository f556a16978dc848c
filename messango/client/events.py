"""What a client tells its face, in order, on one queue: `RoomClient.events`."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.client.known_rooms import KnownRoom
from messango.errors import MessangoError, PasswordNeeded, WrongPassword
from messango.protocol.frames import RoomInfo


@dataclass(frozen=True, slots=True)
class Connecting:
    """An attempt begins; `reconnecting` where we had been in before."""

    reconnecting: bool


@dataclass(frozen=True, slots=True)
class PasswordRequired:
    """The room has a password: `error` says whether none was given or a wrong one.

    The stay waits for `RoomClient.give_password` or `leave`. Told where the client asks for it, before
    we are in, and after a broken connection where the host has changed the password meanwhile.
    """

    error: PasswordNeeded | WrongPassword


@dataclass(frozen=True, slots=True)
class RoomJoined:
    """We are in, as `you`; history follows as `MessageReceived`.

    `first_visit` is true where the fingerprint was not known before; `resumed` where this is the same
    stay after a broken connection, so that what is shown already stays as it is. Of those who are
    `unencrypted` anybody on the network can read what they say and are told. `by_invite`: the fingerprint
    was that of an invite link. `namesake` is another room of this name that we know, where this one is new
    to us: people must not take the one for the other. `gap`: some of what was said since we were last
    in is not kept any more, and does not follow.
    """

    room: RoomInfo
    you: str
    member: str
    members: tuple[str, ...]
    latest: int
    fingerprint: str
    address: str
    encrypted: bool
    first_visit: bool
    resumed: bool
    unencrypted: tuple[str, ...] = ()
    by_invite: bool = False
    namesake: KnownRoom | None = None
    gap: bool = False


#: What a person reads where an `RoomJoined` has a gap.
GAP_NOTICE: Final = "Some of what was said meanwhile may be missing: the room does not keep it any more."


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message the room has accepted: `time` in seconds since 1970 UTC.

    `own` is true for what this stay said: then `id` is what `RoomClient.send_message` returned, and this is
    the receipt. `history` is true for what was said before we came.
    """

    seq: int
    id: str
    member: str
    time: float
    name: str
    text: str
    own: bool
    history: bool


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """The room did not take the message with this `id`; it will not be sent again."""

    id: str
    text: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Somebody came; where `encrypted` is false, anybody on the network can read that connection."""

    name: str
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody went, and why in plain words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class MemberRenamed:
    """`old` is called `name` now; `you` where that is us."""

    name: str
    old: str
    you: bool


@dataclass(frozen=True, slots=True)
class MemberTyping:
    """Somebody is typing; show it for about 3 s."""

    name: str


@dataclass(frozen=True, slots=True)
class RequestFailed:
    """Something we asked for other than a message failed (a rename, say); the stay goes on."""

    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection broke; the next attempt is made in `retry_in_s` seconds."""

    error: MessangoError
    retry_in_s: float


class EndReason(enum.Enum):
    """Why a stay is over."""

    LEFT = "left"  # we asked for it
    FAILED = "failed"  # never got in: unreachable, refused, another fingerprint
    CLOSED = "closed"  # the server said so: closing, kicked, replaced


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The last event of a stay; `error` says why, and is None where we left."""

    reason: EndReason
    error: MessangoError | None


Event: TypeAlias = (
    Connecting
    | PasswordRequired
    | RoomJoined
    | MessageReceived
    | MessageFailed
    | MemberJoined
    | MemberLeft
    | MemberRenamed
    | MemberTyping
    | RequestFailed
    | Disconnected
    | SessionEnded
)
