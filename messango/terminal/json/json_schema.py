"""The JSON format of `messango chat --json` as typed structs, and the JSON Schema made from them.

`python -m messango.terminal.json.json_schema > messango/help/json-schema.json` writes the schema that is
shipped with the help. Later versions may add fields, but never remove one.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from messango.protocol.limits import MAX_TEXT_CHARACTERS

Name: TypeAlias = Annotated[str, Meta(description="A member's name.")]
Reason: TypeAlias = Annotated[str, Meta(description="What happened, in a sentence for people.")]
Hint: TypeAlias = Annotated[str, Meta(description="What to do next, in a sentence for people; may be empty.")]
Fingerprint: TypeAlias = Annotated[
    str, Meta(description="SHA-256 of a certificate in hexadecimal digits; empty without encryption.")
]


MemberId: TypeAlias = Annotated[str, Meta(description="A member's public id; a new name does not change it.")]
IsHost: TypeAlias = Annotated[bool, Meta(description="True for the host's own programs.")]
IsWeb: TypeAlias = Annotated[bool, Meta(description="True for a guest who joined by a browser.")]
IsEncrypted: TypeAlias = Annotated[
    bool, Meta(description="False if others on the network can read the connection.")
]
Resembles: TypeAlias = Annotated[
    str, Meta(description="The name, of a member or the host, that this one only looks like; mostly empty.")
]


class Person(Struct, frozen=True):
    """A member."""

    id: MemberId
    name: Name
    host: IsHost
    web: IsWeb
    encrypted: IsEncrypted
    resembles: Resembles


class _Event(Struct, frozen=True, tag_field="event"):
    """One line that `chat --json` writes; `event` is its type."""


class Entered(_Event, frozen=True, tag="entered"):
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


class Quote(Struct, frozen=True):
    """The message that another one answers, in its present form."""

    seq: Annotated[int, Meta(description="Its number.")]
    name: Annotated[str, Meta(description="Its sender's name; empty if the room does not keep it any more.")]
    text: Annotated[str, Meta(description="Its first 120 characters; empty also if it was deleted.")]


class Reaction(Struct, frozen=True):
    """One emoji under a message."""

    emoji: Annotated[str, Meta(description="The emoji.")]
    count: Annotated[int, Meta(description="How many members reacted with it.")]
    mine: Annotated[bool, Meta(description="True if you are one of them.")]
    names: Annotated[list[str], Meta(description="The names of the first ten.")]


Seq: TypeAlias = Annotated[int, Meta(description="The number in the room's order.")]
RequestId: TypeAlias = Annotated[
    str, Meta(description="The id, chosen by the Messango of the member who asked for it.")
]
Time: TypeAlias = Annotated[float, Meta(description="When the room accepted it, in seconds since 1970 UTC.")]
IsOwn: TypeAlias = Annotated[bool, Meta(description="True if you sent it in this session.")]
IsHistory: TypeAlias = Annotated[bool, Meta(description="True if it was sent before you joined.")]
Target: TypeAlias = Annotated[int, Meta(description="The number of the message that it is about.")]


class _Message(_Event, frozen=True):
    """The fields of both kinds of messages."""

    seq: Seq
    id: RequestId
    member: Annotated[str, Meta(description="The sender's public id.")]
    time: Time
    name: Name
    text: Annotated[str, Meta(description="The text; may have several lines. Empty if it was deleted.")]
    own: IsOwn
    history: IsHistory
    reply: Annotated[Quote | None, Meta(description="The message that it answers.")]
    edited: Annotated[bool, Meta(description="True if the text is not the first one.")]
    deleted: Annotated[bool, Meta(description="True if it was deleted.")]
    reactions: Annotated[list[Reaction], Meta(description="The reactions until now.")]


class Message(_Message, frozen=True, tag="message"):
    """A message that the room has accepted. You also receive your own messages: that is the receipt."""


class Told(_Message, frozen=True, tag="told"):
    """A private message: only its sender and one other member receive it. The host can read it too."""

    to: Annotated[str, Meta(description="The receiver's public id.")]
    to_name: Annotated[str, Meta(description="The receiver's name.")]
    away: Annotated[
        bool, Meta(description="True if you sent it and the receiver gets it later: they are not connected.")
    ]


class Reacted(_Event, frozen=True, tag="reacted"):
    """A member reacted to a message, or took a reaction back."""

    seq: Seq
    id: RequestId
    target: Target
    member: MemberId
    name: Name
    time: Time
    emoji: Annotated[str, Meta(description="The emoji.")]
    on: Annotated[bool, Meta(description="False if the reaction was taken back.")]
    own: IsOwn
    history: IsHistory


class Edited(_Event, frozen=True, tag="edited"):
    """A member replaced the text of their message."""

    seq: Seq
    id: RequestId
    target: Target
    member: MemberId
    name: Name
    time: Time
    text: Annotated[str, Meta(description="The new text; empty if the message was deleted later.")]
    own: IsOwn
    history: IsHistory


class Deleted(_Event, frozen=True, tag="deleted"):
    """A member deleted their message, or the host anybody's."""

    seq: Seq
    id: RequestId
    target: Target
    member: MemberId
    name: Name
    time: Time
    own: IsOwn
    history: IsHistory


class _Answer(_Event, frozen=True):
    """The fields of both answers."""

    id: Annotated[str, Meta(description="The request's id.")]
    messages: Annotated[list[Message | Told], Meta(description="The messages, the newest last.")]
    more: Annotated[bool, Meta(description="True if there are, or may be, others before them.")]
    latest: Annotated[
        int, Meta(description="The messages are as they were after the entry with this number.")
    ]


class Earlier(_Answer, frozen=True, tag="earlier"):
    """Messages that were said before; without `more` the first of them is the beginning of the room."""


class Found(_Answer, frozen=True, tag="found"):
    """The messages that a search has found."""


class Failed(_Event, frozen=True, tag="failed"):
    """The room did not accept your message; it is not sent again."""

    id: Annotated[str, Meta(description="The message's id.")]
    text: Annotated[str, Meta(description="The text that you sent.")]
    reason: Reason
    hint: Hint
    code: Annotated[str, Meta(description="Why not, for programs: `bad-text`, `unknown-member` and others.")]


class Joined(_Event, frozen=True, tag="joined"):
    """A member joined."""

    name: Name
    encrypted: IsEncrypted
    member: MemberId
    host: IsHost
    web: IsWeb
    resembles: Resembles


class Left(_Event, frozen=True, tag="left"):
    """A member left."""

    name: Name
    reason: Annotated[
        str,
        Meta(description="Why: left, kicked, banned, connection-broke, too-slow or a later one."),
    ]
    member: MemberId
    note: Annotated[str, Meta(description="What the host wrote about a kick or a ban; may be empty.")]


class Renamed(_Event, frozen=True, tag="renamed"):
    """A member has another name now. Written for you also if a request for a name changed nothing."""

    name: Name
    old: Annotated[str, Meta(description="The previous name.")]
    you: Annotated[bool, Meta(description="True if it is you.")]
    member: MemberId
    host: IsHost
    web: IsWeb
    encrypted: IsEncrypted
    resembles: Resembles
    wanted: Annotated[str, Meta(description="The name that you asked for; empty for others.")]


class Typing(_Event, frozen=True, tag="typing"):
    """A member is typing; show it for about three seconds."""

    name: Name
    member: MemberId
    private: Annotated[bool, Meta(description="True if they are writing to you only.")]


class Problem(_Event, frozen=True, tag="problem"):
    """A line of the input was not valid, something other than a message failed, or the room's history did.

    The session goes on.
    """

    reason: Reason
    hint: Hint
    code: Annotated[
        str,
        Meta(
            description="What it is, for programs: `not-kept` if new messages are only in the host's memory, "
            "`kept-again` when they are stored again, `bad-line` for a line of the input."
        ),
    ]
    id: Annotated[str, Meta(description="The id of the request that failed; empty if it had none.")]
    line: Annotated[
        int | UnsetType, Meta(description="The number of the line, from 1. Present if a line was not valid.")
    ] = UNSET


class Interrupted(_Event, frozen=True, tag="interrupted"):
    """The connection broke. Messango reconnects by itself."""

    reason: Reason
    retry_in_s: Annotated[float, Meta(description="Seconds until the next attempt.")]
    code: Annotated[
        str | UnsetType, Meta(description="Present if an attempt to connect failed: what it met.")
    ] = UNSET


class Ended(_Event, frozen=True, tag="ended"):
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
    | Earlier
    | Found
    | Failed
    | Joined
    | Left
    | Renamed
    | Typing
    | Problem
    | Interrupted
    | Ended
)


class SendMessage(Struct, frozen=True):
    """One line that `chat --json` reads: a message to send."""

    text: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_TEXT_CHARACTERS,
            description="The text to send. Commands are not interpreted.",
        ),
    ]


_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema: `$defs/event` for a line of output, `$defs/request` for a line of input."""
    (event, request), components = msgspec.json.schema_components(
        [AnyEvent, SendMessage], ref_template="#/$defs/{name}"
    )
    return {
        "$schema": _DIALECT,
        "title": "messango chat --json",
        "description": "One JSON object a line. Output lines are events, input lines are requests.",
        "anyOf": [{"$ref": "#/$defs/event"}, {"$ref": "#/$defs/request"}],
        "$defs": {"event": event, "request": request, **components},
    }


def schema_text() -> str:
    """Return the schema as it stands in the file."""
    return msgspec.json.format(msgspec.json.encode(schema())).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
