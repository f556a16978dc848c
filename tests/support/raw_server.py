"""A room that says exactly what a test wants said, to the clients of real stays."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import TypeVar

from messango import __version__
from messango.protocol.codec import client_frame_decoder, encode_all
from messango.protocol.frames import ClientFrame, Frame, Join, Problem, RoomInfo, Welcome
from messango.storage import home
from messango.transport.accept import Gate
from messango.transport.certificate import FILE_NAME, own_certificate
from messango.transport.connection import Connection
from messango.transport.writer import Flusher
from tests.support.raw_client import PATIENCE_S

F = TypeVar("F", bound=ClientFrame)

FACTS = RoomInfo(
    protocol=1, id="1f", name="Raw", version=__version__, members=1, seats=5, locked=False, history=False
)


class RawGuest:
    """One client, as its server sees it; for one thread."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._reader = client_frame_decoder()
        self._heard: list[ClientFrame | Problem] = []
        #: What `await_frame` passed over, oldest first.
        self.passed_over: list[ClientFrame | Problem] = []

    def say(self, *frames: Frame) -> None:
        """Say these in one piece."""
        self.connection.send(encode_all(frames))

    def welcome(self, *, latest: int = 0, session: str = "secret", member: str = "m1") -> Join:
        """Wait for `join` and let the client in; returns what it asked."""
        join = self.await_frame(Join)
        self.say_welcome(join, latest=latest, session=session, member=member)
        return join

    def say_welcome(
        self, join: Join, *, latest: int = 0, session: str = "secret", member: str = "m1"
    ) -> None:
        """Let the client in."""
        self.say(Welcome(FACTS, join.name, member, session, [join.name], latest, min(latest, 1)))

    def await_frame(self, kind: type[F]) -> F:
        """Return the next frame of this kind; fails where the client hangs up before."""
        while True:
            while not self._heard:
                data = self.connection.receive(PATIENCE_S)
                assert data, f"no {kind.__name__} came, but {self.passed_over[-5:]}"
                self._heard += self._reader.decode(data)
            frame = self._heard.pop(0)
            if isinstance(frame, kind):
                return frame
            self.passed_over.append(frame)


class RawServer:
    """Listens on loopback, with this machine's certificate. A context manager."""

    def __init__(self) -> None:
        self._certificate = own_certificate()
        self.fingerprint = self._certificate.fingerprint
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(PATIENCE_S)
        self.port: int = self._listening.getsockname()[1]
        self._flusher = Flusher("test")
        self._sockets: list[socket.socket] = []
        self._guests: list[RawGuest] = []

    def __enter__(self) -> RawServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for guest in self._guests:
            guest.connection.close()
        for sock in self._sockets:
            sock.close()
        self._listening.close()
        self._flusher.close()

    def change_certificate(self) -> None:
        """Be somebody else from now on, at the same address."""
        (home() / FILE_NAME).unlink()
        self._certificate = own_certificate()

    def hang_up(self) -> None:
        """Break off with everybody, as whoever leaves expects."""
        for guest in self._guests:
            guest.connection.abort()

    def accept(self) -> socket.socket:
        """Wait for somebody to connect, and go no further."""
        sock, _ = self._listening.accept()
        self._sockets.append(sock)
        return sock

    def receive_guest(self) -> RawGuest:
        """Wait for somebody to connect, and shake hands."""
        gate = Gate(self._certificate, self._flusher, allow_plaintext=False)
        guest = RawGuest(gate.secure(self.accept(), PATIENCE_S))
        self._guests.append(guest)
        return guest
