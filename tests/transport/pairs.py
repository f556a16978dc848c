"""Two ends that talk to each other, over sockets that are unkind on demand."""

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
from messango.transport.accept import Gate
from messango.transport.addresses import Address
from messango.transport.certificate import client_context, own_certificate
from messango.transport.connection import Connection
from messango.transport.tls import Channel, PlainChannel, TlsChannel
from messango.transport.writer import Flusher

T = TypeVar("T")

#: Far more than anything takes; only a failing test waits so long.
PATIENCE_S: Final = 60.0


class CuttingSocket(socket.socket):
    """Takes and gives one byte at a time."""

    def send(self, data: Any, flags: int = 0) -> int:
        return super().send(data[:1], flags)

    def recv(self, _size: int, flags: int = 0) -> bytes:
        return super().recv(1, flags)


class FitfulSocket(socket.socket):
    """Would block every other time, and takes little at once."""

    _balks = False

    def send(self, data: Any, flags: int = 0) -> int:
        self._balk()
        return super().send(data[:1000], flags)

    def recv(self, size: int, flags: int = 0) -> bytes:
        self._balk()
        return super().recv(size, flags)

    def _balk(self) -> None:
        self._balks = not self._balks
        if self._balks:
            raise BlockingIOError


class TamperingSocket(socket.socket):
    """Changes the last byte of what it gives, once it was told to."""

    tampers = False

    def recv(self, size: int, flags: int = 0) -> bytes:
        data = super().recv(size, flags)
        return data[:-1] + bytes([data[-1] ^ 1]) if data and self.tampers else data


class FalteringSocket(socket.socket):
    """Swallows the last bytes of what it is given, and ends, once it was told to."""

    falters = False

    def send(self, data: Any, flags: int = 0) -> int:
        if not self.falters:
            return super().send(data, flags)
        super().send(data[:-3], flags)
        self.shutdown(socket.SHUT_RDWR)
        return len(data)


class JealousChannel(PlainChannel):
    """Notices when two threads are inside at the same time, and gives them the occasion."""

    def __init__(self) -> None:
        super().__init__()
        self.crowded = False
        self._alone = threading.Lock()
        self._never = threading.Event()

    @contextlib.contextmanager
    def _by_itself(self) -> Iterator[None]:
        if not self._alone.acquire(blocking=False):
            self.crowded = True
            yield
            return
        try:
            self._never.wait(0.0001)
            yield
        finally:
            self._alone.release()

    def feed(self, wire: bytes) -> None:
        with self._by_itself():
            super().feed(wire)

    def read(self) -> bytes:
        with self._by_itself():
            return super().read()

    def seal(self, data: bytes) -> bytes:
        with self._by_itself():
            return super().seal(data)

    def take(self) -> bytes:
        with self._by_itself():
            return super().take()

    def end(self) -> None:
        with self._by_itself():
            super().end()


def as_kind(sock: socket.socket, kind: type[socket.socket]) -> socket.socket:
    """Return the same socket as one of another class."""
    return kind(fileno=sock.detach())


def channels(*, tls: bool) -> tuple[Channel, Channel]:
    """Return a client's channel and a server's."""
    if not tls:
        return PlainChannel(), PlainChannel()
    server = TlsChannel(own_certificate().context, server_side=True)
    return TlsChannel(client_context(), server_side=False), server


def greet(client: Connection, server: Connection) -> None:
    """Shake hands, both ends in this thread, turn by turn."""
    pending = [client, server]
    deadline = time.monotonic() + PATIENCE_S
    while pending and time.monotonic() < deadline:
        for side in [*pending]:
            with contextlib.suppress(TimeoutError):
                side.shake_hands(0.0)
                pending.remove(side)
    assert not pending, "the handshake came to no end"


@contextlib.contextmanager
def pair(
    flusher: Flusher, *, tls: bool, kind: type[socket.socket] = socket.socket
) -> Iterator[tuple[Connection, Connection]]:
    """Yield two connections that have shaken hands; the first is the client's, on a socket of that kind."""
    ours, theirs = socket.socketpair()
    client_channel, server_channel = channels(tls=tls)
    client = Connection(as_kind(ours, kind), client_channel, flusher)
    server = Connection(theirs, server_channel, flusher)
    try:
        greet(client, server)
        yield client, server
    finally:
        client.close()
        server.close()


@contextlib.contextmanager
def half_a_pair(*, tls: bool, server_side: bool) -> Iterator[tuple[Connection, socket.socket]]:
    """Yield a connection and the raw socket at its other end."""
    ours, theirs = socket.socketpair()
    connection = Connection(ours, channels(tls=tls)[server_side])
    try:
        with theirs:
            theirs.settimeout(PATIENCE_S)
            yield connection, theirs
    finally:
        connection.close()


@contextlib.contextmanager
def aside(act: Callable[[], T]) -> Iterator[Future[T]]:
    """Run something in another thread, which has ended when this is left."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(act)


def hear(connection: Connection, count: int) -> bytes:
    """Receive so many bytes, or what comes before the end."""
    heard = bytearray()
    while len(heard) < count and (data := connection.receive(PATIENCE_S)):
        heard += data
    return bytes(heard)


def hear_all(connection: Connection) -> bytes:
    """Receive until the end."""
    return hear(connection, 1 << 60)


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait until something holds."""
    pause = threading.Event()
    deadline = time.monotonic() + PATIENCE_S
    while not holds() and time.monotonic() < deadline:
        pause.wait(0.005)
    return holds()


@contextlib.contextmanager
def listening() -> Iterator[tuple[socket.socket, Address]]:
    """Listen on loopback; whoever connects gets no answer unless somebody accepts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, Address("127.0.0.1", listener.getsockname()[1])


@contextlib.contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[Address]:
    """Accept on loopback, in a thread, and hand each socket over to be answered."""
    stopping = threading.Event()

    def serve(listener: socket.socket) -> None:
        while True:
            sock, _ = listener.accept()
            with sock:
                if stopping.is_set():
                    return
                sock.settimeout(PATIENCE_S)
                with contextlib.suppress(OSError):
                    answer(sock)

    with listening() as (listener, address), aside(lambda: serve(listener)) as served:
        try:
            yield address
        finally:
            stopping.set()
            socket.create_connection((address.host, address.port)).close()
            served.result(PATIENCE_S)


@contextlib.contextmanager
def talking(talk: Callable[[Connection], None], flusher: Flusher) -> Iterator[Address]:
    """Answer as a room does: each connection is secured, talked over, and closed."""
    gate = Gate(own_certificate(), flusher, allow_plaintext=False)

    def answer(sock: socket.socket) -> None:
        with contextlib.suppress(MessangoError, TimeoutError):
            connection = gate.secure(sock, PATIENCE_S)
            try:
                talk(connection)
            finally:
                connection.close()

    with answering(answer) as address:
        yield address


def old_client_context() -> ssl.SSLContext:
    """Return the context of a client that speaks TLS 1.2 at most."""
    context = client_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context
