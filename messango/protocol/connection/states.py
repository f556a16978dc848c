"""The states of a connection and the frames allowed in each, for both ends.

    UNJOINED ──join──▶ JOINING ──challenge──▶ CHALLENGED ──proof──▶ PROVING
       │                  │                                            │
      look                └──────welcome──────▶ JOINED ◀────welcome────┘
       ▼
    LOOKING ──room──▶ ENDED      (`leave` and `closed` end any state, `refused` any but JOINED)

Either end may `ping` at any time. A server answers a frame that the table does not list with `problem`. A
client ends the connection, because only a hostile room or a machine in the middle sends such a frame.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final, TypeAlias

from messango.errors import LocalProtocolError, RoomMisbehaved
from messango.protocol.error_codes import ALREADY_JOINED, NOT_JOINED
from messango.protocol.frames import (
    Challenge,
    ClientFrame,
    Closed,
    Delete,
    Deleted,
    Earlier,
    EarlierMessages,
    Edit,
    Edited,
    Found,
    Frame,
    Join,
    Joined,
    Leave,
    Left,
    Look,
    Message,
    Ping,
    Pong,
    Problem,
    Proof,
    Reach,
    Reached,
    React,
    Reacted,
    Refused,
    Rename,
    Renamed,
    RoomInfoFrame,
    Say,
    Search,
    ServerFrame,
    Share,
    Tell,
    Told,
    Typing,
    TypingNotice,
    Welcome,
)


class ConnectionState(enum.Enum):
    """How far the client has got with joining."""

    UNJOINED = enum.auto()
    LOOKING = enum.auto()
    JOINING = enum.auto()
    CHALLENGED = enum.auto()
    PROVING = enum.auto()
    JOINED = enum.auto()
    ENDED = enum.auto()


_S = ConnectionState
_Row: TypeAlias = Mapping[type[Frame], ConnectionState]


def _unchanged(state: ConnectionState, *kinds: type[Frame]) -> dict[type[Frame], ConnectionState]:
    return dict.fromkeys((*kinds, Ping, Pong), state)


#: The frames that only a member sends, and what only a member is sent; neither changes the state.
_MEMBER_FRAMES: Final = (Say, Tell, Share, React, Edit, Delete, Earlier, Search, Typing, Rename, Reached)
_ENTRIES: Final = (Message, Told, Reacted, Edited, Deleted)
_NOTICES: Final = (EarlierMessages, Found, Joined, Left, Renamed, TypingNotice, Reach, Problem)

#: The frames that a client may send in each state, and the next state.
CLIENT_TRANSITIONS: Final[Mapping[ConnectionState, _Row]] = {
    _S.UNJOINED: {Look: _S.LOOKING, Join: _S.JOINING, Leave: _S.ENDED, **_unchanged(_S.UNJOINED)},
    _S.LOOKING: {},
    _S.JOINING: {Leave: _S.ENDED, **_unchanged(_S.JOINING)},
    _S.CHALLENGED: {Proof: _S.PROVING, Leave: _S.ENDED, **_unchanged(_S.CHALLENGED)},
    _S.PROVING: {Leave: _S.ENDED, **_unchanged(_S.PROVING)},
    _S.JOINED: {Leave: _S.ENDED, **_unchanged(_S.JOINED, *_MEMBER_FRAMES)},
    _S.ENDED: {},
}

_ENDINGS: Final[_Row] = {Refused: _S.ENDED, Closed: _S.ENDED}

#: The frames that a server may send in each state, and the next state.
SERVER_TRANSITIONS: Final[Mapping[ConnectionState, _Row]] = {
    _S.UNJOINED: {**_ENDINGS, **_unchanged(_S.UNJOINED)},
    _S.LOOKING: {RoomInfoFrame: _S.ENDED, **_ENDINGS, **_unchanged(_S.LOOKING)},
    _S.JOINING: {Challenge: _S.CHALLENGED, Welcome: _S.JOINED, **_ENDINGS, **_unchanged(_S.JOINING)},
    _S.CHALLENGED: {**_ENDINGS, **_unchanged(_S.CHALLENGED)},
    _S.PROVING: {Welcome: _S.JOINED, **_ENDINGS, **_unchanged(_S.PROVING)},
    _S.JOINED: {
        Closed: _S.ENDED,
        **_unchanged(_S.JOINED, *_ENTRIES, *_NOTICES),
    },
    _S.ENDED: {},
}


def after_client_frame(state: ConnectionState, frame: ClientFrame) -> ConnectionState | None:
    """Return the state after this frame of a client; None if the frame is not allowed."""
    return CLIENT_TRANSITIONS[state].get(type(frame))


def after_sending(state: ConnectionState, kind: type[ServerFrame]) -> ConnectionState:
    """Return the state after our server sends such a frame; raises `LocalProtocolError` if not allowed."""
    try:
        return SERVER_TRANSITIONS[state][kind]
    except KeyError:
        raise LocalProtocolError(f"{kind.__name__} can't be sent in the state {state.name}") from None


def after_receiving(state: ConnectionState, frame: ServerFrame) -> ConnectionState:
    """Return the state after this frame of a server; raises `RoomMisbehaved` if it is not allowed."""
    try:
        return SERVER_TRANSITIONS[state][type(frame)]
    except KeyError:
        tag = type(frame).__struct_config__.tag
        when = "before you had joined" if state is not _S.JOINED else "although you had joined"
        raise RoomMisbehaved(f"The room sent {tag!r} {when}.") from None


#: When the frames of the handshake are allowed; members send all others.
_ALLOWED: Final[Mapping[type[Frame], str]] = {
    Look: "before 'join'",
    Join: "once",
    Proof: "after 'challenge'",
}


def unexpected_frame_problem(frame: ClientFrame, state: ConnectionState) -> Problem:
    """Return the answer to a client's frame that is not allowed in this state."""
    message_id = getattr(frame, "id", None)
    tag = type(frame).__struct_config__.tag
    if state is _S.JOINED:
        reason, hint = f"{tag!r} is only allowed before joining.", "You have already joined."
        return Problem(ALREADY_JOINED, reason, hint, message_id)
    reason = f"{tag!r} is only allowed {_ALLOWED.get(type(frame), 'after joining')}."
    hint = "Send 'proof' first." if state is _S.CHALLENGED else "Send 'join' first."
    return Problem(NOT_JOINED, reason, hint, message_id)
