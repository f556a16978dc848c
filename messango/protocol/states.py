"""What a client may say, and when: the phases of one connection as its server sees them.

STRANGER ──join──▶ CHALLENGED ──proof──▶ MEMBER
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


class Phase(enum.Enum):
    """How far a client has come."""

    STRANGER = enum.auto()
    CHALLENGED = enum.auto()
    MEMBER = enum.auto()
    ENDED = enum.auto()


ALLOWED: Final[dict[Phase, frozenset[type[ClientFrame]]]] = {
    Phase.STRANGER: frozenset({Look, Join, Ping, Pong, Leave}),
    Phase.CHALLENGED: frozenset({Proof, Ping, Pong, Leave}),
    Phase.MEMBER: frozenset({Say, Typing, Rename, Ping, Pong, Leave}),
    Phase.ENDED: frozenset(),
}


def out_of_place(frame: ClientFrame, phase: Phase) -> Problem | None:
    """Return what to answer to a frame that has no place in this phase, or None where it has one."""
    if type(frame) in ALLOWED[phase]:
        return None
    told = frame.id if isinstance(frame, Say) else None
    kind = type(frame).__struct_config__.tag
    if phase is Phase.MEMBER:
        reason, hint = f"{kind!r} has no place after you have joined.", "You are in: just talk."
        return Problem(ALREADY_JOINED, reason, hint, told)
    reason = f"{kind!r} has no place before you have joined."
    hint = "Send 'proof' first." if phase is Phase.CHALLENGED else "Send 'join' first."
    return Problem(NOT_JOINED, reason, hint, told)
