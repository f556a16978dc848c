"""Events about the session: joining, the connection, and the end."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

import msgspec

from messango.client.events.base import ClientEvent, JsonFields
from messango.client.trust.known_room import KnownRoom
from messango.errors import JoinRefused, MessangoError, PasswordNeeded, RoomClosed, WrongPassword
from messango.protocol import error_codes
from messango.protocol.frames import Person, RoomInfo
from messango.transport.dialing.dial_failure import failure_kind
from messango.transport.identity.identity_errors import FingerprintMismatch


@dataclass(frozen=True, slots=True)
class Connecting(ClientEvent):
    """The client starts to connect; `reconnecting` is True if it was in the room before.

    `server` is the name of the room's server if it is another one than where the client was.
    """

    reconnecting: bool
    server: str = ""


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
    """The client has joined the room as `you`; the history follows, and ends with `HistoryEnded`.

    `latest` is the highest sequence number so far. `first_visit`: the fingerprint was not known before.
    `resumed`: the same session continues after a broken connection, so what is already shown stays.
    `unencrypted` names the members whose connections are not encrypted: anybody on the network can read
    the whole conversation there. `by_invite`: the fingerprint came from an invite link. `namesake` is
    another known room with the same name, if this one is new: warn about the confusion. `gap`: some
    messages since the last connection are no longer stored and will not follow. `moved_from` is the former
    address, or that of the invite link, if the room was found at another one; otherwise empty.
    `wanted` is the name that we asked for. `people` has more about the members; see `everybody`.
    `former_name` is the name by which the person knows the room, if it has another one now. `same_name`: the
    other known rooms that the name they typed may mean. `since`: the entries after this number follow, which
    we have up to it; None: the newest messages follow in their present form, with their reactions. `oldest`
    is the number of the first message that the room keeps, 0 if it keeps none: if it is above 1, it has lost
    what came before. In a room of several servers, `server` is the name of the one where we are and `servers`
    are the names of all; `former_server` is where we were before, if the session goes on at another one.
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
    since: int | None = None
    oldest: int = 0
    server: str = ""
    former_server: str = ""
    servers: tuple[str, ...] = ()

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
            "server": self.server or None,
            "former_server": self.former_server or None,
            "servers": list(self.servers),
        }


#: The text for people if a `RoomJoined` has a gap.
GAP_NOTICE: Final = "Some messages may be missing: the room no longer stores all that you missed."


@dataclass(frozen=True, slots=True)
class HistoryEnded(ClientEvent):
    """All that was said before is received: what follows is said now. Once after each `RoomJoined`."""


@dataclass(frozen=True, slots=True)
class LinkChanged(ClientEvent):
    """Our server has lost the link to the other servers of its room, or has it again (`up`).

    Without the link the room accepts nothing new: what we write waits and is not shown as failed. Comes only
    when the state changes; it is up after each `RoomJoined`. The sentences are the server's.
    """

    json_name = "problem"

    up: bool
    reason: str
    hint: str

    def to_json_fields(self) -> JsonFields:
        """Return it as the problem that it is for programs, with the protocol's code."""
        code = error_codes.LINK_UP if self.up else error_codes.LINK_DOWN
        return {"event": self.json_name, "reason": self.reason, "hint": self.hint, "code": code, "id": ""}


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
