"""The thread of one client: it owns the socket and carries out the actions of `ServerConnection`."""

from __future__ import annotations

import contextlib
import functools
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from messango.errors import ConnectionLost, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.alpn import HTTP_PROTOCOL
from messango.protocol.codec import encode
from messango.protocol.connection.actions import (
    Action,
    AskRoom,
    CheckPassword,
    ClientGone,
    Close,
    LeaveRoom,
    PasswordProved,
    PostToRoom,
    ReadHistory,
    ReportReached,
    ReportRefusal,
    Send,
    Wait,
)
from messango.protocol.connection.server_connection import SILENT, ServerConnection
from messango.protocol.frames import Closed
from messango.protocol.limits import DEAD_AFTER_S, JOIN_DEADLINE_S
from messango.room.host.host_events import JoinAttemptRefused
from messango.room.peer import Peer
from messango.server.clients.first_stage import FirstStage
from messango.server.clients.handshake import Handshake
from messango.server.clients.join_steps import JoinSteps
from messango.server.clients.paced_sender import PacedSender
from messango.server.clients.pooled_member import PooledMember
from messango.server.clients.talk_channel import TalkChannel, TalkConnection
from messango.server.context import ServerContext
from messango.server.limits import CLOSE_GRACE_S
from messango.server.request_queue import ConnectionEnded, MemberFrames
from messango.transport.accept import PlaintextRefused
from messango.transport.connection import Connection, OutboxFull

logger = logging.getLogger(__name__)

#: A client without a deadline is checked this often, only because poll() limits its timeout.
_MAX_WAIT_S: Final = 3600.0

_TOO_SLOW: Final = encode(
    Closed(
        error_codes.TOO_SLOW,
        "Your connection is too slow for this room.",
        "Join again to get the missed messages.",
    )
)


class ClientThread:
    """Owns its thread and, in it, the connection. The first group of methods is for any thread."""

    def __init__(self, connection_id: int, sock: socket.socket, peer: Peer, context: ServerContext) -> None:
        self.connection_id = connection_id
        self.peer = peer
        self._context = context
        self._socket = sock
        self._socket.setblocking(False)
        self._handshake = Handshake(self, sock, context)
        self._closing = threading.Event()
        self._first_stage = FirstStage(self, context, self._closing)
        self._connection: TalkConnection | None = None
        self._protocol: ServerConnection
        self._pooled_member: PooledMember
        self._paced_sender: PacedSender | None = None
        #: Whether the client can't receive anything more, although what it has sent still counts.
        self._is_lost = False
        self._join_deadline_s = time.monotonic() + JOIN_DEADLINE_S
        self._join_steps = JoinSteps(self, context, self._join_deadline_s)
        self._gone = ClientGone(error_codes.CONNECTION_BROKE)
        #: How long the client may take to read the last frames.
        self._close_grace_s = CLOSE_GRACE_S
        #: Released when the batch with this client's frames is finished.
        self._batch_done = threading.Lock()
        self._batch_done.acquire()
        self._thread = threading.Thread(
            target=self._run, name=f"messango-client-{connection_id}", daemon=True
        )

    # For any thread.

    def start(self) -> None:
        """Start the client's thread."""
        self._thread.start()

    def join_thread(self, timeout_s: float) -> None:
        """Wait until the thread has ended, or the time is up."""
        self._thread.join(max(0.0, timeout_s))

    def resolve_join(self, *, admitted: bool) -> None:
        """Pass on what the room decided about the client's `join`."""
        self._join_steps.resolve(admitted=admitted)

    @property
    def eviction_rank(self) -> int:
        """The eviction rank of a connection that has not joined; the lowest is dropped first."""
        return -1 if self.is_closing else self._handshake.rank

    @property
    def is_welcomed(self) -> bool:
        """Whether the room has admitted the client; then its last frame is `closed`, not `refused`."""
        return self._join_steps.admitted

    @property
    def is_closing(self) -> bool:
        """Whether the last frames were sent or the connection was aborted."""
        return self._closing.is_set()

    def send(self, data: bytes) -> None:
        """Send encoded frames without waiting; disconnect a client that is too slow for them."""
        if self._connection is None:
            return
        if self._paced_sender is not None and self._protocol.shows_each_read:
            self._paced_sender.send(data)
        else:
            self._send_now(self._connection, data)

    def _send_now(self, connection: TalkConnection, data: bytes) -> None:
        try:
            for chunk in self._protocol.encode(data):
                connection.send(chunk)
        except OutboxFull:
            # The client has much to read before it gets the reason.
            self._close_grace_s = DEAD_AFTER_S
            self.close_after(_TOO_SLOW)
            self._gone = replace(self._gone, reason=error_codes.TOO_SLOW)
            self._report_disconnect()
        except ConnectionLost:
            # The client's thread gets the same error when it reads on, and reports it to the room.
            self._is_lost = True

    def call_when_flushed(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when the outbox is empty; it must not wait."""
        if self._connection is not None:
            self._connection.call_when_flushed(callback)

    def close_after(self, final_data: bytes) -> None:
        """Send the last frames; the thread closes after the client had time to read them."""
        self._closing.set()
        if self._first_stage.stop_waiting():
            return
        if self._connection is None:
            self._handshake.send_farewell(final_data)
            self.abort()
        else:
            shutdown = functools.partial(self._shutdown, self._connection)
            if self._paced_sender is not None:
                self._paced_sender.close(final_data, shutdown)
            else:
                shutdown(final_data)
            self._pooled_member.wake_thread()

    def _shutdown(self, connection: TalkConnection, final_data: bytes) -> None:
        connection.shutdown(b"".join([*self._protocol.encode(final_data), self._protocol.final_bytes]))

    def abort(self) -> None:
        """Close the connection at once."""
        self._closing.set()
        if self._connection is not None:
            self._connection.abort()
            self._pooled_member.wake_thread()
        else:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _report_disconnect(self) -> None:
        """Report to the room that the connection has ended; only the first report counts."""
        # A seat is kept only for a client that was welcomed and can resume its session.
        keeps_seat = self._protocol.uses_json and self._join_steps.admitted
        reason = None if keeps_seat else self._gone.reason or error_codes.CONNECTION_BROKE
        self._context.request_queue.put(
            ConnectionEnded(self.connection_id, reason, silent_s=self._gone.silent_s)
        )

    # The client's own thread.

    def wait(self, seconds: float) -> bool:
        """Wait this long; return True if the connection has to close meanwhile."""
        return self._closing.wait(seconds)

    def report_refusal(self, reason: str, name: str = "") -> None:
        """Report to the host that this client was refused."""
        self._context.notify_host(JoinAttemptRefused(str(self.peer), name, reason))

    def _run(self) -> None:
        try:
            connection = self._secure()
            channel, self._join_deadline_s = self._first_stage.run(connection, self._join_deadline_s)
            if channel is not None:
                self._read_loop(self._talk_over(channel), channel.first_data)
        except PlaintextRefused:
            self._report_unless_closing("does not encrypt")
        except RemoteProtocolError as error:
            self._report_unless_closing(str(error))
        except TimeoutError:
            self._report_unless_closing(SILENT)
        except ConnectionLost:
            pass  # Not worth a line for the host: the client had not joined, or the room reports it.
        except Exception:  # The edge of the thread: log a bug.
            logger.exception("the thread of %s failed", self.peer)
        finally:
            self._cleanup()

    def _report_unless_closing(self, reason: str) -> None:
        if not self.is_closing:
            self.report_refusal(reason)

    def _knows(self, session: str) -> bool:
        """Return whether a session that somebody asks for is that of a member, or this server's own token."""
        return session == self._context.own_token or self._context.has_session(session, self.peer)

    def _secure(self) -> Connection:
        """Return the connection, encrypted if the client encrypts; raises as `Acceptor.wrap`."""
        connection, self._join_deadline_s = self._handshake.run(self._join_deadline_s)
        is_browser = connection.alpn_protocol == HTTP_PROTOCOL
        if is_browser or not connection.encrypted:
            self.peer = replace(self.peer, encrypted=connection.encrypted, browser=is_browser)
        self._context.on_connected(self.peer)
        return connection

    def _talk_over(self, channel: TalkChannel) -> TalkConnection:
        """Return the connection once frames can be sent on it."""
        connection = channel.connection
        self._join_steps.deadline_s = self._join_deadline_s
        self._protocol = ServerConnection(
            channel.codec,
            self._context.room_info,
            time.monotonic(),
            has_session=self._knows,
            join_deadline_s=self._join_deadline_s,
            encrypted=connection.encrypted,
            needs_password=self._join_steps.needs_password,
            rate_limit=self._context.rate_limit,
        )
        if not connection.encrypted:
            self._paced_sender = PacedSender(functools.partial(self._send_now, connection))
        self._pooled_member = PooledMember(
            self.connection_id,
            connection,
            self._protocol,
            self._context.pool,
            send=self.send,
            is_closing=self._closing.is_set,
        )
        self._connection = connection
        return connection

    def _read_loop(self, connection: TalkConnection, first_data: bytes) -> None:
        protocol = self._protocol
        if first_data:
            self._carry_out(protocol.receive(first_data, time.monotonic()))
        while not (self.is_closing or protocol.ended):
            actions = None
            if protocol.is_member and not (protocol.has_incomplete_message or connection.eof_received):
                actions = self._pooled_member.wait()
            self._carry_out(self._read(connection) if actions is None else actions)
        if self.is_closing:
            connection.linger(self._close_grace_s)

    def _read(self, connection: TalkConnection) -> Sequence[Action]:
        """Wait for the client in this thread, while it joins or for what the pool does not handle."""
        try:
            wait_s = self._protocol.deadline_s() - time.monotonic()
            data = connection.receive(min(wait_s, _MAX_WAIT_S))
        except TimeoutError:
            return self._protocol.on_timeout(time.monotonic())
        return self._protocol.receive(data, time.monotonic())

    def _cleanup(self) -> None:
        self._join_steps.close()
        if self._join_steps.asked_room:
            self._report_disconnect()
        if self._paced_sender is not None:
            self._paced_sender.cancel()
        if self._connection is not None:
            self._connection.close()
        else:
            self._socket.close()
        self._context.connections.remove(self)

    # Actions, each returning those that follow from its outcome.

    def _carry_out(self, actions: Sequence[Action]) -> None:
        waiting = deque(actions)
        while waiting and not self.is_closing:
            action = waiting.popleft()
            waiting.extend(_CARRY_OUT[type(action)](self, action))

    def _send(self, action: Send) -> Sequence[Action]:
        self.send(action.data)
        return ()

    def _close(self, action: Close) -> Sequence[Action]:
        self.close_after(action.data)
        return ()

    def _note_gone(self, action: ClientGone) -> Sequence[Action]:
        self._gone = action
        return ()

    def _leave_room(self, _action: LeaveRoom) -> Sequence[Action]:
        self._context.request_queue.put(ConnectionEnded(self.connection_id, "left"))
        self._closing.set()
        return ()

    def _report(self, action: ReportRefusal) -> Sequence[Action]:
        self.report_refusal(action.reason, action.name)
        return ()

    def _report_reached(self, action: ReportReached) -> Sequence[Action]:
        self._context.on_reached(self.connection_id, action.results)
        return ()

    def _wait_until(self, action: Wait) -> Sequence[Action]:
        if self._is_lost and self._protocol.answers:
            # Then no answer has to wait for the rate limit; messages still do.
            self._protocol.answers = False
            return self._protocol.advance(time.monotonic())
        self.wait(max(0.0, action.until_s - time.monotonic()))
        return self._protocol.advance(time.monotonic())

    def _post(self, action: PostToRoom) -> Sequence[Action]:
        """Pass the frames to the room and wait; what arrives meanwhile is read together afterwards."""
        request = MemberFrames(self.connection_id, action.frames, action.size, self._batch_done.release)
        self._context.request_queue.put(request)
        self._batch_done.acquire()
        return self._protocol.advance(time.monotonic())

    def _read_history(self, action: ReadHistory) -> Sequence[Action]:
        self.send(self._context.read_history(self.connection_id, action.request))
        return self._protocol.advance(time.monotonic())

    def _check_password(self, action: CheckPassword) -> Sequence[Action]:
        return self._join_steps.check_password(self._protocol, action.join)

    def _password_proved(self, _action: PasswordProved) -> Sequence[Action]:
        self._join_steps.password_proved()
        return ()

    def _ask_room(self, action: AskRoom) -> Sequence[Action]:
        return self._join_steps.ask_room(self._protocol, action.join)


_CARRY_OUT: Final[Mapping[type[Action], Callable[[ClientThread, Any], Sequence[Action]]]] = {
    Send: ClientThread._send,
    Close: ClientThread._close,
    ClientGone: ClientThread._note_gone,
    LeaveRoom: ClientThread._leave_room,
    ReportRefusal: ClientThread._report,
    ReportReached: ClientThread._report_reached,
    PasswordProved: ClientThread._password_proved,
    Wait: ClientThread._wait_until,
    PostToRoom: ClientThread._post,
    ReadHistory: ClientThread._read_history,
    CheckPassword: ClientThread._check_password,
    AskRoom: ClientThread._ask_room,
}
