"""The fields that several JSON events have, and the base of these."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, UnsetType

Name: TypeAlias = Annotated[str, Meta(description="A member's name.")]
Reason: TypeAlias = Annotated[str, Meta(description="What happened, in a sentence for people.")]
Hint: TypeAlias = Annotated[str, Meta(description="What to do next, in a sentence for people; may be empty.")]
Fingerprint: TypeAlias = Annotated[
    str, Meta(description="SHA-256 of a certificate in hexadecimal digits; empty without encryption.")
]


MemberId: TypeAlias = Annotated[str, Meta(description="A member's public id; a new name does not change it.")]
IsHost: TypeAlias = Annotated[bool, Meta(description="True for the host's own programs.")]
IsWeb: TypeAlias = Annotated[bool, Meta(description="True for a guest who joined from a browser.")]
IsEncrypted: TypeAlias = Annotated[
    bool, Meta(description="False if others on the network can read the connection.")
]
Resembles: TypeAlias = Annotated[
    str, Meta(description="The name, of a member or the host, that this one only looks like; mostly empty.")
]
ServerOf: TypeAlias = Annotated[
    str, Meta(description="The name of the server at which they are, if it is not yours; mostly empty.")
]
Line: TypeAlias = Annotated[
    int | UnsetType,
    Meta(description="Present if this answers a line of your input: the line's number, from 1."),
]


class JsonEvent(Struct, frozen=True, tag_field="event"):
    """One line that `chat --json` writes; `event` is its type."""


Seq: TypeAlias = Annotated[int, Meta(description="Its number in the room's order.")]
Id: TypeAlias = Annotated[str, Meta(description="Its id, chosen by the sender's Messango.")]
Time: TypeAlias = Annotated[float, Meta(description="When the room accepted it, in seconds since 1970 UTC.")]
IsOwn: TypeAlias = Annotated[bool, Meta(description="True if you sent it in this session.")]
IsHistory: TypeAlias = Annotated[bool, Meta(description="True if it was sent before you joined.")]
MessageText: TypeAlias = Annotated[
    str, Meta(description="The text; may have several lines. Empty if the message was deleted.")
]
TargetSeq: TypeAlias = Annotated[int, Meta(description="The number of the message that it changes.")]
