"""One thread that empties the outboxes of slow peers, as their sockets become writable."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from messango.transport.connection import Connection

logger = logging.getLogger(__name__)


class WriterThread:
    """Owns its thread, its selector, the pair of sockets that wakes it, and the lock `_toggle_lock`, which
    guards `_added` and `_closed`. Only the thread touches the selector.
    """

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._added: list[Connection] = []
        self._closed = False
        self._watched: set[Connection] = set()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"messango-{name}-writer", daemon=True)
        self._thread.start()

    def watch(self, connection: Connection) -> bool:
        """Flush this connection until nothing waits in it, or let go of it where it is closed.

        False where the writer has ended. Any thread; never blocks.
        """
        with self._lock:
            if not self._closed:
                self._added.append(connection)
                self._wake()
            return not self._closed

    def close(self) -> None:
        """Stop, and join the thread. Twice is harmless."""
        self._stopping.set()
        with self._lock:
            if not self._closed:
                self._wake()
        self._thread.join()

    def _wake(self) -> None:
        # A full pair means that it wakes anyway.
        with contextlib.suppress(OSError):
            self._wake_writer.send(b"!")

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._run_once()
        except Exception:  # The edge of the thread: a fault here is ours, and is told.
            logger.exception("the writer failed")
        finally:
            self._release_all()

    def _release_all(self) -> None:
        """Break off what is still watched, and close what its owner has left to us."""
        with self._lock:
            self._closed = True
        for connection in self._watched.union(self._added):
            connection.abort()
            connection.flush()
        self._selector.close()
        self._wake_reader.close()
        self._wake_writer.close()

    def _run_once(self) -> None:
        for key, _ in self._selector.select():
            if key.fileobj is self._wake_reader:
                self._watch_added()
            else:
                self._flush(key.data)

    def _watch_added(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake_reader.recv(4096)
        with self._lock:
            added, self._added = self._added, []
        for connection in added:
            self._flush(connection)

    def _flush(self, connection: Connection) -> None:
        done = connection.flush()
        if done and connection in self._watched:
            self._watched.remove(connection)
            self._selector.unregister(connection)
        elif not done and connection not in self._watched:
            self._watched.add(connection)
            self._selector.register(connection, selectors.EVENT_WRITE, connection)
