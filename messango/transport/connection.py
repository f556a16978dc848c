"""One connection: a socket, its record layer (TLS or plain), and an outbox of bytes not yet sent."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from messango.errors import ConnectionLost
from messango.transport.poll import wait_ready
from messango.transport.send_buffer import SendBuffer
from messango.transport.tls import RecordLayer
from messango.transport.writer import WriterThread

#: Holds the largest history that a new member gets at once (200 messages of 32 KB) and some seconds of a
#: busy room. A peer with more than that unread has fallen behind.
OUTBOX_BYTES: Final = 8 * 1024 * 1024

#: Size of one read: four TLS records, or about five hundred short messages.
_READ_BYTES: Final = 65_536


class OutboxFull(Exception):
    """The peer reads more slowly than we send."""


class Connection:
    """A connection that any thread may send on; one thread at a time receives, and the owner closes.

    Two locks, always taken in this order: `_send_lock` sends bytes in the order in which they were
    encrypted, and guards the outbox; `_tls_lock` admits one thread at a time to the record layer.
    Neither is held while a thread waits: the socket never blocks.
    """

    def __init__(
        self, sock: socket.socket, record_layer: RecordLayer, writer: WriterThread | None = None
    ) -> None:
        sock.setblocking(False)
        self.fingerprint: str | None = None
        #: The protocol that both ends agreed on by ALPN; None for frames.
        self.alpn_protocol: str | None = None
        self.encrypted = record_layer.encrypted
        self._socket = sock
        self._record_layer = record_layer
        self._writer = writer
        self._tls_lock = threading.Lock()
        self._send_lock = threading.Lock()
        self._outbox: deque[memoryview] = deque()
        self._outbox_bytes = 0
        self._flush_callback: Callable[[], None] | None = None
        self._send_buffer: SendBuffer | None = None
        self._writer_owns = False
        self._shutting_down = False
        self._closed = False

    # For the owner.

    def do_handshake(self, timeout_s: float) -> None:
        """Do the TLS handshake; raises `TimeoutError`, `ConnectionLost` or `RemoteProtocolError`."""
        deadline = time.monotonic() + timeout_s
        left_s = max(0.0, timeout_s)
        while not self._advance_handshake():
            if not self._read_more(left_s):
                raise ConnectionLost(
                    "The other side closed the connection at once.", "Is it a Messango room?"
                )
            left_s = deadline - time.monotonic()
        with self._tls_lock:
            self.fingerprint = self._record_layer.peer_fingerprint()
            self.alpn_protocol = self._record_layer.alpn_protocol()

    def _advance_handshake(self) -> bool:
        try:
            with self._tls_lock:
                return self._record_layer.do_handshake()
        finally:
            # If the handshake failed, this sends the alert with the reason.
            self._flush_tls_output()

    def receive(self, timeout_s: float) -> bytes:
        """Return the bytes received, or none at the end; raises `TimeoutError` or `ConnectionLost`."""
        deadline = time.monotonic() + timeout_s
        left_s = max(0.0, timeout_s)  # Bytes that have already arrived are read in any case.
        while True:
            with self._tls_lock:
                data, ended = self._record_layer.read(), self._record_layer.eof_received
            if data or ended or not self._read_more(left_s):
                return data
            left_s = deadline - time.monotonic()

    def _read_more(self, left_s: float) -> bool:
        """Read from the socket into the record layer; false at the end of the stream."""
        if left_s < 0:
            # A peer that sends incomplete records byte by byte does not move the deadline.
            raise TimeoutError
        wire = self._read_socket(left_s)
        with self._tls_lock:
            self._record_layer.feed(wire)
        if self.encrypted:
            # Reading can make TLS write: session tickets, key updates.
            self._flush_tls_output()
        return bool(wire)

    def _read_socket(self, timeout_s: float) -> bytes:
        while True:
            # Under load there are bytes at once, and polling first would double the system calls.
            try:
                return self._socket.recv(_READ_BYTES)
            except BlockingIOError:
                pass
            except OSError as error:
                raise _connection_lost(error) from error
            if not wait_ready(self._socket, timeout_s, reading=True):
                raise TimeoutError

    @property
    def first_bytes(self) -> bytes:
        """What the peer sent first: it tells which protocol it speaks if the handshake fails."""
        return self._record_layer.first_bytes

    def peer_certificate(self) -> bytes | None:
        """Return the peer's certificate (DER) after the handshake, or None if it sent none."""
        with self._tls_lock:
            return self._record_layer.peer_certificate()

    @property
    def eof_received(self) -> bool:
        """Whether the peer has said, by TLS, that nothing follows; the socket may not show it."""
        return self._record_layer.eof_received

    def receive_now(self) -> bytes | None:
        """Return what has come, nothing at the end of the stream, None if there is nothing yet.

        Never waits; raises `ConnectionLost`.
        """
        try:
            wire = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return None
        except OSError as error:
            raise _connection_lost(error) from error
        if not self.encrypted:
            return wire
        with self._tls_lock:
            self._record_layer.feed(wire)
            data, ended = self._record_layer.read(), self._record_layer.eof_received
            has_output = self._record_layer.has_output
        if has_output:
            self._flush_tls_output()
        return data if data or ended or not wire else None

    def send_all(self, data: bytes, timeout_s: float) -> None:
        """Send, and wait until the system has taken everything: for much data, sent by one thread only.

        On a slow network the system takes little ahead, so that other connections stay quick.

        Raises `TimeoutError` if the peer takes nothing for `timeout_s`; the rest stays, and the next call
        sends it first. Raises `ConnectionLost`.
        """
        self._send_buffer = self._send_buffer or SendBuffer(self._socket)
        with self._send_lock:
            self._require_open()
            size = self._record_layer.max_chunk_bytes
            for start in range(0, len(data), size):
                with self._tls_lock:
                    wire = self._record_layer.encrypt(data[start : start + size])
                self._outbox.append(memoryview(wire))
                self._outbox_bytes += len(wire)
        while self._has_outbox_after_sending(self._send_buffer):
            if not wait_ready(self._socket, timeout_s, reading=False):
                raise TimeoutError

    @property
    def unsent_bytes(self) -> int:
        """How many bytes wait for the system to take them."""
        return self._outbox_bytes

    def _has_outbox_after_sending(self, send_buffer: SendBuffer) -> bool:
        with self._send_lock:
            self._require_open()
            self._send_outbox()
            send_buffer.adjust()
            return bool(self._outbox)

    def close(self) -> None:
        """End the connection at once. Calling it twice is harmless."""
        with self._send_lock:
            if self._closed:
                return
            self._shutdown_socket(socket.SHUT_RDWR)
            self._closed = True
            self._outbox.clear()
            # The writer closes what is in its selector: if we did, another socket could get the descriptor.
            if not (self._writer_owns and self._give_to_writer()):
                self._socket.close()

    def linger(self, timeout_s: float, on_dropped: Callable[[int], None] = lambda _size: None) -> None:
        """Read and drop bytes until the peer closes, at most this long; `on_dropped` may wait each time.

        Closing a socket with unread bytes sends a reset, and the peer would lose our last message.
        """
        deadline = time.monotonic() + timeout_s
        with contextlib.suppress(TimeoutError, ConnectionLost):
            while (left := deadline - time.monotonic()) > 0 and (wire := self._read_socket(left)):
                on_dropped(len(wire))

    # For any thread.

    def send(self, data: bytes) -> None:
        """Send, and leave what the socket does not take to the writer; never waits.

        Raises `OutboxFull` if the outbox holds too much already, and `ConnectionLost`.
        """
        with self._send_lock:
            self._require_open()
            if self._outbox_bytes > OUTBOX_BYTES:
                raise OutboxFull
            self._encrypt_and_send(data)

    def shutdown(self, final_data: bytes = b"") -> None:
        """Send `final_data`, even if the outbox is full, and then the end of the stream."""
        with self._send_lock, contextlib.suppress(ConnectionLost):
            if self._closed or self._shutting_down:
                return
            self._shutting_down = True
            if final_data:
                self._encrypt_and_send(final_data)
            with self._tls_lock:
                self._record_layer.close_notify()
            self._send_tls_output()
            if not self._outbox:
                self._shutdown_socket(socket.SHUT_WR)

    def abort(self) -> None:
        """Shut the socket down; this wakes the owner, who closes the connection."""
        with self._send_lock:
            if not self._closed:
                self._shutdown_socket(socket.SHUT_RDWR)

    def fileno(self) -> int:
        """Return the socket's descriptor, for the writer's selector."""
        return self._socket.fileno()

    def call_when_flushed(self, callback: Callable[[], None]) -> None:
        """Call `callback` once, here or in the writer's thread, when the outbox is empty or it broke."""
        with self._send_lock:
            if self._outbox:
                self._flush_callback = callback
                return
        callback()

    def flush(self) -> bool:
        """Send what the socket takes of the outbox; true when nothing is left. For the writer."""
        if not self._flush_outbox():
            return False
        with self._send_lock:
            callback, self._flush_callback = self._flush_callback, None
        if callback is not None:
            callback()
        return True

    def _flush_outbox(self) -> bool:
        with self._send_lock:
            if not self._closed:
                with contextlib.suppress(ConnectionLost):
                    self._send_outbox()
                    if self._outbox:
                        return False
            self._writer_owns = False
            if self._closed:
                self._socket.close()
            elif self._shutting_down:
                self._shutdown_socket(socket.SHUT_WR)
            return True

    # With `_send_lock` held.

    def _require_open(self) -> None:
        if self._closed or self._shutting_down:
            raise ConnectionLost("The connection has ended.", "Reconnecting…")

    def _encrypt_and_send(self, data: bytes) -> None:
        size = self._record_layer.max_chunk_bytes
        for start in range(0, len(data), size):
            chunk = data if len(data) <= size else data[start : start + size]
            with self._tls_lock:
                wire = self._record_layer.encrypt(chunk)
            self._send_or_queue(wire)

    def _send_tls_output(self) -> None:
        with self._tls_lock:
            wire = self._record_layer.pending_output()
        if wire:
            self._send_or_queue(wire)

    def _send_or_queue(self, wire: bytes) -> None:
        if self._outbox and not self._writer_owns:
            self._send_outbox()
        sent = 0 if self._outbox else self._write_socket(wire)
        if sent == len(wire):
            return
        self._outbox.append(memoryview(wire)[sent:])
        self._outbox_bytes += len(wire) - sent
        if not self._writer_owns:
            self._writer_owns = self._give_to_writer()

    def _send_outbox(self) -> None:
        while self._outbox:
            chunk = self._outbox[0]
            sent = self._write_socket(chunk)
            self._outbox_bytes -= sent
            if sent < len(chunk):
                self._outbox[0] = chunk[sent:]
                return
            self._outbox.popleft()

    def _write_socket(self, wire: bytes | memoryview) -> int:
        """Return how many bytes the socket took."""
        try:
            return self._socket.send(wire)
        except BlockingIOError:
            return 0
        except OSError as error:
            self._outbox.clear()
            self._outbox_bytes = 0
            raise _connection_lost(error) from error

    def _give_to_writer(self) -> bool:
        return self._writer is not None and self._writer.watch(self)

    def _shutdown_socket(self, how: int) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(how)

    # With neither lock held.

    def _flush_tls_output(self) -> None:
        """Send TLS's own records; a failure shows when the owner next receives.

        A peer that makes TLS answer without end (by key updates) and reads nothing is disconnected.
        """
        with self._send_lock, contextlib.suppress(ConnectionLost):
            if self._closed:
                return
            outbox_bytes = self._outbox_bytes
            self._send_tls_output()
            if self._outbox_bytes > max(outbox_bytes, OUTBOX_BYTES):
                self._shutdown_socket(socket.SHUT_RDWR)


def _connection_lost(error: OSError) -> ConnectionLost:
    return ConnectionLost(
        f"The connection broke ({error.strerror or error}).", "Check the network on both machines."
    )
