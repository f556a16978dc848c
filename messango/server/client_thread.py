"""One client's thread: secures the connection, reads, checks, and puts what is asked into the inbox."""

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
from messango.server.backpressure import Turns
from messango.server.context import Premises
from messango.server.handshake import SILENT, Admission
from messango.server.limits import (
    ANSWER_BURST,
    ANSWER_RATE,
    ASK_MEMBER_AFTER_S,
    DAWDLES_AFTER_S,
    LAST_WORDS_S,
    PAUSE_S,
    TokenBucket,
)
from messango.server.request_queue import Gone, RoomFrame
from messango.transport.accept import PlaintextRefused
from messango.transport.connection import Connection, OutboxFull
from messango.transport.poll import wait_for

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


class Guest:
    """Owns its thread and its connection. `send`, `finish`, `decide` and `abort` are for any thread."""

    def __init__(self, connection_id: int, sock: socket.socket, peer: Peer, premises: Premises) -> None:
        self.connection_id = connection_id
        self.peer = peer
        self._premises = premises
        self._socket = sock
        self._socket.setblocking(False)
        self._spoke = False
        self._came_s = time.monotonic()
        self._connection: Connection | None = None
        self._speech: PeerCodec = JsonCodec()
        self._admission = Admission(self, premises)
        self._silent_s = 0.0
        self._gone = "the connection broke"
        self._answers = TokenBucket(ANSWER_RATE, ANSWER_BURST)
        self._ending = threading.Event()
        self._turns = Turns(connection_id, premises.inbox, premises.rate_limit, self._ending)
        self._thread = threading.Thread(target=self._run, name=f"messango-guest-{connection_id}", daemon=True)

    # For any thread.

    def start(self) -> None:
        """Start the guest's thread."""
        self._thread.start()

    def join_thread(self, timeout_s: float) -> None:
        """Wait until the thread has ended, or the time is up."""
        self._thread.join(max(0.0, timeout_s))

    def decide(self, *, admitted: bool) -> None:
        """Tell a guest that waits what became of its `join`."""
        self._admission.decide(admitted=admitted)

    @property
    def owed(self) -> int:
        """How much a stranger is owed its place: where one has to go it is who has the least.

        First goes who has had the last words, then who dawdles, then who has just come; among each of
        those first who has said nothing, then who is amid its handshake.
        """
        if self.ending:
            return -1
        dawdles = time.monotonic() - self._came_s > DAWDLES_AFTER_S
        return self._steps() + (0 if dawdles else 3)

    def _steps(self) -> int:
        """Return 0 before the first byte, 1 with it, 2 with a secured connection."""
        if self._connection is not None:
            return 2
        if not self._spoke:
            # Its thread may not have had its turn yet.
            with contextlib.suppress(OSError):
                self._spoke = bool(self._socket.recv(1, socket.MSG_PEEK))
        return int(self._spoke)

    @property
    def ending(self) -> bool:
        """Whether the last words were said."""
        return self._ending.is_set()

    def send(self, data: bytes) -> bool:
        """Send without waiting; false where the guest has fallen behind and was sent away."""
        connection = self._connection
        if connection is None:
            return True
        try:
            for piece in self._speech.encode(data):
                connection.send(piece)
        except OutboxFull:
            self.finish(_TOO_SLOW)
            # Its own thread may notice only seconds later, from a peer that does not even close.
            self._gone = "fell behind"
            self._tell_room()
            return False
        except ConnectionLost:
            pass  # Its own thread meets the same and tells the room.
        return True

    def when_sent(self, call: Callable[[], None]) -> None:
        """Call once when all that was sent has left for the guest; must not wait."""
        if self._connection is not None:
            self._connection.when_sent(call)

    def finish(self, last_words: bytes) -> None:
        """Say the last words; its own thread closes when the peer has had time to read them."""
        self._ending.set()
        if self._connection is None:
            self.abort()
        else:
            self._connection.finish(b"".join(self._speech.encode(last_words)))

    def abort(self) -> None:
        """Break the connection off."""
        self._ending.set()
        if self._connection is not None:
            self._connection.abort()
        else:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _tell_room(self) -> None:
        """Tell that the connection is no more; the room minds only the first time."""
        # Who can't come back needs no seat kept.
        reason = None if self._speech.uses_json else self._gone
        self._premises.inbox.put(Gone(self.connection_id, reason, silent_s=self._silent_s))

    # The guest's own thread.

    def _run(self) -> None:
        try:
            self._await_first_byte()
            connection = self._premises.gate.secure(self._socket, self._admission.time_left_s())
            if not connection.encrypted:
                self.peer = replace(self.peer, encrypted=False)
                self._speech = DetectingCodec()
            self._connection = connection
            self._converse(connection)
        except PlaintextRefused:
            self._admission.tell_host("speaks without encryption")
        except RemoteProtocolError as error:
            self._admission.tell_host(str(error))
        except TimeoutError:
            self._admission.tell_host(SILENT)
        except ConnectionLost:
            pass  # They come and go; the host is told of members alone.
        except Exception:  # The edge of the thread: a fault here is ours.
            logger.exception("the thread of %s failed", self.peer)
        finally:
            self._clear_up()

    def _await_first_byte(self) -> None:
        if not wait_for(self._socket, self._admission.time_left_s(), reading=True):
            raise TimeoutError
        self._spoke = True

    def pause(self, seconds: float) -> bool:
        """Wait in the guest's own thread; true where it has to go meanwhile."""
        return self._ending.wait(seconds)

    def _clear_up(self) -> None:
        self._admission.end()
        if self._admission.asked_room:
            self._tell_room()
        if self._connection is not None:
            self._connection.close()
        else:
            self._socket.close()
        self._premises.guests.remove(self)

    def _converse(self, connection: Connection) -> None:
        while not self._ending.is_set():
            try:
                data = self._receive(connection)
            except TimeoutError:
                if self._admission.is_member:
                    self._silent_s = DEAD_AFTER_S
                    raise
                self._admission.too_late()
                break
            if not data:
                self._take(self._speech.on_eof())
                self._gone = "left"
                break
            self._take(self._speech.decode(data), len(data))
            if fault := self._speech.error:
                self._send_away(str(fault), fault.hint)
        if self._ending.is_set():
            connection.linger(LAST_WORDS_S)

    def _receive(self, connection: Connection) -> bytes:
        """Wait for the next bytes; a member that only listens is asked before it is held for dead."""
        if self._speech.has_pending_message:
            with contextlib.suppress(TimeoutError):
                return connection.receive(PAUSE_S)
            self._take(self._speech.on_pause())
        if self._ending.is_set():
            return b""
        if not self._admission.is_member:
            return connection.receive(self._admission.time_left_s())
        if not self._speech.uses_json:
            return self._listen(connection)
        ask_after_s = min(ASK_MEMBER_AFTER_S, DEAD_AFTER_S)
        try:
            return connection.receive(ask_after_s)
        except TimeoutError:
            self.send(_PING)
        return connection.receive(DEAD_AFTER_S - ask_after_s)

    def _listen(self, connection: Connection) -> bytes:
        """Wait for bytes of a member that can't be asked whether it is there: TCP asks instead."""
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                return connection.receive(DEAD_AFTER_S)
        return b""

    def _send_away(self, reason: str, hint: str) -> None:
        if self.ending:
            return
        if self._admission.is_member:
            self.finish(encode(Closed(error_codes.PROTOCOL, reason, hint)))
        else:
            self._admission.refuse(reason, hint)

    def _take(self, frames: Sequence[ClientFrame | Problem], size: int = 0) -> None:
        if self._admission.is_member and {*map(type, frames)} <= {Say}:
            self._turns.ask(frames, size)  # type: ignore[arg-type] # the line above has looked
            return
        for_room: list[RoomFrame] = []
        for frame in frames:
            if not self._admission.is_member and self._admission.tries_too_much():
                return
            problem = (
                frame
                if isinstance(frame, Problem)
                else unexpected_frame_problem(frame, self._admission.phase)
            )
            if problem is not None:
                self._reply(encode(problem))
            elif isinstance(frame, (Join, Proof, Look, Leave, Ping, Pong)):
                # What was said before a goodbye is heard before it.
                self._turns.ask(for_room, size)
                for_room = []
                self._answer(frame)
            else:
                for_room.append(frame)  # type: ignore[arg-type] # all other kinds are for the room
            if self._ending.is_set():
                return
        self._turns.ask(for_room, size)

    def _answer(self, frame: Join | Proof | Look | Leave | Ping | Pong) -> None:
        if isinstance(frame, Ping):
            self._reply(_PONG)
        elif isinstance(frame, Leave):
            self._leave()
        elif not isinstance(frame, Pong):
            self._admission.hear(frame)

    def _reply(self, data: bytes) -> None:
        """Answer, no faster than anybody needs to be answered: meanwhile nothing is read."""
        while not self._answers.take(1) and not self._ending.is_set():
            self._ending.wait(self._answers.wait_s())
        self.send(data)

    def _leave(self) -> None:
        if self._admission.is_member:
            self._premises.inbox.put(Gone(self.connection_id, "left"))
        else:
            self.finish(b"")
        self._admission.phase = ConnectionState.ENDED
        self._ending.set()
