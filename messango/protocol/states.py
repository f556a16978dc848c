"""What a client may say, and when: the phases of one connection as its server sees them.

UNJOINED ──join──▶ CHALLENGED ──proof──▶ JOINED
    │  └───────────join (no password)──────▲ │
    └──look, refusal──▶ ENDED ◀──leave, closed┘
"""

from __future__ import annotations

import enum
from typing import Final

from messango.protocol.error_codes import ALREADY_JOINED, NOT_JOINED
from messango.protocol.frames import (
    ClientFrame,
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Problem,
    Proof,
    Rename,
    Say,
    Typing,
)


class ConnectionState(enum.Enum):
    """How far a client has come."""

    UNJOINED = enum.auto()
    CHALLENGED = enum.auto()
    JOINED = enum.auto()
    ENDED = enum.auto()


ALLOWED_FRAMES: Final[dict[ConnectionState, frozenset[type[ClientFrame]]]] = {
    ConnectionState.UNJOINED: frozenset({Look, Join, Ping, Pong, Leave}),
    ConnectionState.CHALLENGED: frozenset({Proof, Ping, Pong, Leave}),
    ConnectionState.JOINED: frozenset({Say, Typing, Rename, Ping, Pong, Leave}),
    ConnectionState.ENDED: frozenset(),
}


def unexpected_frame_problem(frame: ClientFrame, state: ConnectionState) -> Problem | None:
    """Return what to answer to a frame that has no place in this phase, or None where it has one."""
    if type(frame) in ALLOWED_FRAMES[state]:
        return None
    message_id = frame.id if isinstance(frame, Say) else None
    kind = type(frame).__struct_config__.tag
    if state is ConnectionState.JOINED:
        reason, hint = f"{kind!r} has no place after you have joined.", "You are in: just talk."
        return Problem(ALREADY_JOINED, reason, hint, message_id)
    reason = f"{kind!r} has no place before you have joined."
    hint = "Send 'proof' first." if state is ConnectionState.CHALLENGED else "Send 'join' first."
    return Problem(NOT_JOINED, reason, hint, message_id)
