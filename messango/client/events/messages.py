"""Events about messages: those that we receive, what changes them, and the answers to our requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from messango.client.events.base import ClientEvent, JsonFields
from messango.protocol.files.file_line import caption_of
from messango.protocol.frames import FileInfo, Quote, Reaction


@dataclass(frozen=True, slots=True)
class ReceivedMessage(ClientEvent):
    """A message that the room has accepted; `time` in seconds since 1970 UTC.

    `own`: this client sent it, `id` is what the method of `RoomClient` returned, and this is the receipt.
    `history`: it was sent before the client joined, or while the connection was broken.

    It is in its present form: `edited` if the text is not the first one, and a `deleted` one has no text.
    `reply` is the message that it answers. Which of the changes that follow are in `reactions` already is
    known to `PresentMessages`.

    `file` is the file that it announces, with a name that is safe here. `text` ends with a line that stands
    for it; `caption` is what the sender wrote.
    """

    seq: int
    id: str
    member: str
    time: float
    name: str
    text: str
    own: bool
    history: bool
    reply: Quote | None = None
    edited: bool = False
    deleted: bool = False
    reactions: tuple[Reaction, ...] = ()
    file: FileInfo | None = None

    @property
    def caption(self) -> str:
        """The text, without the line that stands for the file."""
        return self.text if self.file is None else caption_of(self.text, self.file)

    def to_json_fields(self) -> JsonFields:
        """Return the name and all fields; `reply`, `file` and each of the `reactions` are objects."""
        written = ClientEvent.to_json_fields(self)
        return written | {
            "reply": None if self.reply is None else msgspec.structs.asdict(self.reply),
            "file": None if self.file is None else msgspec.to_builtins(self.file),
            "reactions": [msgspec.to_builtins(reaction) for reaction in self.reactions],
        }


@dataclass(frozen=True, slots=True)
class MessageReceived(ReceivedMessage):
    """A message to everybody in the room."""

    json_name = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateMessageReceived(ReceivedMessage):
    """A private message: only the sender and the member `to`, called `to_name` then, receive it.

    `away`: that member is not connected, and gets it when they return; only the first copy of an own message
    says so.
    """

    json_name = "told"

    to: str
    to_name: str
    away: bool = False


#: What a message is that was received: front ends mostly need `ReceivedMessage`.
AnyReceived: TypeAlias = MessageReceived | PrivateMessageReceived


@dataclass(frozen=True, slots=True)
class ReactionChanged(ClientEvent):
    """A member reacted to the message `target` with an emoji, or with `on` false took that back.

    If `own`, this is the receipt of the request with this `id`. `seq` is lower than the last one if the
    request has changed nothing.
    """

    json_name = "reacted"

    seq: int
    id: str
    target: int
    member: str
    name: str
    time: float
    emoji: str
    on: bool
    own: bool
    history: bool


@dataclass(frozen=True, slots=True)
class MessageEdited(ClientEvent):
    """A member replaced the text of their message `target`; `text` is empty if it was deleted later."""

    json_name = "edited"

    seq: int
    id: str
    target: int
    member: str
    name: str
    time: float
    text: str
    own: bool
    history: bool


@dataclass(frozen=True, slots=True)
class MessageDeleted(ClientEvent):
    """A member deleted their message `target`, or the host anybody's."""

    json_name = "deleted"

    seq: int
    id: str
    target: int
    member: str
    name: str
    time: float
    own: bool
    history: bool


#: What changes a message that was received before.
MessageChange: TypeAlias = ReactionChanged | MessageEdited | MessageDeleted


@dataclass(frozen=True, slots=True)
class _Answer(ClientEvent):
    """Messages that a request asked for, newest last, as they were after the entry `latest`."""

    id: str
    messages: tuple[AnyReceived, ...]
    more: bool
    latest: int

    def to_json_fields(self) -> JsonFields:
        """Return the name and all fields; each message is an object as in `message` and `told`."""
        written = ClientEvent.to_json_fields(self)
        return written | {"messages": [message.to_json_fields() for message in self.messages]}


@dataclass(frozen=True, slots=True)
class EarlierReceived(_Answer):
    """The messages before a number; without `more` the first of them is the beginning of the room."""

    json_name = "earlier"


@dataclass(frozen=True, slots=True)
class SearchResult(_Answer):
    """The messages that a search has found; `more`: there may be others before them."""

    json_name = "found"


@dataclass(frozen=True, slots=True)
class MessageFailed(ClientEvent):
    """The room rejected the message, public or private, with this `id`; it is not sent again.

    `code` is the protocol's word.
    """

    json_name = "failed"

    id: str
    text: str
    reason: str
    hint: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class RequestFailed(ClientEvent):
    """A request other than a message failed, or something changed that members should know.

    The session goes on. `code` is the protocol's word: `not-kept` and `kept-again` are about the history.
    `id` is what the method of `RoomClient` returned, if the request had one.
    """

    json_name = "problem"

    reason: str
    hint: str
    code: str = ""
    id: str = ""
