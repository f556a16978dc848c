"""What posts have brought for an event stream, until its thread or the room's reads it."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Final

from messango.protocol.limits import MAX_FRAME_BYTES

#: What waits for a member who is above the rate limit: a page sends the next post when this one is taken.
MAX_WAITING_BYTES: Final = 2 * MAX_FRAME_BYTES

_SIGNAL: Final = b"\0"


class StreamInput:
    """Owns a pair of sockets, one of which is readable while there is input, and its lock. For any thread.

    The input itself waits in memory: how much a pair of sockets takes differs between systems.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._waiting: list[bytes] = []
        self._size = 0
        self._has_ended = False

    @property
    def reader(self) -> socket.socket:
        """The socket that is readable while there is input, or no more will come."""
        return self._reader

    def put(self, data: bytes) -> bool:
        """Add input; false if there is too much already, or no more is read."""
        with self._lock:
            if self._has_ended or self._size + len(data) > MAX_WAITING_BYTES:
                return False
            if data and not self._waiting:
                self._writer.send(_SIGNAL)
            if data:
                self._waiting.append(data)
                self._size += len(data)
            return True

    def take(self) -> bytes | None:
        """Return all input, nothing at its end, None if there is none yet."""
        with self._lock:
            if not self._waiting:
                return b"" if self._has_ended else None
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            with contextlib.suppress(OSError):
                self._reader.recv(1)
            return data

    def end(self) -> None:
        """Let nothing follow. Twice is harmless."""
        with self._lock:
            self._has_ended = True
            with contextlib.suppress(OSError):
                self._writer.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close the sockets; `put` takes nothing from here on. Twice is harmless."""
        with self._lock:
            self._has_ended = True
            self._reader.close()
            self._writer.close()
