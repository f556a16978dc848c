"""The actions that `ServerConnection` returns to the thread that owns the socket.

The thread carries them out in order. An action of `BLOCKING` is always the last one: the thread reads
nothing more until it has passed on the outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, get_args

from messango.protocol.frames import (
    Delete,
    Earlier,
    Edit,
    Join,
    ReachResult,
    React,
    Rename,
    Say,
    Search,
    Share,
    Tell,
    Typing,
)

#: The frames of a member that the room handles; the connection answers all others.
RoomFrame: TypeAlias = Say | Tell | Share | React | Edit | Delete | Typing | Rename
ROOM_FRAMES: Final = get_args(RoomFrame)


@dataclass(frozen=True, slots=True)
class Send:
    """Send these encoded frames."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Send these last encoded frames, if any, then close after the client had time to read them."""

    data: bytes = b""


@dataclass(frozen=True, slots=True)
class ClientGone:
    """The connection is dead, after `silent_s` seconds without a byte; with a `reason`, keep no seat."""

    reason: str | None = None
    silent_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LeaveRoom:
    """The member sent `leave`: their seat is free at once."""


@dataclass(frozen=True, slots=True)
class ReportRefusal:
    """Report to the host why a client was refused; `name` is empty if the client gave none."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportReached:
    """The member says at which addresses the room answers them, whether they were asked or not."""

    results: Sequence[ReachResult]


@dataclass(frozen=True, slots=True)
class PasswordProved:
    """The client has proved that it knows the password: count no failure."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Read nothing until this moment, then call `advance`."""

    until_s: float


@dataclass(frozen=True, slots=True)
class CheckPassword:
    """Compute the challenge for this `join`, then call `challenge`, `refuse` or `fail`."""

    join: Join


@dataclass(frozen=True, slots=True)
class AskRoom:
    """Ask the room to admit the client, then call `admit` or `refuse`; the answer may take many batches."""

    join: Join


@dataclass(frozen=True, slots=True)
class PostToRoom:
    """Pass these frames, from a read of `size` bytes, to the room; call `advance` when they are stored."""

    frames: Sequence[RoomFrame]
    size: int


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """Answer this request from the history, then call `advance`; it may take a while."""

    request: Earlier | Search


BLOCKING: Final = (Wait, CheckPassword, AskRoom, PostToRoom, ReadHistory)
Action: TypeAlias = (
    Send
    | Close
    | ClientGone
    | LeaveRoom
    | ReportRefusal
    | ReportReached
    | PasswordProved
    | Wait
    | CheckPassword
    | AskRoom
    | PostToRoom
    | ReadHistory
)
