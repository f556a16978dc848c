"""Each frame of the protocol as a typed struct: what a client says, and what a server says.

Unknown fields are ignored, so a later version may add some. Lengths are checked here where a longer
value would be of no use to anybody; names and texts have rules of their own, in `text`.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from messango.protocol.limits import (
    MAX_ID_CHARACTERS,
    MAX_PROOF_CHARACTERS,
    MAX_SENTENCE_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_TOKEN_CHARACTERS,
)

MessageId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARACTERS)]
Token: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_TOKEN_CHARACTERS)]
Base64Text: TypeAlias = Annotated[str, Meta(max_length=MAX_PROOF_CHARACTERS)]
RoomId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARACTERS)]
#: A later version may allow longer names than this one; a page of text is none.
RoomName: TypeAlias = Annotated[str, Meta(max_length=MAX_TOKEN_CHARACTERS)]
#: What a server calls somebody or something: no shorter than a room's name, which may be a member's.
ServerName: TypeAlias = RoomName
ServerId: TypeAlias = Annotated[str, Meta(max_length=MAX_ID_CHARACTERS)]
ServerText: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT_CHARACTERS)]
Sentence: TypeAlias = Annotated[str, Meta(max_length=MAX_SENTENCE_CHARACTERS)]
#: SQLite's integers and most languages' end at 2^63 - 1.
SeqNumber: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class _Frame(Struct, frozen=True, tag_field="type", gc=False):
    """The base of all frames; `type` on the wire names the kind."""


# What a client says.


class Look(_Frame, frozen=True, tag="look"):
    """Who is there? Answered by `RoomInfoFrame`, then the connection ends."""

    protocol: int


class Join(_Frame, frozen=True, tag="join", omit_defaults=True):
    """Let me in; `session` proves a returning member, `since` is the last `seq` it has."""

    protocol: int
    name: str
    session: Token | None = None
    since: SeqNumber | None = None
    pake: Base64Text | None = None


class Proof(_Frame, frozen=True, tag="proof"):
    """The client's half of the password's key confirmation, base64."""

    confirm: Base64Text


class Say(_Frame, frozen=True, tag="say"):
    """A message; `id` is the client's own, unique in its session."""

    id: MessageId
    text: str


class Typing(_Frame, frozen=True, tag="typing"):
    """The sender is typing."""


class Rename(_Frame, frozen=True, tag="rename"):
    """Call me so from now on."""

    name: str


class Ping(_Frame, frozen=True, tag="ping"):
    """Are you there? Either side may ask."""


class Pong(_Frame, frozen=True, tag="pong"):
    """Still here."""


class Leave(_Frame, frozen=True, tag="leave"):
    """Goodbye: the seat is free at once."""


# What a server says.


class RoomInfo(Struct, frozen=True):
    """What anybody may know of a room; `members` is a count, `history` true where it is kept."""

    protocol: int
    id: RoomId
    name: RoomName
    version: ServerName
    members: int
    seats: int
    locked: bool
    history: bool


class RoomInfoFrame(RoomInfo, frozen=True, tag_field="type", tag="room"):
    """The answer to `Look`."""


class Challenge(_Frame, frozen=True, tag="challenge"):
    """The server's half of the password exchange, base64; `room` is the id of the room it is for."""

    pake: Base64Text
    confirm: Base64Text
    room: RoomId


class Welcome(_Frame, frozen=True, tag="welcome", omit_defaults=True):
    """You are in, as `you`; `session` is a secret, `latest` the highest `seq`, `oldest` the lowest kept.

    `unencrypted` names those of `members` whose connections anybody on the network can read.
    """

    room: RoomInfo
    you: ServerName
    member: ServerId
    session: Token
    members: list[ServerName]
    latest: int
    oldest: int
    unencrypted: list[ServerName] = []


class Refused(_Frame, frozen=True, tag="refused"):
    """You are not in, and why; the connection ends."""

    code: ServerId
    reason: Sentence
    hint: Sentence


class Message(_Frame, frozen=True, tag="message"):
    """Said and kept; `member` is the sender's public id, `time` in seconds since 1970 UTC."""

    seq: int
    id: ServerId
    member: ServerId
    time: float
    name: ServerName
    text: ServerText


class Joined(_Frame, frozen=True, tag="joined", omit_defaults=True):
    """Somebody came; where `encrypted` is false, anybody on the network can read that connection."""

    name: ServerName
    encrypted: bool = True


class Left(_Frame, frozen=True, tag="left"):
    """Somebody went; `reason` in plain words."""

    name: ServerName
    reason: Sentence


class Renamed(_Frame, frozen=True, tag="renamed"):
    """`old` is called `name` now."""

    name: ServerName
    old: ServerName


class TypingNotice(_Frame, frozen=True, tag="typing"):
    """Somebody is typing."""

    name: ServerName


class Problem(_Frame, frozen=True, tag="problem", omit_defaults=True):
    """A request failed (`id` says which message, where it was one); the connection goes on."""

    code: ServerId
    reason: Sentence
    hint: Sentence
    id: str | None = None


class Closed(_Frame, frozen=True, tag="closed"):
    """The server ends the connection, and why."""

    code: ServerId
    reason: Sentence
    hint: Sentence


ClientFrame: TypeAlias = Look | Join | Proof | Say | Typing | Rename | Ping | Pong | Leave
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
    | Problem
    | Closed
    | Ping
    | Pong
)
Frame: TypeAlias = ClientFrame | ServerFrame
