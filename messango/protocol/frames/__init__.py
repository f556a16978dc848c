"""The frames of the protocol as typed structs.

Unknown fields are ignored, so a later version may add some. Decoding also checks the lengths of ids, tokens
and proofs; the rules for names and texts are in `protocol.text`.
"""

from __future__ import annotations

from typing import TypeAlias

from messango.protocol.frames.base import FileInfo, SeqNumber
from messango.protocol.frames.from_clients import (
    Delete,
    Earlier,
    Edit,
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Proof,
    Reached,
    ReachResult,
    React,
    Rename,
    Say,
    Search,
    Share,
    Tell,
    Typing,
)
from messango.protocol.frames.from_servers import (
    AnyMessage,
    Challenge,
    Closed,
    Deleted,
    EarlierMessages,
    Edited,
    Found,
    Joined,
    Left,
    Message,
    Person,
    Problem,
    Quote,
    Reach,
    Reacted,
    Reaction,
    Refused,
    Renamed,
    RoomInfo,
    RoomInfoFrame,
    ServerCard,
    Told,
    TypingNotice,
    Welcome,
)

#: The messages; what else takes a number in the room's order; and all that does.
Spoken: TypeAlias = Message | Told
Change: TypeAlias = Reacted | Edited | Deleted
Entry: TypeAlias = Spoken | Change

ClientFrame: TypeAlias = (
    Look
    | Join
    | Proof
    | Say
    | Tell
    | Share
    | React
    | Edit
    | Delete
    | Earlier
    | Search
    | Typing
    | Rename
    | Ping
    | Pong
    | Reached
    | Leave
)
ServerFrame: TypeAlias = (
    RoomInfoFrame
    | Challenge
    | Welcome
    | Refused
    | Message
    | Told
    | Reacted
    | Edited
    | Deleted
    | EarlierMessages
    | Found
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

__all__ = [
    "AnyMessage",
    "Challenge",
    "Change",
    "ClientFrame",
    "Closed",
    "Delete",
    "Deleted",
    "Earlier",
    "EarlierMessages",
    "Edit",
    "Edited",
    "Entry",
    "FileInfo",
    "Found",
    "Frame",
    "Join",
    "Joined",
    "Leave",
    "Left",
    "Look",
    "Message",
    "Person",
    "Ping",
    "Pong",
    "Problem",
    "Proof",
    "Quote",
    "Reach",
    "ReachResult",
    "Reached",
    "React",
    "Reacted",
    "Reaction",
    "Refused",
    "Rename",
    "Renamed",
    "RoomInfo",
    "RoomInfoFrame",
    "Say",
    "Search",
    "SeqNumber",
    "ServerCard",
    "ServerFrame",
    "Share",
    "Spoken",
    "Tell",
    "Told",
    "Typing",
    "TypingNotice",
    "Welcome",
]
