"""What one round of the room says: who hears which frames, in order, and what the host is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from messango.protocol.frames import Refused, ServerFrame
from messango.room.history import Trouble


@dataclass(slots=True)
class Segment:
    """Frames for the connections in `audience`; where `ends` is true nothing follows, and they end."""

    audience: tuple[int, ...]
    frames: list[ServerFrame]
    ends: bool = False


@dataclass(frozen=True, slots=True)
class CameIn:
    """A member took a seat; `back` where it had it before and nobody else was told."""

    link: int
    name: str
    back: bool
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class WasRefused:
    """Somebody did not get in."""

    link: int
    name: str
    refusal: Refused


@dataclass(frozen=True, slots=True)
class WentAway:
    """A member's connection broke; its seat is kept for a while."""

    name: str


@dataclass(frozen=True, slots=True)
class WentOut:
    """A member's seat is free; `reason` in plain words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangedName:
    """A member is called otherwise."""

    name: str
    old: str


@dataclass(frozen=True, slots=True)
class KeepsHistory:
    """Messages are kept no more, and why; or, where `trouble` is None, they are again."""

    trouble: Trouble | None


Notice: TypeAlias = CameIn | WasRefused | WentAway | WentOut | ChangedName | KeepsHistory


@dataclass(slots=True)
class Round:
    """Collects what a round says; neighbouring frames for the same audience share a segment."""

    segments: list[Segment] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    #: Connections that were given a part of what they missed, and take the next when they have read it.
    catching_up: list[int] = field(default_factory=list)

    def tell(self, audience: tuple[int, ...], frame: ServerFrame) -> None:
        """Say one frame to each connection of the audience."""
        self.frames_for(audience).append(frame)

    def frames_for(self, audience: tuple[int, ...]) -> list[ServerFrame]:
        """Return the list that frames for this audience are to be appended to, in their turn."""
        if self.segments:
            last = self.segments[-1]
            if last.audience == audience and not last.ends:
                return last.frames
        self.segments.append(Segment(audience, []))
        return self.segments[-1].frames

    def end(self, link: int, *last_words: ServerFrame) -> None:
        """Say the last words to one connection and end it."""
        self.segments.append(Segment((link,), [*last_words], ends=True))
