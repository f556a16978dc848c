"""One client's thread: secures the connection, reads, checks, and puts what is asked into the inbox."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from messango.errors import ConnectionLost, PeerProblem
from messango.protocol import codes
from messango.protocol.frames import (
    ClientFrame,
    Closed,
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Problem,
    Refused,
    RoomFacts,
    RoomInfo,
    Say,
)
from messango.protocol.framing import client_frame_reader, encode
from messango.protocol.limits import DEAD_AFTER_S, JOIN_DEADLINE_S
from messango.protocol.phases import Phase, out_of_place
from messango.server.events import Connected, RefusedGuest, ServerEvent
from messango.server.guests import Guests
from messango.server.inbox import Asks, Gone, Inbox, RoomFrame, WantsIn
from messango.server.limits import (
    ASK_MEMBER_AFTER_S,
    BURST,
    LAST_WORDS_S,
    MAX_FRAMES_BEFORE_JOIN,
    TokenBucket,
)
from messango.transport.accept import Gate, PlaintextRefused
from messango.transport.connection import Connection, OutboxFull

logger = logging.getLogger(__name__)

_PING: Final = encode(Ping())
_PONG: Final = encode(Pong())
_TOO_SLOW: Final = encode(
    Closed(
        codes.TOO_SLOW, "You read more slowly than the room talks.", "Join again: you get what you missed."
    )
)
_TOO_LATE: Final = encode(
    Refused(codes.PROTOCOL, f"You have not joined within {JOIN_DEADLINE_S:.0f} seconds.", "Connect again.")
)


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


class Guest:
    """Owns its thread and its connection. `send`, `finish`, `decide` and `abort` are for any thread."""

    def __init__(self, link: int, sock: socket.socket, peer: Peer, premises: Premises) -> None:
        self.link = link
        self.peer = peer
        self._premises = premises
        self._socket = sock
        self._connection: Connection | None = None
        self._phase = Phase.STRANGER
        self._deadline_s = time.monotonic() + JOIN_DEADLINE_S
        self._frames_before_join = 0
        self._knocked = False
        self._silent_s = 0.0
        self._bucket = TokenBucket(premises.rate_limit, BURST)
        self._decided = threading.Event()
        self._admitted = False
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"messango-guest-{link}", daemon=True)

    # For any thread.

    def start(self) -> None:
        """Start the guest's thread."""
        self._thread.start()

    def join_thread(self, timeout_s: float) -> None:
        """Wait until the thread has ended, or the time is up."""
        self._thread.join(max(0.0, timeout_s))

    def decide(self, *, admitted: bool) -> None:
        """Tell a guest that waits what became of its `join`."""
        self._admitted = admitted
        self._decided.set()

    def send(self, data: bytes) -> bool:
        """Send without waiting; false where the guest has fallen behind and was sent away."""
        connection = self._connection
        if connection is None:
            return True
        try:
            connection.send(data)
        except OutboxFull:
            self.finish(_TOO_SLOW)
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
            self._connection.finish(last_words)

    def abort(self) -> None:
        """Break the connection off."""
        self._ending.set()
        if self._connection is not None:
            self._connection.abort()
        else:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    # The guest's own thread.

    def _run(self) -> None:
        try:
            self._connection = self._premises.gate.secure(self._socket, self._time_left_s())
            self._converse(self._connection)
        except PlaintextRefused:
            self._tell_refusal("speaks without encryption")
        except PeerProblem as error:
            self._tell_refusal(str(error))
        except TimeoutError:
            self._tell_refusal("was silent for too long")
        except ConnectionLost:
            pass  # They come and go; the host is told of members alone.
        except Exception:  # The edge of the thread: a fault here is ours.
            logger.exception("the thread of %s failed", self.peer)
        finally:
            self._clear_up()

    def _clear_up(self) -> None:
        if self._knocked:
            self._premises.inbox.put(Gone(self.link, silent_s=self._silent_s))
        if self._connection is not None:
            self._connection.close()
        else:
            self._socket.close()
        self._premises.guests.remove(self)

    def _tell_refusal(self, reason: str) -> None:
        if self._phase is not Phase.MEMBER and not self._ending.is_set():
            self._premises.tell_host(RefusedGuest(str(self.peer), "", reason))

    def _time_left_s(self) -> float:
        return self._deadline_s - time.monotonic()

    def _converse(self, connection: Connection) -> None:
        reader = client_frame_reader()
        while not self._ending.is_set():
            try:
                data = self._receive(connection)
            except TimeoutError:
                if self._phase is Phase.MEMBER:
                    self._silent_s = DEAD_AFTER_S
                    raise
                self._tell_refusal("was silent for too long")
                self.finish(_TOO_LATE)
                break
            if not data:
                break
            self._take(reader.receive(data))
            if reader.fault is not None:
                self._send_away(str(reader.fault), reader.fault.hint)
        if self._ending.is_set():
            connection.linger(LAST_WORDS_S)

    def _receive(self, connection: Connection) -> bytes:
        """Wait for the next bytes; a member that only listens is asked before it is held for dead."""
        if self._phase is not Phase.MEMBER:
            return connection.receive(self._time_left_s())
        ask_after_s = min(ASK_MEMBER_AFTER_S, DEAD_AFTER_S)
        try:
            return connection.receive(ask_after_s)
        except TimeoutError:
            self.send(_PING)
        return connection.receive(DEAD_AFTER_S - ask_after_s)

    def _send_away(self, reason: str, hint: str) -> None:
        if self._ending.is_set():
            return
        self._tell_refusal(reason)
        frame = Closed if self._phase is Phase.MEMBER else Refused
        self.finish(encode(frame(codes.PROTOCOL, reason, hint)))

    def _take(self, frames: Sequence[ClientFrame | Problem]) -> None:
        if self._phase is Phase.MEMBER and {*map(type, frames)} <= {Say}:
            self._ask(frames)  # type: ignore[arg-type] # the line above has looked
            return
        for_room: list[RoomFrame] = []
        for frame in frames:
            if self._phase is not Phase.MEMBER and self._tries_too_much():
                return
            problem = frame if isinstance(frame, Problem) else out_of_place(frame, self._phase)
            if problem is not None:
                self.send(encode(problem))
            elif isinstance(frame, (Join, Look, Leave, Ping, Pong)):
                # What was said before a goodbye is heard before it.
                self._ask(for_room)
                for_room = []
                self._answer(frame)
            else:
                for_room.append(frame)  # type: ignore[arg-type] # all other kinds are for the room
            if self._ending.is_set():
                return
        self._ask(for_room)

    def _tries_too_much(self) -> bool:
        self._frames_before_join += 1
        if self._frames_before_join <= MAX_FRAMES_BEFORE_JOIN:
            return False
        self._send_away("You said too much before you joined.", "Send 'join' first.")
        return True

    def _answer(self, frame: Join | Look | Leave | Ping | Pong) -> None:
        if isinstance(frame, Ping):
            self.send(_PONG)
        elif isinstance(frame, Join):
            self._join(frame)
        elif isinstance(frame, Look):
            self._phase = Phase.ENDED
            self.finish(encode(RoomInfo(**msgspec.structs.asdict(self._premises.facts()))))
        elif isinstance(frame, Leave):
            self._leave()

    def _join(self, join: Join) -> None:
        if join.protocol < 1:
            self._send_away("There is no protocol below 1.", "Update your Messango.")
            return
        self._premises.tell_host(Connected(str(self.peer), join.name))
        self._premises.inbox.put(WantsIn(self.link, join))
        self._knocked = True
        # The room decides in its own thread; what follows in the same read may need a member.
        self._decided.wait(self._time_left_s())
        if self._admitted:
            self._phase = Phase.MEMBER
            self._premises.guests.settle(self)

    def _leave(self) -> None:
        if self._phase is Phase.MEMBER:
            self._premises.inbox.put(Gone(self.link, "left"))
        else:
            self.finish(b"")
        self._phase = Phase.ENDED
        self._ending.set()

    def _ask(self, frames: Sequence[RoomFrame]) -> None:
        """Put frames into the inbox, no faster than the rate limit allows: meanwhile nothing is read."""
        done = 0
        while done < len(frames) and not self._ending.is_set():
            granted = self._bucket.take(len(frames) - done)
            if granted:
                self._premises.inbox.put(Asks(self.link, frames[done : done + granted]))
                done += granted
            if done < len(frames):
                self._ending.wait(self._bucket.wait_s())
