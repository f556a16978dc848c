"""Opens the local socket of a room for one user, and connects to it; on Windows it is a named pipe.

No other user gets in: the folder is for its owner only, and on Linux and macOS each end asks the system for
the other's user. A named pipe is open to its creator and to administrators for writing; its name, which is
random and in a private file, is known to nobody else.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import socket
import sys
import threading
from pathlib import Path
from typing import Any, Final, Protocol

from messango.transport.control.channel import Channel, PipeChannel, SocketChannel
from messango.transport.control.folder import RoomRecord, socket_path

_ROOT: Final = 0


class NotThisUser(OSError):
    """The other end is another user's process."""


class LocalListener(Protocol):
    """Listens for this user's programs."""

    def accept(self) -> Channel | None:
        """Wait for a connection; None after `close`. Raises `OSError`."""

    def wake(self) -> None:
        """Let `accept` return None, now and from now on. Any thread."""

    def close(self) -> None:
        """Close it; after `accept` has returned. Twice is harmless."""


class UnixListener:
    """A `LocalListener` on a listening Unix socket. Owns it."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(sock, selectors.EVENT_READ)
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        sock.setblocking(False)

    def accept(self) -> Channel | None:
        while True:
            if any(key.fileobj is self._wake_reader for key, _ in self._selector.select()):
                return None
            with contextlib.suppress(BlockingIOError, ConnectionAbortedError):
                return SocketChannel(self._socket.accept()[0])

    def wake(self) -> None:
        self._wake_writer.close()

    def close(self) -> None:
        self._selector.close()
        for sock in (self._wake_writer, self._wake_reader, self._socket):
            sock.close()


class PipeListener:
    """A `LocalListener` on a listener of `multiprocessing`. Owns it."""

    def __init__(self, address: str, family: str = "AF_PIPE") -> None:
        from multiprocessing.connection import Listener

        self._address, self._family = address, family
        self._woken = threading.Event()
        self._listener = Listener(address, family)

    def accept(self) -> Channel | None:
        if self._woken.is_set():
            return None
        connection = self._listener.accept()
        if self._woken.is_set():
            connection.close()
            return None
        return PipeChannel(connection)

    def wake(self) -> None:
        """Let `accept` return: only a connection ends its wait."""
        if not self._woken.is_set():
            self._woken.set()
            with contextlib.suppress(OSError):
                _open_pipe(self._address, self._family).close()

    def close(self) -> None:
        self._listener.close()


def pipe_name() -> str:
    """Return a new name for a room's pipe on Windows; empty on other systems, where the socket has a path."""
    return rf"\\.\pipe\messango-{secrets.token_hex(16)}" if sys.platform == "win32" else ""


def open_listener(record_file: Path, pipe: str) -> LocalListener:
    """Listen for this user's programs; raises `OSError`."""
    if pipe:
        return PipeListener(pipe)
    from messango.transport.control.unix_socket import listen_at

    path = socket_path(record_file)
    path.unlink(missing_ok=True)  # Of a server that was killed: ours has the room's lock.
    return UnixListener(listen_at(path))


def connect(record_file: Path, record: RoomRecord, timeout_s: float) -> Channel:
    """Connect to the server of a room.

    Raises `NotThisUser`, `FileNotFoundError` or `ConnectionRefusedError` if nobody listens there,
    `TimeoutError` or another `OSError`.
    """
    if record.pipe and os.name == "nt":
        return PipeChannel(_open_pipe(record.pipe, "AF_PIPE"))
    from messango.transport.control.unix_socket import connect_to

    channel = SocketChannel(connect_to(socket_path(record_file), timeout_s))
    try:
        require_this_user(channel, root_may_ask_all=True)
    except BaseException:
        channel.close()
        raise
    return channel


def require_this_user(channel: Channel, *, root_may_ask_all: bool = False) -> None:
    """Raise `NotThisUser` unless the other end is this user's, or root's, who can do all of this anyway.

    With `root_may_ask_all` root may talk to any user's process.
    """
    uid = channel.peer_uid()
    if uid is None or sys.platform == "win32":
        return
    own = os.geteuid()
    if uid not in (own, _ROOT) and not (root_may_ask_all and own == _ROOT):
        raise NotThisUser(0, "another user's process")


def _open_pipe(address: str, family: str) -> Any:
    from multiprocessing.connection import Client

    return Client(address, family)
