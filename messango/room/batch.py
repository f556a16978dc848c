"""What one round of the room says: who hears which frames, in order, and what the host is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from messango.protocol.frames import Refused, ServerFrame
from messango.room.history import StorageProblem


@dataclass(slots=True)
class Delivery:
    """Frames for the connections in `audience`; where `ends` is true nothing follows, and they end."""

    recipients: tuple[int, ...]
    frames: list[ServerFrame]
    closes: bool = False


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A member took a seat; `back` where it had it before and nobody else was told."""

    connection_id: int
    name: str
    resumed: bool
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class JoinAttemptRefused:
    """Somebody did not get in."""

    connection_id: int
    name: str
    refusal: Refused


@dataclass(frozen=True, slots=True)
class MemberDisconnected:
    """A member's connection broke; its seat is kept for a while."""

    name: str


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """A member's seat is free; `reason` in plain words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class MemberRenamed:
    """A member is called otherwise."""

    name: str
    old: str


@dataclass(frozen=True, slots=True)
class HistoryStateChanged:
    """Messages are kept no more, and why; or, where `trouble` is None, they are again."""

    problem: StorageProblem | None


RoomEvent: TypeAlias = (
    MemberJoined | JoinAttemptRefused | MemberDisconnected | MemberLeft | MemberRenamed | HistoryStateChanged
)


@dataclass(slots=True)
class Batch:
    """Collects what a round says; neighbouring frames for the same audience share a segment."""

    deliveries: list[Delivery] = field(default_factory=list)
    events: list[RoomEvent] = field(default_factory=list)
    #: Connections that were given a part of what they missed, and take the next when they have read it.
    lagging: list[int] = field(default_factory=list)

    def send(self, recipients: tuple[int, ...], frame: ServerFrame) -> None:
        """Say one frame to each connection of the audience."""
        self.frames_for(recipients).append(frame)

    def frames_for(self, recipients: tuple[int, ...]) -> list[ServerFrame]:
        """Return the list that frames for this audience are to be appended to, in their turn."""
        if self.deliveries:
            last = self.deliveries[-1]
            if last.recipients == recipients and not last.closes:
                return last.frames
        self.deliveries.append(Delivery(recipients, []))
        return self.deliveries[-1].frames

    def close_connection(self, connection_id: int, *final_frames: ServerFrame) -> None:
        """Say the last words to one connection and end it."""
        self.deliveries.append(Delivery((connection_id,), [*final_frames], closes=True))
