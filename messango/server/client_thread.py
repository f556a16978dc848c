"""One client's thread: secures the connection, reads, checks, and puts what is asked into the request
queue.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from messango.errors import ConnectionLost, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import ClientFrame, Closed, Join, Leave, Look, Ping, Pong, Problem, Proof, Say
from messango.protocol.limits import DEAD_AFTER_S
from messango.protocol.states import ConnectionState, unexpected_frame_problem
from messango.protocol.wire_format import DetectingCodec, JsonCodec, PeerCodec
from messango.room.remote_peer import Peer
from messango.server.backpressure import MemberInput
from messango.server.context import ServerContext
from messango.server.handshake import TIMEOUT_REASON, Handshake
from messango.server.limits import (
    CLOSE_GRACE_S,
    MESSAGE_GAP_S,
    PING_MEMBER_AFTER_S,
    REPLY_BURST,
    REPLY_RATE,
    SLOW_HANDSHAKE_S,
    TokenBucket,
)
from messango.server.request_queue import Disconnected, RoomFrame
from messango.transport.accept import PlaintextRefused
from messango.transport.connection import Connection, OutboxFull
from messango.transport.poll import wait_ready

logger = logging.getLogger(__name__)

_PING: Final = encode(Ping())
_PONG: Final = encode(Pong())
_TOO_SLOW: Final = encode(
    Closed(
        error_codes.TOO_SLOW,
        "You read more slowly than the room talks.",
        "Join again: you get what you missed.",
    )
)


class ClientThread:
    """Owns its thread and its connection. `send`, `close_after`, `resolve_join` and `abort` are for any
    thread.
    """

    def __init__(self, connection_id: int, sock: socket.socket, peer: Peer, context: ServerContext) -> None:
        self.connection_id = connection_id
        self.peer = peer
        self._context = context
        self._socket = sock
        self._socket.setblocking(False)
        self._first_byte_seen = False
        self._connected_at_s = time.monotonic()
        self._connection: Connection | None = None
        self._codec: PeerCodec = JsonCodec()
        self._handshake = Handshake(self, context)
        self._silent_s = 0.0
        self._leave_reason = "the connection broke"
        self._reply_bucket = TokenBucket(REPLY_RATE, REPLY_BURST)
        self._closing = threading.Event()
        self._member_input = MemberInput(
            connection_id, context.request_queue, context.rate_limit, self._closing
        )
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
        """Tell a client that waits what became of its `join`."""
        self._handshake.resolve_join(admitted=admitted)

    @property
    def eviction_rank(self) -> int:
        """How much an unjoined client is owed its place: where one has to go it is who has the least.

        First goes who has had the last words, then who dawdles, then who has just come; among each of
        those first who has said nothing, then who is amid its handshake.
        """
        if self.is_closing:
            return -1
        is_slow = time.monotonic() - self._connected_at_s > SLOW_HANDSHAKE_S
        return self._progress() + (0 if is_slow else 3)

    def _progress(self) -> int:
        """Return 0 before the first byte, 1 with it, 2 with a secured connection."""
        if self._connection is not None:
            return 2
        if not self._first_byte_seen:
            # Its thread may not have had its turn yet.
            with contextlib.suppress(OSError):
                self._first_byte_seen = bool(self._socket.recv(1, socket.MSG_PEEK))
        return int(self._first_byte_seen)

    @property
    def is_closing(self) -> bool:
        """Whether the last words were said."""
        return self._closing.is_set()

    def send(self, data: bytes) -> bool:
        """Send without waiting; false where the client has fallen behind and was sent away."""
        connection = self._connection
        if connection is None:
            return True
        try:
            for chunk in self._codec.encode(data):
                connection.send(chunk)
        except OutboxFull:
            self.close_after(_TOO_SLOW)
            # Its own thread may notice only seconds later, from a peer that does not even close.
            self._leave_reason = "fell behind"
            self._notify_room()
            return False
        except ConnectionLost:
            pass  # Its own thread meets the same and tells the room.
        return True

    def call_when_flushed(self, callback: Callable[[], None]) -> None:
        """Call once when all that was sent has left for the client; must not wait."""
        if self._connection is not None:
            self._connection.call_when_flushed(callback)

    def close_after(self, final_data: bytes) -> None:
        """Say the last words; its own thread closes when the peer has had time to read them."""
        self._closing.set()
        if self._connection is None:
            self.abort()
        else:
            self._connection.shutdown(b"".join(self._codec.encode(final_data)))

    def abort(self) -> None:
        """Break the connection off."""
        self._closing.set()
        if self._connection is not None:
            self._connection.abort()
        else:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _notify_room(self) -> None:
        """Tell that the connection is no more; the room minds only the first time."""
        # Who can't come back needs no seat kept.
        reason = None if self._codec.uses_json else self._leave_reason
        self._context.request_queue.put(Disconnected(self.connection_id, reason, silent_s=self._silent_s))

    # The client's own thread.

    def _run(self) -> None:
        try:
            self._await_first_byte()
            connection = self._context.acceptor.wrap(self._socket, self._handshake.time_left_s())
            if not connection.encrypted:
                self.peer = replace(self.peer, encrypted=False)
                self._codec = DetectingCodec()
            self._connection = connection
            self._read_loop(connection)
        except PlaintextRefused:
            self._handshake.notify_host("speaks without encryption")
        except RemoteProtocolError as error:
            self._handshake.notify_host(str(error))
        except TimeoutError:
            self._handshake.notify_host(TIMEOUT_REASON)
        except ConnectionLost:
            pass  # They come and go; the host is told of members alone.
        except Exception:  # The edge of the thread: a fault here is ours.
            logger.exception("the thread of %s failed", self.peer)
        finally:
            self._cleanup()

    def _await_first_byte(self) -> None:
        if not wait_ready(self._socket, self._handshake.time_left_s(), reading=True):
            raise TimeoutError
        self._first_byte_seen = True

    def wait(self, seconds: float) -> bool:
        """Wait in the client's own thread; true where it has to go meanwhile."""
        return self._closing.wait(seconds)

    def _cleanup(self) -> None:
        self._handshake.on_disconnect()
        if self._handshake.join_requested:
            self._notify_room()
        if self._connection is not None:
            self._connection.close()
        else:
            self._socket.close()
        self._context.connections.remove(self)

    def _read_loop(self, connection: Connection) -> None:
        while not self._closing.is_set():
            try:
                data = self._receive(connection)
            except TimeoutError:
                if self._handshake.is_member:
                    self._silent_s = DEAD_AFTER_S
                    raise
                self._handshake.on_timeout()
                break
            if not data:
                self._dispatch(self._codec.on_eof())
                self._leave_reason = "left"
                break
            self._dispatch(self._codec.decode(data), len(data))
            if fault := self._codec.error:
                self._reject(str(fault), fault.hint)
        if self._closing.is_set():
            connection.linger(CLOSE_GRACE_S)

    def _receive(self, connection: Connection) -> bytes:
        """Wait for the next bytes; a member that only listens is asked before it is held for dead."""
        if self._codec.has_pending_message:
            with contextlib.suppress(TimeoutError):
                return connection.receive(MESSAGE_GAP_S)
            self._dispatch(self._codec.on_pause())
        if self._closing.is_set():
            return b""
        if not self._handshake.is_member:
            return connection.receive(self._handshake.time_left_s())
        if not self._codec.uses_json:
            return self._wait_without_ping(connection)
        ping_after_s = min(PING_MEMBER_AFTER_S, DEAD_AFTER_S)
        try:
            return connection.receive(ping_after_s)
        except TimeoutError:
            self.send(_PING)
        return connection.receive(DEAD_AFTER_S - ping_after_s)

    def _wait_without_ping(self, connection: Connection) -> bytes:
        """Wait for bytes of a member that can't be asked whether it is there: TCP asks instead."""
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                return connection.receive(DEAD_AFTER_S)
        return b""

    def _reject(self, reason: str, hint: str) -> None:
        if self.is_closing:
            return
        if self._handshake.is_member:
            self.close_after(encode(Closed(error_codes.PROTOCOL, reason, hint)))
        else:
            self._handshake.refuse(reason, hint)

    def _dispatch(self, frames: Sequence[ClientFrame | Problem], size: int = 0) -> None:
        if self._handshake.is_member and {*map(type, frames)} <= {Say}:
            self._member_input.submit(frames, size)  # type: ignore[arg-type] # the line above has looked
            return
        room_frames: list[RoomFrame] = []
        for frame in frames:
            if not self._handshake.is_member and self._handshake.over_frame_limit():
                return
            problem = (
                frame
                if isinstance(frame, Problem)
                else unexpected_frame_problem(frame, self._handshake.state)
            )
            if problem is not None:
                self._reply(encode(problem))
            elif isinstance(frame, (Join, Proof, Look, Leave, Ping, Pong)):
                # What was said before a goodbye is heard before it.
                self._member_input.submit(room_frames, size)
                room_frames = []
                self._handle_frame(frame)
            else:
                room_frames.append(frame)  # type: ignore[arg-type] # all other kinds are for the room
            if self._closing.is_set():
                return
        self._member_input.submit(room_frames, size)

    def _handle_frame(self, frame: Join | Proof | Look | Leave | Ping | Pong) -> None:
        if isinstance(frame, Ping):
            self._reply(_PONG)
        elif isinstance(frame, Leave):
            self._leave()
        elif not isinstance(frame, Pong):
            self._handshake.handle_frame(frame)

    def _reply(self, data: bytes) -> None:
        """Answer, no faster than anybody needs to be answered: meanwhile nothing is read."""
        while not self._reply_bucket.take(1) and not self._closing.is_set():
            self._closing.wait(self._reply_bucket.wait_s())
        self.send(data)

    def _leave(self) -> None:
        if self._handshake.is_member:
            self._context.request_queue.put(Disconnected(self.connection_id, "left"))
        else:
            self.close_after(b"")
        self._handshake.state = ConnectionState.ENDED
        self._closing.set()
