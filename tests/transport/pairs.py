"""Pairs of connections, and sockets that behave badly on demand."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

from messango.errors import MessangoError
from messango.transport.accept import Acceptor
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.identity.certificate import client_context, load_or_create_certificate
from messango.transport.tls import PlainRecordLayer, RecordLayer, TlsRecordLayer
from messango.transport.writer import WriterThread
from tests.support.certificates import use_test_certificate

T = TypeVar("T")

#: Far more than anything takes; only a failing test waits this long.
TIMEOUT_S: Final = 60.0


class OneByteSocket(socket.socket):
    """Sends and receives one byte at a time."""

    def send(self, data: Any, flags: int = 0) -> int:
        return super().send(data[:1], flags)

    def recv(self, _size: int, flags: int = 0) -> bytes:
        return super().recv(1, flags)


class FlakySocket(socket.socket):
    """Blocks every other time, and takes little at once."""

    _blocks = False

    def send(self, data: Any, flags: int = 0) -> int:
        self._maybe_block()
        return super().send(data[:1000], flags)

    def recv(self, size: int, flags: int = 0) -> bytes:
        self._maybe_block()
        return super().recv(size, flags)

    def _maybe_block(self) -> None:
        self._blocks = not self._blocks
        if self._blocks:
            raise BlockingIOError


class TamperingSocket(socket.socket):
    """Changes the last byte of a read once `is_tampering` is set."""

    is_tampering = False

    def recv(self, size: int, flags: int = 0) -> bytes:
        data = super().recv(size, flags)
        return data[:-1] + bytes([data[-1] ^ 1]) if data and self.is_tampering else data


class TruncatingSocket(socket.socket):
    """Drops the last bytes of a write and ends the stream, once `truncates` is set."""

    truncates = False

    def send(self, data: Any, flags: int = 0) -> int:
        if not self.truncates:
            return super().send(data, flags)
        super().send(data[:-3], flags)
        self.shutdown(socket.SHUT_RDWR)
        return len(data)


class ExclusiveRecordLayer(PlainRecordLayer):
    """Detects two threads inside at the same time, and gives them the opportunity."""

    def __init__(self) -> None:
        super().__init__()
        self.concurrent_use = False
        self._in_use = threading.Lock()
        self._never = threading.Event()

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        if not self._in_use.acquire(blocking=False):
            self.concurrent_use = True
            yield
            return
        try:
            self._never.wait(0.0001)
            yield
        finally:
            self._in_use.release()

    def feed(self, wire: bytes) -> None:
        with self._exclusive():
            super().feed(wire)

    def read(self) -> bytes:
        with self._exclusive():
            return super().read()

    def encrypt(self, data: bytes) -> bytes:
        with self._exclusive():
            return super().encrypt(data)

    def pending_output(self) -> bytes:
        with self._exclusive():
            return super().pending_output()

    def close_notify(self) -> None:
        with self._exclusive():
            super().close_notify()


def with_class(sock: socket.socket, kind: type[socket.socket]) -> socket.socket:
    """Return the same socket as one of another class."""
    return kind(fileno=sock.detach())


def record_layers(*, tls: bool) -> tuple[RecordLayer, RecordLayer]:
    """Return a client's record layer and a server's."""
    if not tls:
        return PlainRecordLayer(), PlainRecordLayer()
    server = TlsRecordLayer(load_or_create_certificate().context, server_side=True)
    return TlsRecordLayer(client_context(), server_side=False), server


def handshake_both(client: Connection, server: Connection) -> None:
    """Do the handshake of both ends in this thread, turn by turn."""
    pending = [client, server]
    deadline = time.monotonic() + TIMEOUT_S
    while pending and time.monotonic() < deadline:
        for side in [*pending]:
            with contextlib.suppress(TimeoutError):
                side.do_handshake(0.0)
                pending.remove(side)
    assert not pending, "the handshake came to no end"


@contextlib.contextmanager
def connected_pair(
    writer: WriterThread, *, tls: bool, kind: type[socket.socket] = socket.socket
) -> Iterator[tuple[Connection, Connection]]:
    """Yield two connections after their handshake; the first is the client's, on a socket of that class."""
    ours, theirs = socket.socketpair()
    client_layer, server_layer = record_layers(tls=tls)
    client = Connection(with_class(ours, kind), client_layer, writer)
    server = Connection(theirs, server_layer, writer)
    try:
        handshake_both(client, server)
        yield client, server
    finally:
        client.close()
        server.close()


@contextlib.contextmanager
def connection_and_socket(*, tls: bool, server_side: bool) -> Iterator[tuple[Connection, socket.socket]]:
    """Yield a connection and the raw socket at its other end."""
    ours, theirs = socket.socketpair()
    connection = Connection(ours, record_layers(tls=tls)[server_side])
    try:
        with theirs:
            theirs.settimeout(TIMEOUT_S)
            yield connection, theirs
    finally:
        connection.close()


@contextlib.contextmanager
def in_thread(action: Callable[[], T]) -> Iterator[Future[T]]:
    """Run `action` in another thread, which has ended when the block ends."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(action)


def receive_bytes(connection: Connection, count: int) -> bytes:
    """Receive this many bytes, or fewer if the stream ends before."""
    received = bytearray()
    while len(received) < count and (data := connection.receive(TIMEOUT_S)):
        received += data
    return bytes(received)


def receive_all(connection: Connection) -> bytes:
    """Receive until the end of the stream."""
    return receive_bytes(connection, 1 << 60)


def wait_until(condition: Callable[[], bool]) -> bool:
    """Wait until the condition holds."""
    pause = threading.Event()
    deadline = time.monotonic() + TIMEOUT_S
    while not condition() and time.monotonic() < deadline:
        pause.wait(0.005)
    return condition()


@contextlib.contextmanager
def listen_on_loopback() -> Iterator[tuple[socket.socket, Address]]:
    """Listen on loopback; clients get no answer unless the test accepts them."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, Address("127.0.0.1", listener.getsockname()[1])


@contextlib.contextmanager
def accept_in_thread(handle: Callable[[socket.socket], None]) -> Iterator[Address]:
    """Accept on loopback in a thread, and pass each socket to `handle`."""
    stopping = threading.Event()

    def serve(listener: socket.socket) -> None:
        while True:
            sock, _ = listener.accept()
            with sock:
                if stopping.is_set():
                    return
                sock.settimeout(TIMEOUT_S)
                with contextlib.suppress(OSError):
                    handle(sock)

    with listen_on_loopback() as (listener, address), in_thread(lambda: serve(listener)) as served:
        try:
            yield address
        finally:
            stopping.set()
            socket.create_connection((address.host, address.port)).close()
            served.result(TIMEOUT_S)


@contextlib.contextmanager
def serve_connections(handle: Callable[[Connection], None], writer: WriterThread) -> Iterator[Address]:
    """Serve as a room does: each connection is wrapped, passed to `handle`, and closed."""
    use_test_certificate()
    acceptor = Acceptor(load_or_create_certificate(), writer, allow_plaintext=False)

    def answer(sock: socket.socket) -> None:
        with contextlib.suppress(MessangoError, TimeoutError):
            connection = acceptor.wrap(sock, TIMEOUT_S)
            try:
                handle(connection)
            finally:
                connection.close()

    with accept_in_thread(answer) as address:
        yield address


def old_client_context() -> ssl.SSLContext:
    """Return the context of a client with TLS 1.2 at most."""
    context = client_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context
