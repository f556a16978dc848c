"""A server that does a visitor harm: each connection follows a script, in a thread of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final

from messango.errors import MessangoError
from messango.protocol.frames import Frame, Join, Leave
from messango.transport.connection import OutboxFull
from tests.support.raw_server import RawPeer, RawServer

_ACCEPT_CHECK_S: Final = 0.1

#: What a server does with one connection; it stays open when the script has ended.
Script = Callable[[RawPeer], None]


class HostileServer:
    """Owns the thread that accepts, and one for each connection. A context manager."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._room = RawServer()
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._accept, name="hostile-server")]
        self.port = self._room.port
        self.fingerprint = self._room.fingerprint
        #: The connections so far, for a script that does not do the same on each.
        self.connections = 0

    def pause(self) -> None:
        """Leave new connections to the system, which accepts them and says nothing."""
        self._stopped.set()

    def __enter__(self) -> HostileServer:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        # The thread that accepts ends first: only it adds others.
        self._threads[0].join()
        self._room.hang_up()
        for thread in self._threads:
            thread.join()
        self._room.__exit__(kind, error, trace)

    def _accept(self) -> None:
        self._room.set_accept_timeout(_ACCEPT_CHECK_S)
        while not self._stopped.is_set():
            with contextlib.suppress(TimeoutError, MessangoError):
                peer = self._room.accept_client()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(peer,), name="hostile-script")
                self._threads.append(thread)
                thread.start()

    def _serve(self, peer: RawPeer) -> None:
        # The visitor has gone, or the test is over; what `await_frame` asserts, the test sees elsewhere.
        with contextlib.suppress(MessangoError, TimeoutError, AssertionError):
            self._script(peer)


def send_bytes(peer: RawPeer, data: bytes) -> None:
    """Send, and wait until the visitor's system has taken it; raises `ConnectionLost`."""
    taken = threading.Event()
    with contextlib.suppress(OutboxFull):
        peer.connection.send(data)
    peer.connection.call_when_flushed(taken.set)
    taken.wait()


def send_all(peer: RawPeer, chunks: Iterator[bytes]) -> None:
    """Send until the visitor has gone."""
    for chunk in chunks:
        send_bytes(peer, chunk)


def send_and_part(data: bytes) -> Script:
    """Return a script that answers a join with this, and closes when the visitor leaves."""

    def script(peer: RawPeer) -> None:
        peer.await_frame(Join)
        send_bytes(peer, data)
        peer.await_frame(Leave)
        peer.connection.shutdown()

    return script


def then_close(*frames: Frame) -> Script:
    """Return a script that answers a join with these frames, and closes."""

    def script(peer: RawPeer) -> None:
        peer.await_frame(Join)
        peer.send(*frames)
        peer.connection.shutdown()

    return script
