"""One thread that empties the outboxes of slow peers, as their sockets become writable."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from messango.transport.connection import Connection

logger = logging.getLogger(__name__)


class Flusher:
    """Owns its thread, its selector and the pair of sockets that wakes it.

    Only the thread touches the selector; `watch` hands connections over by a deque.
    """

    def __init__(self, name: str) -> None:
        self._new: deque[Connection] = deque()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"messango-{name}-flusher", daemon=True)
        self._thread.start()

    def watch(self, connection: Connection) -> None:
        """Flush this connection until nothing waits in it; any thread, never blocks."""
        self._new.append(connection)
        self._wake()

    def close(self) -> None:
        """Stop, and join the thread. Twice is harmless."""
        self._stopping.set()
        self._wake()
        self._thread.join()

    def _wake(self) -> None:
        # A full pair means that it wakes anyway; a closed one that nobody is left to be woken.
        with contextlib.suppress(OSError):
            self._wake_writer.send(b"!")

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._round()
        except Exception:  # The edge of the thread: a fault here is ours, and is told.
            logger.exception("the flusher failed")
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Close what is still watched: its owner left that to us."""
        left = [key.data for key in self._selector.get_map().values() if key.data is not None]
        for connection in [*left, *self._new]:
            connection.close()
            connection.flush()
        self._selector.close()
        self._wake_reader.close()
        self._wake_writer.close()

    def _round(self) -> None:
        for key, _ in self._selector.select():
            if key.fileobj is self._wake_reader:
                self._take_over_new()
            elif key.data.flush():
                self._selector.unregister(key.fileobj)

    def _take_over_new(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake_reader.recv(4096)
        while self._new:
            connection = self._new.popleft()
            self._selector.register(connection.fileno(), selectors.EVENT_WRITE, connection)
