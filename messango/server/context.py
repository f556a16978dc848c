"""What the client threads of a server share: the room's queue, the limits and the callbacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from messango.protocol.frames import Earlier, FileInfo, ReachResult, RoomInfo, Search
from messango.room.host.host_events import RoomEvent
from messango.room.peer import Peer
from messango.server.clients.member_pool import MemberPool
from messango.server.clients.registry.connections import ConnectionRegistry
from messango.server.files.store.lazy_store import LazyFileStore
from messango.server.files.transfers.pace import Pace
from messango.server.files.transfers.send_file import OpenFile
from messango.server.lazy_web import LazyWeb
from messango.server.request_queue import RequestQueue
from messango.server.throttling.join_throttle import JoinThrottle
from messango.server.throttling.password_gate import PasswordGate
from messango.transport.accept import Acceptor


@dataclass(frozen=True, slots=True)
class ServerContext:
    """Shared by all client threads of a server."""

    acceptor: Acceptor
    request_queue: RequestQueue
    pool: MemberPool
    connections: ConnectionRegistry
    room_info: Callable[[], RoomInfo]
    notify_host: Callable[[RoomEvent], None]
    rate_limit: float
    password_gate: PasswordGate
    join_throttle: JoinThrottle = field(default_factory=JoinThrottle)
    #: Returns whether a secret is that of a session of this room, which began on the same kind of connection.
    has_session: Callable[[str, Peer], bool] = lambda _session, _peer: False
    #: Returns the public id of the member with this session who has a seat, or None.
    seated_id: Callable[[str, Peer], str | None] = lambda _session, _peer: None
    #: Returns the public id of the member with this connection, or None.
    member_of: Callable[[int], str | None] = lambda _connection_id: None
    #: Returns the encoded answer to a request of a member; for the client's own thread.
    read_history: Callable[[int, Earlier | Search], bytes] = lambda _connection_id, _request: b""
    #: The room's files; the store itself is loaded when a connection first needs it.
    file_store: LazyFileStore | None = None
    #: Opens a shared file that another server of a linked room has; see `ClientTransfers.open_shared`.
    open_elsewhere: Callable[[str], tuple[FileInfo, OpenFile]] | None = None
    #: How fast files go.
    pace: Pace = field(default_factory=Pace)
    #: See `Server`; nobody joins by it.
    own_token: str = ""
    #: Returns whether guests may join from a browser.
    admits_guests: Callable[[], bool] = lambda: False
    #: What all browsers share.
    web: LazyWeb = field(default_factory=LazyWeb)
    #: A client has finished its handshake; has joined; has answered `reach`. None of these waits.
    on_connected: Callable[[Peer], None] = lambda _peer: None
    on_joined: Callable[[Peer], None] = lambda _peer: None
    on_reached: Callable[[int, Sequence[ReachResult]], None] = lambda _connection_id, _results: None
