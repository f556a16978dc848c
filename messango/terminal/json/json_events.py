"""The events that `messango chat --json` writes, as typed structs for the JSON Schema.

Later versions may add fields, but never remove one.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from messango.terminal.json.json_fields import (
    Fingerprint,
    Hint,
    Id,
    IsEncrypted,
    IsHistory,
    IsHost,
    IsOwn,
    IsWeb,
    JsonEvent,
    Line,
    MemberId,
    MessageText,
    Name,
    Reason,
    Resembles,
    Seq,
    ServerOf,
    TargetSeq,
    Time,
)
from messango.terminal.json.json_file_events import File, FileFailed, Progress, Saved


class Person(Struct, frozen=True):
    """A member."""

    id: MemberId
    name: Name
    host: IsHost
    web: IsWeb
    encrypted: IsEncrypted
    resembles: Resembles
    server: ServerOf


class Entered(JsonEvent, frozen=True, tag="entered"):
    """You are in the room. Written again after a broken connection was restored."""

    room: Annotated[str, Meta(description="The room's name.")]
    you: Annotated[str, Meta(description="Your name there; the room may have added a number.")]
    wanted: Annotated[str, Meta(description="The name that you asked for.")]
    members: Annotated[list[str], Meta(description="Everybody in the room, including you.")]
    latest: Annotated[
        int, Meta(description="The highest message number so far; messages up to it are history.")
    ]
    back: Annotated[bool, Meta(description="True after a broken connection.")]
    gap: Annotated[bool, Meta(description="True if messages that you missed are no longer kept.")]
    address: Annotated[str, Meta(description="Where the room was reached.")]
    moved_from: Annotated[
        str | None,
        Meta(description="The former address, or the invite link's, if the room was found at another one."),
    ]
    fingerprint: Fingerprint
    first_visit: Annotated[bool, Meta(description="True if the fingerprint was not known before.")]
    namesake: Annotated[
        str | None, Meta(description="The id of a different room that you know with the same name.")
    ]
    former_name: Annotated[
        str | None, Meta(description="The name by which you know the room, if it has another one now.")
    ]
    same_name: Annotated[
        list[str], Meta(description="Ids of other rooms that you know by the name that you typed.")
    ]
    unencrypted: Annotated[list[str], Meta(description="Members whose connections are not encrypted.")]
    people: Annotated[list[Person], Meta(description="More about each of the members.")]
    server: Annotated[
        str | None, Meta(description="The name of the server where you are, if the room has several.")
    ]
    former_server: Annotated[
        str | None, Meta(description="The server where you were, if you go on at another one.")
    ]
    servers: Annotated[list[str], Meta(description="The names of all servers, if the room has several.")]


class Quote(Struct, frozen=True):
    """The message that another one answers, in its present form."""

    seq: Seq
    name: Annotated[str, Meta(description="Its sender's name; empty if the room no longer keeps it.")]
    text: Annotated[str, Meta(description="The beginning of its text; empty if it was deleted.")]


class Reaction(Struct, frozen=True):
    """One emoji under a message."""

    emoji: Annotated[str, Meta(description="The emoji.")]
    count: Annotated[int, Meta(description="How many members reacted with it.")]
    mine: Annotated[bool, Meta(description="True if you are one of them.")]
    names: Annotated[list[str], Meta(description="The names of the first ten.")]


Reply: TypeAlias = Annotated[Quote | None, Meta(description="The message that it answers, or null.")]
IsEdited: TypeAlias = Annotated[bool, Meta(description="True if the text is not the first one.")]
IsDeleted: TypeAlias = Annotated[bool, Meta(description="True if the message was deleted.")]
Reactions: TypeAlias = Annotated[
    list[Reaction],
    Meta(
        description="The reactions in messages from before you joined, older and found ones; for the others "
        "each reaction is an event."
    ),
]


class Message(JsonEvent, frozen=True, tag="message"):
    """A message that the room has accepted. You also receive your own messages: that is the receipt."""

    seq: Seq
    id: Id
    member: MemberId
    time: Time
    name: Name
    text: MessageText
    own: IsOwn
    history: IsHistory
    reply: Reply
    edited: IsEdited
    deleted: IsDeleted
    reactions: Reactions
    file: File
    line: Line = UNSET


class Told(JsonEvent, frozen=True, tag="told"):
    """A private message from you or to you; nobody else receives it, but the host can read it."""

    seq: Seq
    id: Id
    member: MemberId
    time: Time
    name: Name
    text: MessageText
    own: IsOwn
    history: IsHistory
    reply: Reply
    edited: IsEdited
    deleted: IsDeleted
    reactions: Reactions
    file: File
    to: Annotated[str, Meta(description="The public id of the member who gets it.")]
    to_name: Annotated[str, Meta(description="Their name then.")]
    away: Annotated[bool, Meta(description="True in a receipt if they are not here: they get it when back.")]
    line: Line = UNSET


class Reacted(JsonEvent, frozen=True, tag="reacted"):
    """A member added a reaction to a message, or took it back."""

    seq: Seq
    id: Id
    target: TargetSeq
    member: MemberId
    name: Name
    time: Time
    emoji: Annotated[str, Meta(description="The emoji.")]
    on: Annotated[bool, Meta(description="False if they took it back.")]
    own: IsOwn
    history: IsHistory
    line: Line = UNSET


class Edited(JsonEvent, frozen=True, tag="edited"):
    """A member replaced the text of their message."""

    seq: Seq
    id: Id
    target: TargetSeq
    member: MemberId
    name: Name
    time: Time
    text: Annotated[str, Meta(description="The new text; empty if the message was deleted later.")]
    own: IsOwn
    history: IsHistory
    line: Line = UNSET


class Deleted(JsonEvent, frozen=True, tag="deleted"):
    """A member deleted their message, or the host anybody's."""

    seq: Seq
    id: Id
    target: TargetSeq
    member: MemberId
    name: Name
    time: Time
    own: IsOwn
    history: IsHistory
    line: Line = UNSET


Messages: TypeAlias = Annotated[
    list[Message | Told], Meta(description="The messages, newest last, each an object as above.")
]
Latest: TypeAlias = Annotated[
    int, Meta(description="The messages are as they were after this number: changes up to it are in them.")
]


class EarlierMessages(JsonEvent, frozen=True, tag="earlier"):
    """The older messages that you asked for."""

    id: Annotated[str, Meta(description="The request's id.")]
    messages: Messages
    more: Annotated[bool, Meta(description="False if they begin where the room's history begins.")]
    latest: Latest
    line: Line = UNSET


class Found(JsonEvent, frozen=True, tag="found"):
    """The messages that a search found."""

    id: Annotated[str, Meta(description="The request's id.")]
    messages: Messages
    more: Annotated[bool, Meta(description="True if there may be others before them.")]
    latest: Latest
    line: Line = UNSET


class Failed(JsonEvent, frozen=True, tag="failed"):
    """The room did not accept your message, to all or to one; it is not sent again."""

    id: Annotated[str, Meta(description="The message's id.")]
    text: Annotated[str, Meta(description="The text that you sent.")]
    reason: Reason
    hint: Hint
    code: Annotated[str, Meta(description="What it is, for programs: the codes of `problem`.")]
    line: Line = UNSET


class Joined(JsonEvent, frozen=True, tag="joined"):
    """A member joined."""

    name: Name
    encrypted: IsEncrypted
    member: MemberId
    host: IsHost
    web: IsWeb
    resembles: Resembles
    server: ServerOf


class Left(JsonEvent, frozen=True, tag="left"):
    """A member left."""

    name: Name
    reason: Annotated[
        str,
        Meta(description="Why: left, kicked, banned, connection-broke, too-slow or a later one."),
    ]
    member: MemberId
    note: Annotated[str, Meta(description="What the host wrote about a kick or a ban; may be empty.")]


class Renamed(JsonEvent, frozen=True, tag="renamed"):
    """A member has another name now. Written for you also if a request for a name changed nothing, and with
    two equal names if a member goes on at another server of the room.
    """

    name: Name
    old: Annotated[str, Meta(description="The previous name.")]
    you: Annotated[bool, Meta(description="True if it is you.")]
    member: MemberId
    host: IsHost
    web: IsWeb
    encrypted: IsEncrypted
    resembles: Resembles
    wanted: Annotated[str, Meta(description="The name that you asked for; empty for others.")]
    server: ServerOf


class Typing(JsonEvent, frozen=True, tag="typing"):
    """A member is typing; show it for about three seconds."""

    name: Name
    member: MemberId
    private: Annotated[bool, Meta(description="True if what they write is for you only.")]


class Problem(JsonEvent, frozen=True, tag="problem"):
    """A line of the input was not valid, or something other than a message failed: a request, the history.

    The session goes on.
    """

    reason: Reason
    hint: Hint
    code: Annotated[
        str,
        Meta(
            description="What it is, for programs: `not-kept` if new messages are only in the host's memory, "
            "`kept-again` when they are stored again, `link-down` while the room's servers have lost each "
            "other and accept nothing new, `link-up` when they are linked again, `bad-line` or "
            "`unknown-request` for a line of the input, `unknown-member`, `unknown-file`, `unknown-entry`, "
            "`not-yours` and others for a request."
        ),
    ]
    id: Annotated[str, Meta(description="The id of the request that failed, if the room has seen it.")]
    line: Line = UNSET


class Interrupted(JsonEvent, frozen=True, tag="interrupted"):
    """The connection broke. Messango reconnects by itself."""

    reason: Reason
    retry_in_s: Annotated[float, Meta(description="Seconds until the next attempt.")]
    code: Annotated[
        str | UnsetType, Meta(description="Present if an attempt to connect failed: what it met.")
    ] = UNSET


class Ended(JsonEvent, frozen=True, tag="ended"):
    """The session is over. This is the last line."""

    reason: Reason
    hint: Hint | UnsetType = UNSET
    code: Annotated[
        str | UnsetType,
        Meta(
            description="Present if the room refused you or closed the connection, or did not answer: "
            "then what the attempt to connect met."
        ),
    ] = UNSET
    expected: Annotated[
        str | UnsetType, Meta(description="The fingerprint that you know. Present if it has changed.")
    ] = UNSET
    seen: Annotated[
        str | UnsetType, Meta(description="The fingerprint that answered. Present if it has changed.")
    ] = UNSET


AnyEvent: TypeAlias = (
    Entered
    | Message
    | Told
    | Reacted
    | Edited
    | Deleted
    | EarlierMessages
    | Found
    | Failed
    | Progress
    | Saved
    | FileFailed
    | Joined
    | Left
    | Renamed
    | Typing
    | Problem
    | Interrupted
    | Ended
)
