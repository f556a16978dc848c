"""The states of one connection, and what may be sent in each: one table, which both ends follow.

    UNJOINED ──join──▶ JOINING ──challenge──▶ CHALLENGED ──proof──▶ PROVING
       │                  │                                            │
      look                └──────welcome──────▶ JOINED ◀────welcome────┘
       ▼
    LOOKING ──room──▶ ENDED      (`leave`, `refused` and `closed` end any state)

Either end may `ping` at any time. A frame that the table does not list is out of place: a server answers it
with `problem`, and a client ends the connection, because only somebody in between or a hostile room sends it.
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
    Refused,
    Rename,
    Renamed,
    RoomInfoFrame,
    Say,
    ServerFrame,
    Typing,
    TypingNotice,
    Welcome,
)


class ConnectionState(enum.Enum):
    """How far the client of a connection has come."""

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


#: What a client may send in each state, and the state that follows.
CLIENT_TRANSITIONS: Final[Mapping[ConnectionState, _Row]] = {
    _S.UNJOINED: {Look: _S.LOOKING, Join: _S.JOINING, Leave: _S.ENDED, **_unchanged(_S.UNJOINED)},
    _S.LOOKING: {},
    _S.JOINING: {Leave: _S.ENDED, **_unchanged(_S.JOINING)},
    _S.CHALLENGED: {Proof: _S.PROVING, Leave: _S.ENDED, **_unchanged(_S.CHALLENGED)},
    _S.PROVING: {Leave: _S.ENDED, **_unchanged(_S.PROVING)},
    _S.JOINED: {Leave: _S.ENDED, **_unchanged(_S.JOINED, Say, Typing, Rename)},
    _S.ENDED: {},
}

_ENDINGS: Final[_Row] = {Refused: _S.ENDED, Closed: _S.ENDED}

#: What a client accepts from its server in each state, and the state that follows.
SERVER_TRANSITIONS: Final[Mapping[ConnectionState, _Row]] = {
    _S.UNJOINED: {**_ENDINGS, **_unchanged(_S.UNJOINED)},
    _S.LOOKING: {RoomInfoFrame: _S.ENDED, **_ENDINGS, **_unchanged(_S.LOOKING)},
    _S.JOINING: {Challenge: _S.CHALLENGED, Welcome: _S.JOINED, **_ENDINGS, **_unchanged(_S.JOINING)},
    _S.CHALLENGED: {**_ENDINGS, **_unchanged(_S.CHALLENGED)},
    _S.PROVING: {Welcome: _S.JOINED, **_ENDINGS, **_unchanged(_S.PROVING)},
    _S.JOINED: {
        **_ENDINGS,
        **_unchanged(_S.JOINED, Message, Joined, Left, Renamed, TypingNotice, Problem),
    },
    _S.ENDED: {},
}


def after_client_frame(state: ConnectionState, frame: ClientFrame) -> ConnectionState | None:
    """Return the state that follows when the client has sent this, None where it is out of place."""
    return CLIENT_TRANSITIONS[state].get(type(frame))


def after_own_frame(state: ConnectionState, kind: type[ServerFrame]) -> ConnectionState:
    """Return the state that follows when our server sends this; raises `LocalProtocolError`."""
    try:
        return SERVER_TRANSITIONS[state][kind]
    except KeyError:
        raise LocalProtocolError(f"{kind.__name__} can't be sent in the state {state.name}") from None


def after_server_frame(state: ConnectionState, frame: ServerFrame) -> ConnectionState:
    """Return the state that follows when a client receives this; raises `RoomMisbehaved`."""
    try:
        return SERVER_TRANSITIONS[state][type(frame)]
    except KeyError:
        tag = type(frame).__struct_config__.tag
        when = "before you had joined" if state is not _S.JOINED else "although you had joined"
        raise RoomMisbehaved(f"The room sent {tag!r} {when}.") from None


#: When each frame is allowed that is not a member's.
_ALLOWED: Final[Mapping[type[Frame], str]] = {
    Look: "before 'join'",
    Join: "once",
    Proof: "after 'challenge'",
}


def unexpected_frame_problem(frame: ClientFrame, state: ConnectionState) -> Problem:
    """Return the answer to a client's frame that is out of place in this state."""
    message_id = frame.id if isinstance(frame, Say) else None
    tag = type(frame).__struct_config__.tag
    if state is _S.JOINED:
        reason, hint = f"{tag!r} is only allowed before joining.", "You have joined: just talk."
        return Problem(ALREADY_JOINED, reason, hint, message_id)
    reason = f"{tag!r} is only allowed {_ALLOWED.get(type(frame), 'after joining')}."
    hint = "Send 'proof' first." if state is _S.CHALLENGED else "Send 'join' first."
    return Problem(NOT_JOINED, reason, hint, message_id)
