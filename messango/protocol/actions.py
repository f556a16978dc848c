"""What a connection wants done: the actions that the protocol returns to the thread that has the socket.

The thread carries them out in their order. After one of `BLOCKING`, always the last, it reads nothing more
until it has passed on the outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.protocol.frames import Join, Rename, Say, Typing

#: What a member asks of the room itself; its connection answers everything else.
RoomFrame: TypeAlias = Say | Typing | Rename


@dataclass(frozen=True, slots=True)
class Send:
    """Send these encoded frames."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Send these last encoded frames, if any, and close once the client has had time to read them."""

    data: bytes = b""


@dataclass(frozen=True, slots=True)
class ClientGone:
    """The client is gone: after `silent_s` without a byte, or with a `reason` for good."""

    reason: str | None = None
    silent_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LeaveRoom:
    """The member said goodbye: its seat is free at once."""


@dataclass(frozen=True, slots=True)
class ReportRefusal:
    """Tell the host why a client did not get in; `name` is empty where it gave none."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PasswordProved:
    """The client has proved that it knows the password."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Read nothing until this moment, then call `advance`."""

    until_s: float


@dataclass(frozen=True, slots=True)
class CheckPassword:
    """Compute the challenge to this `join`, then call `challenge`, `refuse` or `fail`."""

    join: Join


@dataclass(frozen=True, slots=True)
class AskRoom:
    """Ask the room to admit the client, then call `admit` or `refuse`; the answer may take many batches."""

    join: Join


@dataclass(frozen=True, slots=True)
class PostToRoom:
    """Give the room these frames, of a read of `size` bytes; call `advance` once they are stored."""

    frames: Sequence[RoomFrame]
    size: int


BLOCKING: Final = (Wait, CheckPassword, AskRoom, PostToRoom)
Action: TypeAlias = (
    Send
    | Close
    | ClientGone
    | LeaveRoom
    | ReportRefusal
    | PasswordProved
    | Wait
    | CheckPassword
    | AskRoom
    | PostToRoom
)
