"""The frames of the protocol as typed structs.

Unknown fields are ignored, so a later version may add some. Decoding also checks the lengths of ids, tokens
and proofs; the rules for names and texts are in `protocol.text`.
"""

from __future__ import annotations

from typing import TypeAlias

from messango.protocol.frames.base import SeqNumber
from messango.protocol.frames.from_clients import (
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Proof,
    Reached,
    ReachResult,
    Rename,
    Say,
    Typing,
)
from messango.protocol.frames.from_servers import (
    Challenge,
    Closed,
    Joined,
    Left,
    Message,
    Person,
    Problem,
    Reach,
    Refused,
    Renamed,
    RoomInfo,
    RoomInfoFrame,
    TypingNotice,
    Welcome,
)

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

__all__ = [
    "Challenge",
    "ClientFrame",
    "Closed",
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
    "Reach",
    "ReachResult",
    "Reached",
    "Refused",
    "Rename",
    "Renamed",
    "RoomInfo",
    "RoomInfoFrame",
    "Say",
    "SeqNumber",
    "ServerFrame",
    "Typing",
    "TypingNotice",
    "Welcome",
]
