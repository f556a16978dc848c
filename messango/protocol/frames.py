"""The frames of the protocol as typed structs.

Unknown fields are ignored, so a later version may add some. Decoding also checks the lengths of ids, tokens
and proofs; the rules for names and texts are in `protocol.text`.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from messango.protocol.limits import (
    MAX_ADDRESS_CHARACTERS,
    MAX_ID_CHARACTERS,
    MAX_PROOF_CHARACTERS,
    MAX_REACH_ADDRESSES,
    MAX_REACH_ATTEMPTS,
    MAX_SENTENCE_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_TOKEN_CHARACTERS,
)
from messango.protocol.room_id import ROOM_ID_PATTERN

MessageId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARACTERS)]
Token: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_TOKEN_CHARACTERS)]
Base64Text: TypeAlias = Annotated[str, Meta(max_length=MAX_PROOF_CHARACTERS)]
RoomId: TypeAlias = Annotated[str, Meta(pattern=ROOM_ID_PATTERN)]
#: Longer than our own limit, since a later version may allow longer names.
RoomName: TypeAlias = Annotated[str, Meta(max_length=MAX_TOKEN_CHARACTERS)]
#: Names from a server: as long as a room's name.
ServerName: TypeAlias = RoomName
ServerId: TypeAlias = Annotated[str, Meta(max_length=MAX_ID_CHARACTERS)]
ServerText: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT_CHARACTERS)]
Sentence: TypeAlias = Annotated[str, Meta(max_length=MAX_SENTENCE_CHARACTERS)]
#: An IP address, with or without a port.
AddressText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ADDRESS_CHARACTERS)]
#: 2^63 - 1 is the limit of SQLite and of most languages.
SeqNumber: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class _Frame(Struct, frozen=True, tag_field="type", gc=False):
    """The base of all frames; `type` on the wire names the kind."""


# Sent by clients.


class Look(_Frame, frozen=True, tag="look", omit_defaults=True):
    """Request for `RoomInfoFrame`; then the server closes the connection.

    With `session`, the client also asks whether this room knows it: a copy of the room does not.
    """

    protocol: int
    session: Token | None = None


class Join(_Frame, frozen=True, tag="join", omit_defaults=True):
    """Request to join. A returning member gives their `session` and `since`, the last `seq` they received.

    `pake` is the client's half of the password exchange, base64 (see `password`), `host` the secret that
    proves the host (see `transport.host_secret`), `room` the id of the room that is meant: another room of
    the same host, whose certificate is the same, refuses.
    """

    protocol: int
    name: str
    session: Token | None = None
    since: SeqNumber | None = None
    pake: Base64Text | None = None
    host: Token | None = None
    room: RoomId | None = None


class Proof(_Frame, frozen=True, tag="proof"):
    """Answer to `Challenge`: the client's key confirmation, base64."""

    confirm: Base64Text


class Say(_Frame, frozen=True, tag="say"):
    """A message to the room; the client chooses `id`, unique in its session."""

    id: MessageId
    text: str


class Typing(_Frame, frozen=True, tag="typing"):
    """The member is typing."""


class Rename(_Frame, frozen=True, tag="rename"):
    """Request to change the member's name."""

    name: str


class Ping(_Frame, frozen=True, tag="ping"):
    """Request for `Pong`; either side may send it."""


class Pong(_Frame, frozen=True, tag="pong"):
    """Answer to `Ping`."""


class ReachResult(Struct, frozen=True):
    """Whether the room's certificate answered at `address`, which is written as in `Reach`."""

    address: AddressText
    ok: bool


class Reached(_Frame, frozen=True, tag="reached"):
    """Answer to `Reach`: the addresses that the member tried, without those that it did not try."""

    results: Annotated[list[ReachResult], Meta(max_length=MAX_REACH_ATTEMPTS)]


class Leave(_Frame, frozen=True, tag="leave"):
    """The member leaves, and their seat is free at once."""


# Sent by servers.


class RoomInfo(Struct, frozen=True):
    """The public information about a room; `members` is a count, `history` whether messages are stored.

    `locked`: the host refuses new members. `password`: they need one; None from earlier versions, in which
    `locked` is true for both. `id` is a claim until it is checked against the certificate that came with it:
    see `room_id`.
    """

    protocol: int
    id: RoomId
    name: RoomName
    version: ServerName
    members: int
    seats: int
    locked: bool
    history: bool
    password: bool | None = None

    @property
    def refuses_newcomers(self) -> bool:
        """Whether the host has surely locked the room; from earlier versions it may only be a password."""
        return self.locked and self.password is not None


class RoomInfoFrame(RoomInfo, frozen=True, tag_field="type", tag="room", omit_defaults=True):
    """Answer to `Look`; `knows_session` only if it had a `session`, and not from earlier versions."""

    knows_session: bool | None = None


class Challenge(_Frame, frozen=True, tag="challenge"):
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


class Welcome(_Frame, frozen=True, tag="welcome", omit_defaults=True):
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
    unencrypted: list[ServerName] = []
    people: list[Person] = []


class Refused(_Frame, frozen=True, tag="refused"):
    """The client may not join; the connection ends."""

    code: ServerId
    reason: Sentence
    hint: Sentence


class Message(_Frame, frozen=True, tag="message"):
    """A stored message; `member` is the sender's public id, `time` is in seconds since 1970 UTC."""

    seq: int
    id: ServerId
    member: ServerId
    time: float
    name: ServerName
    text: ServerText


class Joined(_Frame, frozen=True, tag="joined", omit_defaults=True):
    """A member joined; `member` is their public id, and the other fields are those of `Person`."""

    name: ServerName
    encrypted: bool = True
    member: ServerId = ""
    host: bool = False
    web: bool = False
    resembles: ServerName = ""


class Left(_Frame, frozen=True, tag="left", omit_defaults=True):
    """A member left; `reason` is one of `leave_reasons`, `note` what the host wrote about it."""

    name: ServerName
    reason: Sentence
    member: ServerId = ""
    note: Sentence = ""


class Renamed(_Frame, frozen=True, tag="renamed", omit_defaults=True):
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


class TypingNotice(_Frame, frozen=True, tag="typing", omit_defaults=True):
    """A member is typing."""

    name: ServerName
    member: ServerId = ""


class Reach(_Frame, frozen=True, tag="reach"):
    """Question to a member: does the room answer you at these addresses of it?

    The member answers with `Reached`. It tries only a few, on its own networks, at its connection's port.
    """

    addresses: Annotated[list[AddressText], Meta(max_length=MAX_REACH_ADDRESSES)]


class Problem(_Frame, frozen=True, tag="problem", omit_defaults=True):
    """A request failed; the connection stays open. If the request was a message, `id` is its id."""

    code: ServerId
    reason: Sentence
    hint: Sentence
    id: str | None = None


class Closed(_Frame, frozen=True, tag="closed"):
    """The server ends the connection."""

    code: ServerId
    reason: Sentence
    hint: Sentence


ClientFrame: TypeAlias = Look | Join | Proof | Say | Typing | Rename | Ping | Pong | Reached | Leave
ServerFrame: TypeAlias = (
    RoomInfoFrame
    | Challenge
    | Welcome
    | Refused
    | Message
    | Joined
    | Left
    | Renamed
    | TypingNotice
    | Reach
    | Problem
    | Closed
    | Ping
    | Pong
)
Frame: TypeAlias = ClientFrame | ServerFrame
