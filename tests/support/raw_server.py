"""A room that sends exactly the frames of a test to real clients."""

from __future__ import annotations

import socket
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import msgspec

from messango import __version__
from messango.protocol.codec import client_frame_decoder, encode_all
from messango.protocol.frames import (
    ClientFrame,
    Frame,
    Join,
    Look,
    Problem,
    RoomInfo,
    RoomInfoFrame,
    ServerCard,
    Welcome,
)
from messango.storage import home
from messango.transport.accept import Acceptor
from messango.transport.connection import Connection
from messango.transport.identity.certificate import FILE_NAME, load_or_create_certificate
from messango.transport.writer import WriterThread
from tests.support.certificates import room_id_of, use_test_certificate
from tests.support.raw_client import TIMEOUT_S

F = TypeVar("F", bound=ClientFrame)

ROOM_INFO = RoomInfo(
    protocol=1,
    id=room_id_of(0x1F),
    name="Raw",
    version=__version__,
    members=1,
    seats=5,
    locked=False,
    history=False,
    password=False,
)


class RawPeer:
    """The server's end of one connection. For one thread."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._reader = client_frame_decoder()
        self._received: list[ClientFrame | Problem] = []
        #: The frames that `await_frame` skipped, oldest first.
        self.skipped: list[ClientFrame | Problem] = []

    def send(self, *frames: Frame) -> None:
        """Send the frames in one piece."""
        self.connection.send(encode_all(frames))

    def welcome(
        self,
        *,
        latest: int = 0,
        session: str = "secret",
        member: str = "m1",
        room: RoomInfo = ROOM_INFO,
        servers: tuple[ServerCard, ...] = (),
    ) -> Join:
        """Wait for `join`, answer with a welcome, and return the `join`."""
        join = self.await_frame(Join)
        self.send_welcome(join, latest=latest, session=session, member=member, room=room, servers=servers)
        return join

    def send_welcome(
        self,
        join: Join,
        *,
        latest: int = 0,
        session: str = "secret",
        member: str = "m1",
        room: RoomInfo = ROOM_INFO,
        servers: tuple[ServerCard, ...] = (),
    ) -> None:
        """Answer a `join` with a welcome."""
        oldest = min(latest, 1)
        self.send(Welcome(room, join.name, member, session, [join.name], latest, oldest, servers=servers))

    def answer_look(self, room: RoomInfo) -> None:
        """Wait for `look`, and answer it."""
        self.await_frame(Look)
        self.send(RoomInfoFrame(**msgspec.structs.asdict(room)))

    def await_frame(self, kind: type[F]) -> F:
        """Return the next frame of this type; fails if the client closes the connection before."""
        while True:
            while not self._received:
                data = self.connection.receive(TIMEOUT_S)
                assert data, f"no {kind.__name__} came, but {self.skipped[-5:]}"
                self._received += self._reader.decode(data)
            frame = self._received.pop(0)
            if isinstance(frame, kind):
                return frame
            self.skipped.append(frame)


class RawServer:
    """Listens on loopback, with this machine's certificate or one of its own. A context manager."""

    def __init__(self, certificate_path: Path | None = None) -> None:
        use_test_certificate()
        self._certificate = load_or_create_certificate(certificate_path)
        self.fingerprint = self._certificate.fingerprint
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(TIMEOUT_S)
        self.port: int = self._listener.getsockname()[1]
        self._writer = WriterThread("test")
        self._sockets: list[socket.socket] = []
        self._peers: list[RawPeer] = []

    def __enter__(self) -> RawServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for peer in self._peers:
            peer.connection.close()
        for sock in self._sockets:
            sock.close()
        self._listener.close()
        self._writer.close()

    def change_certificate(self) -> None:
        """Use another certificate from now on, at the same address."""
        (home() / FILE_NAME).unlink()
        self._certificate = load_or_create_certificate()

    def set_accept_timeout(self, timeout_s: float) -> None:
        """Wait this long for a connection; `accept` then raises `TimeoutError`."""
        self._listener.settimeout(timeout_s)

    def die(self) -> None:
        """End as a killed program does: nobody listens any more, and all connections break."""
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Abort all connections, as a server does after `leave`."""
        for peer in self._peers:
            peer.connection.abort()

    def accept(self) -> socket.socket:
        """Accept a connection without a handshake."""
        sock, _ = self._listener.accept()
        self._sockets.append(sock)
        return sock

    def accept_client(self) -> RawPeer:
        """Accept a connection and complete the handshake."""
        acceptor = Acceptor(self._certificate, self._writer, allow_plaintext=False)
        peer = RawPeer(acceptor.wrap(self.accept(), TIMEOUT_S))
        self._peers.append(peer)
        return peer
