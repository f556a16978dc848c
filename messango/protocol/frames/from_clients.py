"""The frames that clients send; `Ping` and `Pong` come from either side."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from messango.protocol.frames.base import (
    AddressText,
    Base64Text,
    BaseFrame,
    MessageId,
    RoomId,
    SeqNumber,
    Token,
)
from messango.protocol.limits import MAX_ANSWER_MESSAGES, MAX_REACH_ATTEMPTS


class Look(BaseFrame, frozen=True, tag="look", omit_defaults=True):
    """Request for `RoomInfoFrame`; then the server closes the connection.

    With `session`, the client also asks whether this room knows it: a copy of the room does not.
    """

    protocol: int
    session: Token | None = None


class Join(BaseFrame, frozen=True, tag="join", omit_defaults=True):
    """Request to join. A returning member gives their `session` and `since`, the last `seq` they received;
    with `NO_HISTORY` nothing follows that was said before.

    `pake` is the client's half of the password exchange, base64 (see `password`), `host` the secret that
    proves the host (see `transport.host_secret`), `room` the id of the room that is meant: another room of
    the same host, whose certificate is the same, refuses. `key` is the guest key, with which browsers join.
    """

    protocol: int
    name: str
    session: Token | None = None
    since: SeqNumber | None = None
    pake: Base64Text | None = None
    host: Token | None = None
    room: RoomId | None = None
    key: Token | None = None


class Proof(BaseFrame, frozen=True, tag="proof"):
    """Answer to `Challenge`: the client's key confirmation, base64."""

    confirm: Base64Text


class Say(BaseFrame, frozen=True, tag="say", omit_defaults=True):
    """A message to the room; the client chooses `id`, unique in its session.

    It answers the message `reply_to`. An answer to a private message is a `Tell` to the other of the two.
    """

    id: MessageId
    text: str
    reply_to: SeqNumber | None = None


class Tell(BaseFrame, frozen=True, tag="tell", omit_defaults=True):
    """A message to one member, whose public id is `to`."""

    id: MessageId
    to: str
    text: str
    reply_to: SeqNumber | None = None


class Share(BaseFrame, frozen=True, tag="share", omit_defaults=True):
    """Announce an uploaded file of this member to the room, with a line about it.

    `file` is the id that `Stored` gave it (`protocol.files.transfer_frames`).
    """

    id: MessageId
    file: MessageId
    text: str = ""
    reply_to: SeqNumber | None = None


class React(BaseFrame, frozen=True, tag="react"):
    """Request to add a reaction to the message `seq`, or with `on` false to remove the member's own."""

    id: MessageId
    seq: SeqNumber
    emoji: str
    on: bool


class Edit(BaseFrame, frozen=True, tag="edit"):
    """Request to replace the text of the member's own message `seq`."""

    id: MessageId
    seq: SeqNumber
    text: str


class Delete(BaseFrame, frozen=True, tag="delete"):
    """Request to delete the member's own message `seq`; the host may delete any."""

    id: MessageId
    seq: SeqNumber


class Earlier(BaseFrame, frozen=True, tag="earlier"):
    """Request for at most `count` messages before the number `before`."""

    id: MessageId
    before: SeqNumber
    count: Annotated[int, Meta(ge=1, le=MAX_ANSWER_MESSAGES)]


class Search(BaseFrame, frozen=True, tag="search", omit_defaults=True):
    """Request for the messages, before the number `before`, with all these words; the last first."""

    id: MessageId
    words: str
    before: SeqNumber | None = None


class Typing(BaseFrame, frozen=True, tag="typing", omit_defaults=True):
    """The member is typing: to all, or to the member whose public id is `to`."""

    to: str = ""


class Rename(BaseFrame, frozen=True, tag="rename"):
    """Request to change the member's name."""

    name: str


class Ping(BaseFrame, frozen=True, tag="ping"):
    """Request for `Pong`; either side may send it."""


class Pong(BaseFrame, frozen=True, tag="pong"):
    """Answer to `Ping`."""


class ReachResult(Struct, frozen=True):
    """Whether the room's certificate answered at `address`, which is written as in `Reach`."""

    address: AddressText
    ok: bool


class Reached(BaseFrame, frozen=True, tag="reached"):
    """Answer to `Reach`: the addresses that the member tried, without those that it did not try."""

    results: Annotated[list[ReachResult], Meta(max_length=MAX_REACH_ATTEMPTS)]


class Leave(BaseFrame, frozen=True, tag="leave"):
    """The member leaves, and their seat is free at once."""
