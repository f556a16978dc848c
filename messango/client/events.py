"""Client events: everything that a client reports to its front end, in order, on `RoomClient.events`."""

from __future__ import annotations

import enum
from dataclasses import dataclass, fields
from typing import ClassVar, Final, TypeAlias

import msgspec

from messango.client.trust.known_rooms import KnownRoom
from messango.errors import JoinRefused, MessangoError, PasswordNeeded, RoomClosed, WrongPassword
from messango.protocol.frames import Person, RoomInfo
from messango.transport.dialing.dial_failure import failure_kind
from messango.transport.identity.identity_errors import FingerprintMismatch

JsonFields: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """Base class of the events."""

    #: The value of `event` in the JSON form; empty for an event that is not written as JSON.
    json_name: ClassVar[str] = ""

    def to_json_fields(self) -> JsonFields:
        """Return what `chat --json` writes: the name and all fields. Empty if nothing is written.

        The format is public: a field that is added here also belongs in `terminal/json_schema.py`.
        """
        if not self.json_name:
            return {}
        return {"event": self.json_name, **{field.name: getattr(self, field.name) for field in fields(self)}}


@dataclass(frozen=True, slots=True)
class Connecting(ClientEvent):
    """The client starts to connect; `reconnecting` is True if it was in the room before."""

    reconnecting: bool


@dataclass(frozen=True, slots=True)
class PasswordRequired(ClientEvent):
    """The room needs a password: `error` says whether none was given or a wrong one.

    The client waits for `RoomClient.submit_password` or `leave`. Only a client made with
    `prompt_for_password` sends this: before it has joined, and when it reconnects after the host has
    changed the password.
    """

    error: PasswordNeeded | WrongPassword


@dataclass(frozen=True, slots=True)
class RoomJoined(ClientEvent):
    """The client has joined the room as `you`; the history follows as `MessageReceived`.

    `latest` is the highest sequence number so far. `first_visit`: the fingerprint was not known before.
    `resumed`: the same session continues after a broken connection, so what is already shown stays.
    `unencrypted` names the members whose connections are not encrypted: anybody on the network can read
    the whole conversation there. `by_invite`: the fingerprint came from an invite link. `namesake` is
    another known room with the same name, if this one is new: warn about the confusion. `gap`: some
    messages since the last connection are no longer stored and will not follow. `moved_from` is the former
    address, or that of the invite link, if the room was found at another one; otherwise empty.
    `wanted` is the name that we asked for. `people` has more about the members; see `everybody`.
    `former_name` is the name by which the person knows the room, if it has another one now. `same_name`: the
    other known rooms that the name they typed may mean.
    """

    json_name = "entered"

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
    moved_from: str = ""
    wanted: str = ""
    people: tuple[Person, ...] = ()
    former_name: str = ""
    same_name: tuple[KnownRoom, ...] = ()

    @property
    def everybody(self) -> list[Person]:
        """All `members`; those of whom the room says no more than the name have an empty id."""
        known = {person.name: person for person in self.people}
        return [
            known.get(name) or Person("", name, encrypted=name not in self.unencrypted)
            for name in dict.fromkeys(self.members)
        ]

    def to_json_fields(self) -> JsonFields:
        """Return the fields that programs need, under their public names."""
        return {
            "event": self.json_name,
            "room": self.room.name,
            "you": self.you,
            "wanted": self.wanted or self.you,
            "members": list(self.members),
            "latest": self.latest,
            "back": self.resumed,
            "gap": self.gap,
            "address": self.address,
            "moved_from": self.moved_from or None,
            "fingerprint": self.fingerprint,
            "first_visit": self.first_visit,
            "namesake": self.namesake.id if self.namesake else None,
            "former_name": self.former_name or None,
            "same_name": [room.id for room in self.same_name],
            "unencrypted": list(self.unencrypted),
            "people": [msgspec.structs.asdict(person) for person in self.everybody],
        }


#: The text for people if a `RoomJoined` has a gap.
GAP_NOTICE: Final = "Some messages may be missing: the room no longer stores all that you missed."


@dataclass(frozen=True, slots=True)
class MessageReceived(ClientEvent):
    """A message that the room has accepted; `time` in seconds since 1970 UTC.

    `own`: this client sent it, `id` is what `RoomClient.send_message` returned, and this is the receipt.
    `history`: it was sent before the client joined.
    """

    json_name = "message"

    seq: int
    id: str
    member: str
    time: float
    name: str
    text: str
    own: bool
    history: bool


@dataclass(frozen=True, slots=True)
class MessageFailed(ClientEvent):
    """The room rejected the message with this `id`; the client does not send it again."""

    json_name = "failed"

    id: str
    text: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class MemberJoined(ClientEvent):
    """A member joined; the fields are those of `Person`, `member` is the id."""

    json_name = "joined"

    name: str
    encrypted: bool = True
    member: str = ""
    host: bool = False
    web: bool = False
    resembles: str = ""

    @property
    def person(self) -> Person:
        """What is known about them."""
        return Person(self.member, self.name, self.host, self.web, self.encrypted, self.resembles)


@dataclass(frozen=True, slots=True)
class MemberLeft(ClientEvent):
    """A member left; `reason` and `note` as in the frame `Left`: `leave_reasons` has the words."""

    json_name = "left"

    name: str
    reason: str
    member: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MemberRenamed(ClientEvent):
    """The member `old` is now called `name`; `you` is True if it is this client.

    `wanted` is the name that we asked for; both names are equal if it became the one that we had. The other
    fields are those of `Person`.
    """

    json_name = "renamed"

    name: str
    old: str
    you: bool
    member: str = ""
    host: bool = False
    web: bool = False
    encrypted: bool = True
    resembles: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class MemberTyping(ClientEvent):
    """A member is typing; show it for about 3 s."""

    json_name = "typing"

    name: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class RequestFailed(ClientEvent):
    """A request other than a message failed (a rename, say), or something changed that members should know.

    The session goes on. `code` is the protocol's word: `not-kept` and `kept-again` are about the history.
    """

    json_name = "problem"

    reason: str
    hint: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Disconnected(ClientEvent):
    """The connection broke; the client reconnects in `retry_in_s` seconds."""

    json_name = "interrupted"

    error: MessangoError
    retry_in_s: float

    def to_json_fields(self) -> JsonFields:
        """Return the reason as a sentence and, if an attempt to connect failed, its code, and the pause."""
        fields: JsonFields = {"event": self.json_name, "reason": str(self.error)}
        if kind := failure_kind(self.error):
            fields["code"] = kind.value
        return {**fields, "retry_in_s": self.retry_in_s}


class EndReason(enum.Enum):
    """Why a session ended."""

    LEFT = "left"  # The person left.
    FAILED = "failed"  # The client never joined: unreachable, refused, another fingerprint.
    CLOSED = "closed"  # The server ended it: the room closed, the member was removed or replaced.


@dataclass(frozen=True, slots=True)
class SessionEnded(ClientEvent):
    """The last event of a session; `error` is None if the person left."""

    json_name = "ended"

    reason: EndReason
    error: MessangoError | None

    def to_json_fields(self) -> JsonFields:
        """Return the reason as a sentence, and what the error has beside it."""
        error = self.error
        ended: JsonFields = {"event": self.json_name, "reason": "You left."}
        if error is not None:
            ended.update(reason=str(error), hint=error.hint)
        if isinstance(error, JoinRefused | RoomClosed):
            ended["code"] = error.code
        if kind := failure_kind(error):
            ended["code"] = kind.value
        if isinstance(error, FingerprintMismatch):
            ended.update(expected=error.expected, seen=error.seen)
        return ended


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
