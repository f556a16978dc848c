"""The thread that accepts connections at the room's port."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Final

from messango.transport.listener import listen

logger = logging.getLogger(__name__)

#: Seconds to wait after a failed accept, most likely because the process has no free descriptors.
_RETRY_S: Final = 0.2


class AcceptThread:
    """Owns the listening socket and a thread that calls `on_connection(socket, address)` for each client.

    `on_failure(error, is_new)` handles a failed accept; `is_new` is false while the same error repeats.
    """

    def __init__(
        self,
        host: str | None,
        port: int | None,
        on_connection: Callable[[socket.socket, tuple[str, int]], None],
        on_failure: Callable[[OSError, bool], None],
    ) -> None:
        """Listen; raises `PortInUse`, `AddressNotAvailable` or `ListenFailed`."""
        self._listener = listen(host, port)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._on_connection = on_connection
        self._on_failure = on_failure
        #: The number of the last failure, until an accept succeeds.
        self._last_errno: int | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start to accept."""
        wake_reader, self._wake_writer = socket.socketpair()
        thread = threading.Thread(
            target=self._run, args=(wake_reader,), name="messango-listener", daemon=True
        )
        thread.start()
        self._thread = thread

    def close(self) -> None:
        """Stop to accept and close the port. Twice is harmless."""
        self._stopping.set()
        if self._thread is not None:
            self._wake_writer.close()
            self._thread.join()
        self._listener.close()

    # The thread.

    def _run(self, wake: socket.socket) -> None:
        with selectors.DefaultSelector() as selector, wake:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while not self._stopping.is_set():
                selector.select()
                self._accept_pending()

    def _accept_pending(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, address = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                is_new, self._last_errno = error.errno != self._last_errno, error.errno
                self._on_failure(error, is_new)
                self._stopping.wait(_RETRY_S)
                return
            self._last_errno = None
            try:
                self._on_connection(sock, address)
            except Exception:  # This connection failed, or no thread is left; the next one may succeed.
                logger.exception("a connection could not be accepted")
                sock.close()
