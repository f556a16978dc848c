"""One connection: a socket, its channel (TLS or not), and the outbox of what the socket did not take."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from messango.errors import ConnectionLost
from messango.transport.poll import wait_for

if TYPE_CHECKING:
    from messango.transport.tls import Channel
    from messango.transport.writer import Flusher

#: Holds the largest history that a joiner is given at once (200 messages of 32 KB) and some seconds of
#: a busy room; more than that unread means a peer that has fallen behind.
OUTBOX_BYTES: Final = 8 * 1024 * 1024

#: One read: four TLS records, or about five hundred short messages.
_READ_BYTES: Final = 65_536


class OutboxFull(Exception):
    """The peer reads more slowly than it is sent to."""


class Connection:
    """A peer that any thread may send to and one thread, the owner, receives from and closes.

    Two locks, always taken in this order: `_wire` keeps what goes to the socket in the order in which
    it was encrypted, and guards the outbox; `_inside` lets one thread at a time into the channel.
    Neither is held while anything waits: the socket never blocks.
    """

    def __init__(self, sock: socket.socket, channel: Channel, flusher: Flusher | None = None) -> None:
        sock.setblocking(False)
        self.fingerprint: str | None = None
        self.encrypted = channel.encrypted
        self._socket = sock
        self._channel = channel
        self._flusher = flusher
        self._inside = threading.Lock()
        self._wire = threading.Lock()
        self._outbox: deque[memoryview] = deque()
        self._waiting_bytes = 0
        self._when_sent: Callable[[], None] | None = None
        self._watched = False
        self._finishing = False
        self._closed = False

    # For the owner.

    def shake_hands(self, timeout_s: float) -> None:
        """Make the connection secure; raises `TimeoutError`, `ConnectionLost`, `RemoteProtocolError`."""
        deadline = time.monotonic() + timeout_s
        left_s = max(0.0, timeout_s)
        while not self._shake_on():
            if not self._take_in(left_s):
                raise ConnectionLost("The other side hung up at once.", "Is it a Messango room?")
            left_s = deadline - time.monotonic()
        with self._inside:
            self.fingerprint = self._channel.peer_fingerprint()

    def _shake_on(self) -> bool:
        try:
            with self._inside:
                return self._channel.shake_hands()
        finally:
            # Where the handshake fails, this is the alert that tells the peer why.
            self._pass_on()

    def receive(self, timeout_s: float) -> bytes:
        """Return what the peer has said, nothing at its end; raises `TimeoutError`, `ConnectionLost`."""
        deadline = time.monotonic() + timeout_s
        left_s = max(0.0, timeout_s)  # What is there already is heard in any case.
        while True:
            with self._inside:
                data, ended = self._channel.read(), self._channel.ended
            if data or ended or not self._take_in(left_s):
                return data
            left_s = deadline - time.monotonic()

    def _take_in(self, left_s: float) -> bool:
        """Feed the channel what the socket has; false at the end of the stream."""
        if left_s < 0:
            # A peer that trickles bytes which say nothing does not move the deadline.
            raise TimeoutError
        wire = self._receive_raw(left_s)
        with self._inside:
            self._channel.feed(wire)
        if self.encrypted:
            # Reading makes TLS write too: session tickets, key updates.
            self._pass_on()
        return bool(wire)

    def _receive_raw(self, timeout_s: float) -> bytes:
        while True:
            # Under load there is something at once, and asking first would double the system calls.
            try:
                return self._socket.recv(_READ_BYTES)
            except BlockingIOError:
                pass
            except OSError as error:
                raise _lost(error) from error
            if not wait_for(self._socket, timeout_s, reading=True):
                raise TimeoutError

    def close(self) -> None:
        """End it at once. Twice is harmless; nothing is received or sent afterwards."""
        with self._wire:
            if self._closed:
                return
            self._shut(socket.SHUT_RDWR)
            self._closed = True
            self._outbox.clear()
            # What the flusher's selector holds, the flusher closes: else the number may be another's by then.
            if not (self._watched and self._hand_over()):
                self._socket.close()

    def linger(self, timeout_s: float) -> None:
        """Read and drop until the peer ends: closing on unread bytes would reset, and lose our last words."""
        deadline = time.monotonic() + timeout_s
        with contextlib.suppress(TimeoutError, ConnectionLost):
            while (left := deadline - time.monotonic()) > 0 and self._receive_raw(left):
                pass

    # For any thread.

    def send(self, data: bytes) -> None:
        """Send, or keep for the flusher what the socket does not take; never waits.

        Raises `OutboxFull` where too much is kept already, and `ConnectionLost`.
        """
        with self._wire:
            if self._closed or self._finishing:
                raise ConnectionLost("The connection has ended.", "It is made anew.")
            if self._waiting_bytes > OUTBOX_BYTES:
                raise OutboxFull
            self._say(data)

    def finish(self, last_words: bytes = b"") -> None:
        """Say the last words, even to a full outbox, and then that nothing follows."""
        with self._wire, contextlib.suppress(ConnectionLost):
            if self._closed or self._finishing:
                return
            self._finishing = True
            if last_words:
                self._say(last_words)
            with self._inside:
                self._channel.end()
            self._say_what_channel_has()
            if not self._outbox:
                self._shut(socket.SHUT_WR)

    def abort(self) -> None:
        """Break it off; wakes the owner, who closes it."""
        with self._wire:
            if not self._closed:
                self._shut(socket.SHUT_RDWR)

    def fileno(self) -> int:
        """Return the socket's descriptor, for the flusher's selector."""
        return self._socket.fileno()

    def when_sent(self, call: Callable[[], None]) -> None:
        """Call once, here or in the flusher's thread, when nothing waits any more or it broke."""
        with self._wire:
            if self._outbox:
                self._when_sent = call
                return
        call()

    def flush(self) -> bool:
        """Send what waits, as far as the socket takes it; true when nothing is left. For the flusher."""
        if not self._flush_outbox():
            return False
        with self._wire:
            call, self._when_sent = self._when_sent, None
        if call is not None:
            call()
        return True

    def _flush_outbox(self) -> bool:
        with self._wire:
            if not self._closed:
                with contextlib.suppress(ConnectionLost):
                    self._send_waiting()
                    if self._outbox:
                        return False
            self._watched = False
            if self._closed:
                self._socket.close()
            elif self._finishing:
                self._shut(socket.SHUT_WR)
            return True

    # With `_wire` held.

    def _say(self, data: bytes) -> None:
        size = self._channel.piece_bytes
        for start in range(0, len(data), size):
            with self._inside:
                wire = self._channel.seal(data[start : start + size])
            self._transmit(wire)

    def _say_what_channel_has(self) -> None:
        with self._inside:
            wire = self._channel.take()
        if wire:
            self._transmit(wire)

    def _transmit(self, wire: bytes) -> None:
        if self._outbox and not self._watched:
            self._send_waiting()
        sent = 0 if self._outbox else self._send_raw(wire)
        if sent == len(wire):
            return
        self._outbox.append(memoryview(wire)[sent:])
        self._waiting_bytes += len(wire) - sent
        if not self._watched:
            self._watched = self._hand_over()

    def _send_waiting(self) -> None:
        while self._outbox:
            piece = self._outbox[0]
            sent = self._send_raw(piece)
            self._waiting_bytes -= sent
            if sent < len(piece):
                self._outbox[0] = piece[sent:]
                return
            self._outbox.popleft()

    def _send_raw(self, wire: bytes | memoryview) -> int:
        """Return how much of it the socket took."""
        try:
            return self._socket.send(wire)
        except BlockingIOError:
            return 0
        except OSError as error:
            self._outbox.clear()
            self._waiting_bytes = 0
            raise _lost(error) from error

    def _hand_over(self) -> bool:
        return self._flusher is not None and self._flusher.watch(self)

    def _shut(self, how: int) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(how)

    # With neither lock held.

    def _pass_on(self) -> None:
        """Send what the channel itself has to say; a failure shows when the owner next receives.

        Who has TLS answer and answer (it may ask for new keys without end) and reads nothing is broken off.
        """
        with self._wire, contextlib.suppress(ConnectionLost):
            if self._closed:
                return
            waited_bytes = self._waiting_bytes
            self._say_what_channel_has()
            if self._waiting_bytes > max(waited_bytes, OUTBOX_BYTES):
                self._shut(socket.SHUT_RDWR)


def _lost(error: OSError) -> ConnectionLost:
    return ConnectionLost(
        f"The connection broke ({error.strerror or error}).", "Check the network of both machines."
    )
