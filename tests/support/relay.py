"""A machine in the middle: it shows the client its own certificate and passes everything on to the server."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType

from messango.errors import MessangoError
from messango.storage import home
from messango.transport.accept import Acceptor
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing.dial import dial
from messango.transport.identity.certificate import FILE_NAME, load_or_create_certificate
from messango.transport.writer import WriterThread
from tests.support.raw_client import TIMEOUT_S


class Relay:
    """Owns its threads and connections; `captured` is the data of both sides. A context manager."""

    def __init__(self, target_port: int) -> None:
        self.captured: list[bytes] = []
        self._target_port = target_port
        # The server has already read the machine's certificate; the relay creates another.
        (home() / FILE_NAME).unlink()
        self._certificate = load_or_create_certificate()
        self.fingerprint = self._certificate.fingerprint
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._writer = WriterThread("relay")
        self._cleanup = contextlib.ExitStack()
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
        self._cleanup.close()
        self._listener.close()
        self._writer.close()

    def _run(self) -> None:
        sock, _ = self._listener.accept()
        self._cleanup.callback(sock.close)
        acceptor = Acceptor(self._certificate, self._writer, allow_plaintext=False)
        with contextlib.suppress(MessangoError, TimeoutError):
            client_side = acceptor.wrap(sock, TIMEOUT_S)
            self._cleanup.callback(client_side.close)
            server_side = dial([Address("127.0.0.1", self._target_port)], writer=self._writer).connection
            self._cleanup.callback(server_side.close)
            back = threading.Thread(
                target=self._pump, args=(server_side, client_side), name="messango-test-relay"
            )
            self._threads.append(back)
            back.start()
            self._pump(client_side, server_side)

    def _pump(self, source: Connection, sink: Connection) -> None:
        with contextlib.suppress(MessangoError, TimeoutError):
            while data := source.receive(TIMEOUT_S):
                self.captured.append(data)
                sink.send(data)
        sink.shutdown()
