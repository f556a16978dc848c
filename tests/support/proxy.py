"""A TCP proxy that can misbehave: it cuts connections, drops data, or refuses new connections."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType


class _ProxiedConnection:
    """A connection to each side, and the two threads that copy data between them."""

    def __init__(
        self,
        near: socket.socket,
        far: socket.socket,
        dropping: threading.Event,
        dropping_answers: threading.Event,
    ) -> None:
        self._client_side, self._server_side = near, far
        self._threads = [
            threading.Thread(target=self._pump, args=pump, name="messango-test-proxy")
            for pump in ((near, far, (dropping,)), (far, near, (dropping, dropping_answers)))
        ]
        for thread in self._threads:
            thread.start()

    def cut(self) -> None:
        for sock in (self._client_side, self._server_side):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        for thread in self._threads:
            thread.join()
        self._client_side.close()
        self._server_side.close()

    def _pump(
        self, source: socket.socket, sink: socket.socket, dropping: tuple[threading.Event, ...]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if not any(event.is_set() for event in dropping):
                    sink.sendall(data)
        if not any(event.is_set() for event in dropping):
            self.cut()


class Proxy:
    """Owns its sockets and threads; `port` is where it listens. A context manager."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._dropping = threading.Event()
        self._dropping_answers = threading.Event()
        self._refusing = threading.Event()
        self._closing = threading.Event()
        #: Guards `_connections`; no new connection is made while all are cut.
        self._lock = threading.Lock()
        self._connections: list[_ProxiedConnection] = []
        self._thread = threading.Thread(target=self._accept_loop, name="messango-test-proxy")
        self._thread.start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the threads and close all sockets."""
        self._closing.set()
        # Only a connection wakes an accept() on every system.
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listener.close()
        for pair in self._connections:
            pair.close()

    def cut(self, *, refusing: bool = False) -> None:
        """Abort all connections; with `refusing` also new ones, until `resume`."""
        with self._lock:
            if refusing:
                self._refusing.set()
            for pair in self._connections:
                pair.cut()

    def resume(self) -> None:
        """Accept new connections and pass data on again."""
        self._refusing.clear()
        self._dropping.clear()
        self._dropping_answers.clear()

    def drop_data(self) -> None:
        """Read and drop all data until `resume`, even the end of a connection."""
        self._dropping.set()

    def drop_answers(self) -> None:
        """Read and drop all data of the server until `resume`; what the client sends arrives."""
        self._dropping_answers.set()

    def redirect_to(self, port: int) -> None:
        """Connect new connections to another server from now on."""
        with self._lock:
            self._target_port = port

    def _accept_loop(self) -> None:
        while not self._closing.is_set():
            near, _ = self._listener.accept()
            with self._lock:
                self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        if self._refusing.is_set() or self._closing.is_set():
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self._target_port))
        except OSError:
            near.close()
            return
        self._connections.append(_ProxiedConnection(near, far, self._dropping, self._dropping_answers))
