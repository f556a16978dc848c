"""What all clients of one server share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from messango.protocol.frames import RoomInfo
from messango.server.connections import ConnectionRegistry
from messango.server.host_events import ServerEvent
from messango.server.join_throttle import JoinThrottle
from messango.server.member_pool import MemberPool
from messango.server.password import PasswordVerifier
from messango.server.request_queue import RequestQueue
from messango.transport.accept import Acceptor


@dataclass(frozen=True, slots=True)
class ServerContext:
    """What all clients of one server share."""

    acceptor: Acceptor
    request_queue: RequestQueue
    pool: MemberPool
    connections: ConnectionRegistry
    room_info: Callable[[], RoomInfo]
    notify_host: Callable[[ServerEvent], None]
    rate_limit: float
    password_verifier: PasswordVerifier | None = None
    join_throttle: JoinThrottle = field(default_factory=JoinThrottle)
