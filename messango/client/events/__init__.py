"""Client events: everything that a client reports to its front end, in order, on `RoomClient.events`."""

from __future__ import annotations

from typing import TypeAlias

from messango.client.events.base import ClientEvent, JsonFields
from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.client.events.members import MemberJoined, MemberLeft, MemberRenamed, MemberTyping
from messango.client.events.messages import (
    AnyReceived,
    EarlierReceived,
    MessageChange,
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    ReceivedMessage,
    RequestFailed,
    SearchResult,
)
from messango.client.events.session import (
    GAP_NOTICE,
    Connecting,
    Disconnected,
    EndReason,
    HistoryEnded,
    LinkChanged,
    PasswordRequired,
    RoomJoined,
    SessionEnded,
)

Event: TypeAlias = (
    Connecting
    | PasswordRequired
    | RoomJoined
    | HistoryEnded
    | MessageReceived
    | PrivateMessageReceived
    | ReactionChanged
    | MessageEdited
    | MessageDeleted
    | EarlierReceived
    | SearchResult
    | MessageFailed
    | RequestFailed
    | FileProgress
    | FileSaved
    | FileFailed
    | MemberJoined
    | MemberLeft
    | MemberRenamed
    | MemberTyping
    | Disconnected
    | LinkChanged
    | SessionEnded
)

__all__ = [
    "GAP_NOTICE",
    "AnyReceived",
    "ClientEvent",
    "Connecting",
    "Disconnected",
    "EarlierReceived",
    "EndReason",
    "Event",
    "FileFailed",
    "FileProgress",
    "FileSaved",
    "HistoryEnded",
    "JsonFields",
    "LinkChanged",
    "MemberJoined",
    "MemberLeft",
    "MemberRenamed",
    "MemberTyping",
    "MessageChange",
    "MessageDeleted",
    "MessageEdited",
    "MessageFailed",
    "MessageReceived",
    "PasswordRequired",
    "PrivateMessageReceived",
    "ReactionChanged",
    "ReceivedMessage",
    "RequestFailed",
    "RoomJoined",
    "SearchResult",
    "SessionEnded",
]
