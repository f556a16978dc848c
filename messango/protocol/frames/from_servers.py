"""The frames that servers send; `Ping` and `Pong`, which also clients send, are in `from_clients`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from messango.protocol.frames.base import (
    AddressText,
    Base64Text,
    BaseFrame,
    RoomId,
    RoomName,
    Sentence,
    ServerId,
    ServerName,
    ServerText,
    Token,
)
from messango.protocol.limits import MAX_REACH_ADDRESSES


class RoomInfo(Struct, frozen=True):
    """The public information about a room; `members` is a count, `history` whether messages are stored.

    `id` is a claim until it is checked against the certificate that came with it: see `room_id`.
    """

    protocol: int
    id: RoomId
    name: RoomName
    version: ServerName
    members: int
    seats: int
    locked: bool
    history: bool


class RoomInfoFrame(RoomInfo, frozen=True, tag_field="type", tag="room", omit_defaults=True):
    """Answer to `Look`; `knows_session` only if it had a `session`, and not from earlier versions."""

    knows_session: bool | None = None


class Challenge(BaseFrame, frozen=True, tag="challenge"):
    """The server's half of the password exchange and key confirmation, base64; `room` is the room's id."""

    pake: Base64Text
    confirm: Base64Text
    room: RoomId


class Person(Struct, frozen=True, omit_defaults=True):
    """What everybody is told about a member.

    `id` is public. `host`: has proved to be the host. `web`: joined by a browser. If `encrypted` is false,
    anybody on the network can read their connection. `resembles` is the name of somebody who was here first,
    or the host's: the two look alike and are not the same.
    """

    id: ServerId
    name: ServerName
    host: bool = False
    web: bool = False
    encrypted: bool = True
    resembles: ServerName = ""


class Welcome(BaseFrame, frozen=True, tag="welcome", omit_defaults=True):
    """The client is a member now, with the name `you`.

    `member` is their public id and `session` a secret for returning. `latest` is the highest `seq` and
    `oldest` the lowest that is stored. `unencrypted` lists the members whose connections anybody on the
    network can read. `people` has more about each of the `members`.
    """

    room: RoomInfo
    you: ServerName
    member: ServerId
    session: Token
    members: list[ServerName]
    latest: int
    oldest: int
    unencrypted: list[ServerName] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


class Refused(BaseFrame, frozen=True, tag="refused"):
    """The client may not join; the connection ends."""

    code: ServerId
    reason: Sentence
    hint: Sentence


class Message(BaseFrame, frozen=True, tag="message"):
    """A stored message; `member` is the sender's public id, `time` is in seconds since 1970 UTC."""

    seq: int
    id: ServerId
    member: ServerId
    time: float
    name: ServerName
    text: ServerText


class Joined(BaseFrame, frozen=True, tag="joined", omit_defaults=True):
    """A member joined; `member` is their public id, and the other fields are those of `Person`."""

    name: ServerName
    encrypted: bool = True
    member: ServerId = ""
    host: bool = False
    web: bool = False
    resembles: ServerName = ""


class Left(BaseFrame, frozen=True, tag="left", omit_defaults=True):
    """A member left; `reason` is one of `leave_reasons`, `note` what the host wrote about it."""

    name: ServerName
    reason: Sentence
    member: ServerId = ""
    note: Sentence = ""


class Renamed(BaseFrame, frozen=True, tag="renamed", omit_defaults=True):
    """A member changed their name from `old` to `name`; the other fields are those of `Person`.

    A member who asks for the name that they have anyway is the only one who gets it, with both names equal.
    """

    name: ServerName
    old: ServerName
    member: ServerId = ""
    host: bool = False
    web: bool = False
    encrypted: bool = True
    resembles: ServerName = ""


class TypingNotice(BaseFrame, frozen=True, tag="typing", omit_defaults=True):
    """A member is typing."""

    name: ServerName
    member: ServerId = ""


class Reach(BaseFrame, frozen=True, tag="reach"):
    """Question to a member: does the room answer you at these addresses of it?

    The member answers with `Reached`. It tries only a few, on its own networks, at its connection's port.
    """

    addresses: Annotated[list[AddressText], Meta(max_length=MAX_REACH_ADDRESSES)]


class Problem(BaseFrame, frozen=True, tag="problem", omit_defaults=True):
    """A request failed; the connection stays open. If the request was a message, `id` is its id."""

    code: ServerId
    reason: Sentence
    hint: Sentence
    id: str | None = None


class Closed(BaseFrame, frozen=True, tag="closed"):
    """The server ends the connection."""

    code: ServerId
    reason: Sentence
    hint: Sentence
