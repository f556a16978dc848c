"""What all guests of one server share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from messango.protocol.frames import RoomInfo
from messango.server.connections import Guests
from messango.server.host_events import ServerEvent
from messango.server.join_throttle import Turnstile
from messango.server.password import PasswordCheck
from messango.server.request_queue import Inbox
from messango.transport.accept import Gate


@dataclass(frozen=True, slots=True)
class Premises:
    """What all guests of one server share."""

    gate: Gate
    inbox: Inbox
    guests: Guests
    facts: Callable[[], RoomInfo]
    tell_host: Callable[[ServerEvent], None]
    rate_limit: float
    password: PasswordCheck | None = None
    turnstile: Turnstile = field(default_factory=Turnstile)
