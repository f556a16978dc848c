"""A machine in the middle: a certificate of its own to the client, a client to the server, all passed on."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType

from messango.errors import MessangoError
from messango.storage import home
from messango.transport.accept import Gate
from messango.transport.addresses import Address
from messango.transport.certificate import FILE_NAME, own_certificate
from messango.transport.connection import Connection
from messango.transport.dial import dial
from messango.transport.writer import Flusher
from tests.support.raw_client import PATIENCE_S


class Relay:
    """Owns its threads and connections; `heard` is what it read of both sides. A context manager."""

    def __init__(self, target_port: int) -> None:
        self.heard: list[bytes] = []
        self._target_port = target_port
        # The server has read the machine's certificate by now; the relay shows another.
        (home() / FILE_NAME).unlink()
        self._certificate = own_certificate()
        self.fingerprint = self._certificate.fingerprint
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._flusher = Flusher("relay")
        self._open = contextlib.ExitStack()
        self._threads = [threading.Thread(target=self._run, name="messango-test-relay")]
        self._threads[0].start()

    def __enter__(self) -> Relay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Only a connection wakes an accept() on every system.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in self._threads:
            thread.join()
        self._open.close()
        self._listening.close()
        self._flusher.close()

    def _run(self) -> None:
        sock, _ = self._listening.accept()
        self._open.callback(sock.close)
        gate = Gate(self._certificate, self._flusher, allow_plaintext=False)
        with contextlib.suppress(MessangoError, TimeoutError):
            near = gate.secure(sock, PATIENCE_S)
            self._open.callback(near.close)
            far = dial([Address("127.0.0.1", self._target_port)], flusher=self._flusher).connection
            self._open.callback(far.close)
            back = threading.Thread(target=self._pump, args=(far, near), name="messango-test-relay")
            self._threads.append(back)
            back.start()
            self._pump(near, far)

    def _pump(self, source: Connection, sink: Connection) -> None:
        with contextlib.suppress(MessangoError, TimeoutError):
            while data := source.receive(PATIENCE_S):
                self.heard.append(data)
                sink.send(data)
        sink.finish()
