"""A TLS socket on which one thread sends while another one waits for input."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading

from tests.support.raw_client import TIMEOUT_S


class SharedSocket:
    """Owns the lock: OpenSSL takes one call at a time. It is held only while a call can't wait for input."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._lock = threading.Lock()

    def sendall(self, data: bytes) -> None:
        """Send all."""
        with self._lock:
            self._socket.settimeout(TIMEOUT_S)
            self._socket.sendall(data)

    def recv(self, size: int) -> bytes:
        """Return bytes that came, or none at the end; raises `TimeoutError`."""
        while True:
            with self._lock, contextlib.suppress(ssl.SSLWantReadError):
                self._socket.settimeout(0)
                return self._socket.recv(size)
            if not select.select([self._socket], [], [], TIMEOUT_S)[0]:
                raise TimeoutError

    def close(self) -> None:
        """Close the connection without a goodbye."""
        self._socket.close()
