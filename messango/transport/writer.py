"""One thread that flushes the outboxes of slow peers as their sockets become writable."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
from typing import Protocol

logger = logging.getLogger(__name__)


class Flushable(Protocol):
    """What the writer needs of a connection."""

    def fileno(self) -> int:
        """Return the socket's descriptor."""

    def flush(self) -> bool:
        """Send what the socket takes; true when the outbox is empty or the connection is closed."""

    def abort(self) -> None:
        """End the connection at once."""


class WriterThread:
    """Flushes connections in a thread of its own.

    `_lock` guards `_added` and `_closed`. Only the thread touches the selector.
    """

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._added: list[Flushable] = []
        self._closed = False
        self._watched: set[Flushable] = set()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"messango-{name}-writer", daemon=True)
        self._thread.start()

    def watch(self, connection: Flushable) -> bool:
        """Flush this connection until its outbox is empty or it is closed; false if the writer has ended.

        Any thread; never blocks.
        """
        with self._lock:
            if not self._closed:
                self._added.append(connection)
                self._wake()
            return not self._closed

    def close(self) -> None:
        """Stop and join the thread. Calling it twice is harmless."""
        self._stopping.set()
        with self._lock:
            if not self._closed:
                self._wake()
        self._thread.join()

    def _wake(self) -> None:
        # If the buffer is full, the thread is about to wake anyway.
        with contextlib.suppress(OSError):
            self._wake_writer.send(b"!")

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._run_once()
        except Exception:  # The edge of the thread: an exception here is a bug, so log it.
            logger.exception("the writer failed")
        finally:
            self._release_all()

    def _release_all(self) -> None:
        """Abort every watched connection, and close the sockets that their owners left to us."""
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

    def _flush(self, connection: Flushable) -> None:
        done = connection.flush()
        if done and connection in self._watched:
            self._watched.remove(connection)
            self._selector.unregister(connection)
        elif not done and connection not in self._watched:
            self._watched.add(connection)
            self._selector.register(connection, selectors.EVENT_WRITE, connection)
