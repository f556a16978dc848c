"""A connection to a control socket: lines with a time limit. A Unix socket, or a named pipe on Windows."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_READ_BYTES: Final = 65_536

#: Only while a program is connected to a pipe and has not asked yet.
_LOOK_EVERY_S: Final = 0.1

#: xucred of macOS: its version, the user, the number of groups and sixteen of them (unpcb.h, ucred.h).
_SOL_LOCAL: Final = 0
_LOCAL_PEERCRED: Final = 1
_XUCRED_BYTES: Final = 76

#: struct ucred of unix(7): process, user and group.
_UCRED: Final = struct.Struct("3i")


class ChannelClosed(Exception):
    """The other end has closed the connection, or `stop_reading` was called."""


class LineTooLong(Exception):
    """The other end sends a line that is longer than allowed."""


class Channel(Protocol):
    """A connection. For one thread; only `stop_reading` and `abort` are for any thread."""

    def send_line(self, line: bytes, deadline_s: float) -> None:
        """Send all of it; raises `TimeoutError` or `OSError`."""

    def receive_line(self, max_bytes: int, deadline_s: float) -> bytes:
        """Return the next line; raises `TimeoutError`, `ChannelClosed`, `LineTooLong` or `OSError`."""

    def peer_uid(self) -> int | None:
        """Return the user of the other process, or None if this system does not tell."""

    def stop_reading(self) -> None:
        """Let `receive_line` raise `ChannelClosed` once what has come is read. Twice is harmless."""

    def abort(self) -> None:
        """Wake the thread that waits in a method, which then raises. Twice is harmless."""

    def close(self) -> None:
        """Close the connection. Twice is harmless."""


class SocketChannel:
    """A `Channel` over a connected socket. Owns the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def send_line(self, line: bytes, deadline_s: float) -> None:
        # `sendall` counts its timeout for all of it together.
        self._socket.settimeout(_remaining_s(deadline_s))
        self._socket.sendall(line)

    def receive_line(self, max_bytes: int, deadline_s: float) -> bytes:
        line = bytearray()
        while True:
            self._socket.settimeout(_remaining_s(deadline_s))
            data = self._socket.recv(_READ_BYTES)
            end = data.find(b"\n")
            line += data if end < 0 else data[:end]
            if len(line) > max_bytes:
                raise LineTooLong
            if not data:
                raise ChannelClosed
            if end >= 0:
                return bytes(line)

    def peer_uid(self) -> int | None:
        return peer_uid(self._socket)

    def stop_reading(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RD)

    def abort(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._socket.close()


class PipeChannel:
    """A `Channel` over a connection of `multiprocessing`, which is a named pipe on Windows. Owns it.

    Windows has no way to wake a thread that waits for a pipe, so `receive_line` looks now and then; a
    `send_line` of more than the pipe holds ends only when the other end reads or goes.
    """

    def __init__(self, connection: Connection[Any, Any] | Any) -> None:
        self._connection = connection
        self._stopped = threading.Event()

    def send_line(self, line: bytes, deadline_s: float) -> None:
        _remaining_s(deadline_s)
        self._connection.send_bytes(line)

    def receive_line(self, max_bytes: int, deadline_s: float) -> bytes:
        try:
            while not self._connection.poll(min(_remaining_s(deadline_s), _LOOK_EVERY_S)):
                if self._stopped.is_set():
                    raise ChannelClosed
            # One piece is one line. A piece that is too long closes the connection, with an OSError.
            return bytes(self._connection.recv_bytes(max_bytes + 1)).partition(b"\n")[0]
        except EOFError as error:
            raise ChannelClosed from error

    def peer_uid(self) -> None:
        return None

    def stop_reading(self) -> None:
        self._stopped.set()

    def abort(self) -> None:
        self._stopped.set()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()


def peer_uid(sock: socket.socket) -> int | None:
    """Return the user of the process at the other end of a Unix socket; None if the system does not tell.

    Raises `OSError` if the other process has gone.
    """
    if sys.platform == "darwin":
        data = sock.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES)
        return int(struct.unpack_from("=II", data)[1])
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    data = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return int(_UCRED.unpack(data)[1])


def _remaining_s(deadline_s: float) -> float:
    """Return the seconds until the deadline; raises `TimeoutError` if there are none."""
    remaining_s = deadline_s - time.monotonic()
    if remaining_s <= 0:
        raise TimeoutError
    return remaining_s
