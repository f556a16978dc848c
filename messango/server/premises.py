"""What all guests of one server share, and where each of them comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from messango.protocol.frames import RoomFacts
from messango.server.events import ServerEvent
from messango.server.guests import Guests
from messango.server.inbox import Inbox
from messango.transport.accept import Gate


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a client comes from."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Premises:
    """What all guests of one server share."""

    gate: Gate
    inbox: Inbox
    guests: Guests
    facts: Callable[[], RoomFacts]
    tell_host: Callable[[ServerEvent], None]
    rate_limit: float
