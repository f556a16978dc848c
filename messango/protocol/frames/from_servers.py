"""The frames that servers send; `Ping` and `Pong`, which also clients send, are in `from_clients`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from messango.protocol.frames.base import (
    AddressText,
    Base64Text,
    BaseFrame,
    FileInfo,
    FileSize,
    Fingerprint,
    LinkId,
    RoomId,
    RoomName,
    Sentence,
    ServerId,
    ServerName,
    ServerText,
    Token,
)
from messango.protocol.limits import (
    MAX_ANSWER_MESSAGES,
    MAX_FEATURES,
    MAX_QUOTE_CHARACTERS,
    MAX_REACH_ADDRESSES,
    MAX_REACTION_NAMES,
    MAX_REACTIONS,
    MAX_SERVER_ADDRESSES,
    MAX_SERVERS,
)


class RoomInfo(Struct, frozen=True):
    """The public information about a room; `members` is a count, `history` whether messages are stored.

    `locked`: the host refuses new members. `password`: they need one; None from earlier versions, in which
    `locked` is true for both. `id` is a claim until it is checked against the certificate that came with it:
    see `room_id`. `features` names what the server can do besides messages: see `features`. `largest_file` is
    in bytes; None if the room takes no files. `link` names the room that several servers serve together; it
    is a claim that counts only after a trusted connection has named those servers (`Welcome.servers`).
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
    features: Annotated[tuple[ServerId, ...], Meta(max_length=MAX_FEATURES)] = ()
    largest_file: FileSize | None = None
    link: LinkId | None = None

    @property
    def refuses_newcomers(self) -> bool:
        """Whether the host has surely locked the room; from earlier versions it may only be a password."""
        return self.locked and self.password is not None


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
    or the host's: the two look alike and are not the same. `server` is the name of the server at which they
    are, if it is another one of a linked room.
    """

    id: ServerId
    name: ServerName
    host: bool = False
    web: bool = False
    encrypted: bool = True
    resembles: ServerName = ""
    server: ServerName = ""


class ServerCard(Struct, frozen=True, omit_defaults=True):
    """A server of a linked room: its own name, the id of its room, where it listens, and its certificate.

    `addresses` are `HOST:PORT` or `[IPV6]:PORT`.
    """

    name: ServerName
    id: RoomId
    addresses: Annotated[tuple[AddressText, ...], Meta(max_length=MAX_SERVER_ADDRESSES)]
    fingerprint: Fingerprint


class Welcome(BaseFrame, frozen=True, tag="welcome", omit_defaults=True):
    """The client is a member now, with the name `you`.

    `member` is their public id and `session` a secret for returning. `latest` is the highest `seq` and
    `oldest` the lowest that is stored. `unencrypted` lists the members whose connections anybody on the
    network can read. `people` has more about each of the `members`. `last` is the number of the last entry
    up to `latest` that follows for this member, 0 if none does; None from earlier versions. `servers` are all
    servers of a linked room, this one too: where it dies, the member goes on at another one.
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
    last: int | None = None
    servers: Annotated[tuple[ServerCard, ...], Meta(max_length=MAX_SERVERS)] = ()


class Refused(BaseFrame, frozen=True, tag="refused"):
    """The client may not join; the connection ends."""

    code: ServerId
    reason: Sentence
    hint: Sentence


class Quote(Struct, frozen=True, gc=False):
    """The message that another one answers, in its present form; `text` is its beginning.

    `name` and `text` are empty if the room does not keep it any more, `text` also if it was deleted.
    """

    seq: int
    name: ServerName = ""
    text: Annotated[str, Meta(max_length=MAX_QUOTE_CHARACTERS)] = ""


class Reaction(Struct, frozen=True, gc=False):
    """One emoji under a message: how many members, whether you are one of them, and the first names."""

    emoji: ServerId
    count: int
    mine: bool
    names: Annotated[tuple[ServerName, ...], Meta(max_length=MAX_REACTION_NAMES)] = ()


class AnyMessage(BaseFrame, frozen=True, omit_defaults=True):
    """What `Message` and `Told` have in common.

    `member` is the sender's public id, `time` is in seconds since 1970 UTC. A deleted message has no text.
    `reactions` are complete in the newest messages for somebody who joins, and in older ones and found ones;
    messages since a number have none, because their `Reacted` follow. For somebody who joins they are as
    they were after the entry `latest` of `welcome`.

    The text of a message with a `file` ends with a line that names it, for clients that do not know files:
    see `protocol.files.file_line`.
    """

    seq: int
    id: ServerId
    member: ServerId
    time: float
    name: ServerName
    text: ServerText
    reply: Quote | None = None
    edited: bool = False
    deleted: bool = False
    reactions: Annotated[tuple[Reaction, ...], Meta(max_length=MAX_REACTIONS)] = ()
    file: FileInfo | None = None


class Message(AnyMessage, frozen=True, tag="message", omit_defaults=True):
    """A stored message to all."""


class Told(AnyMessage, frozen=True, tag="told", omit_defaults=True, kw_only=True):
    """A stored message that only the sender and the member `to`, called `to_name` then, receive.

    `away`: the receiver was not connected. Only the sender's first copy says so.
    """

    to: ServerId
    to_name: ServerName
    away: bool = False


class Reacted(BaseFrame, frozen=True, tag="reacted"):
    """A member added a reaction to the message `target`, or with `on` false removed theirs."""

    seq: int
    id: ServerId
    target: int
    member: ServerId
    name: ServerName
    time: float
    emoji: ServerId
    on: bool


class Edited(BaseFrame, frozen=True, tag="edited"):
    """A member replaced the text of their message `target`; empty if it was deleted later."""

    seq: int
    id: ServerId
    target: int
    member: ServerId
    name: ServerName
    time: float
    text: ServerText


class Deleted(BaseFrame, frozen=True, tag="deleted"):
    """A member deleted their message `target`, or the host anybody's."""

    seq: int
    id: ServerId
    target: int
    member: ServerId
    name: ServerName
    time: float


class EarlierMessages(BaseFrame, frozen=True, tag="earlier"):
    """Answer to `Earlier`: the newest messages that fit, newest last; `more`: there are older ones.

    They are as they were after the entry `latest`: a `Reacted` up to it, also one that comes later, is in
    their reactions already.
    """

    id: ServerId
    messages: Annotated[list[Message | Told], Meta(max_length=MAX_ANSWER_MESSAGES)]
    more: bool
    latest: int


class Found(BaseFrame, frozen=True, tag="found"):
    """Answer to `Search`: the newest messages that fit, newest last; `more`: there may be older ones.

    `latest` as in `EarlierMessages`.
    """

    id: ServerId
    messages: Annotated[list[Message | Told], Meta(max_length=MAX_ANSWER_MESSAGES)]
    more: bool
    latest: int


class Joined(BaseFrame, frozen=True, tag="joined", omit_defaults=True):
    """A member joined; `member` is their public id, and the other fields are those of `Person`."""

    name: ServerName
    encrypted: bool = True
    member: ServerId = ""
    host: bool = False
    web: bool = False
    resembles: ServerName = ""
    server: ServerName = ""


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
    server: ServerName = ""


class TypingNotice(BaseFrame, frozen=True, tag="typing", omit_defaults=True):
    """A member is typing; `private`: to you only."""

    name: ServerName
    member: ServerId = ""
    private: bool = False


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
