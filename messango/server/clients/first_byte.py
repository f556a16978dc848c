"""Waits for a client's first byte: soon, or, where plaintext is allowed, as long as people take to join.

The original client connects when its window opens, and sends nothing before its user has typed a name.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Final

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import Refused
from messango.protocol.legacy.legacy_renderer import LegacyRenderer
from messango.protocol.limits import JOIN_DEADLINE_S
from messango.server.clients.connected_client import ConnectedClient
from messango.server.context import ServerContext
from messango.server.limits import SILENT_AFTER_S, SILENT_PLAINTEXT_S
from messango.transport.poll import wait_ready

_TOO_LATE: Final = encode(
    Refused(
        error_codes.PROTOCOL,
        f"You have not joined within {SILENT_PLAINTEXT_S / 60:.0f} minutes.",
        "To join, close this window and open it again.",
    )
)
_REPLACED: Final = encode(
    Refused(
        error_codes.BUSY,
        "Too many others are waiting to join.",
        "To join, close this window and open it again.",
    )
)


class FirstByte:
    """The wait of one client. Only `send_farewell` is for any thread."""

    def __init__(self, client: ConnectedClient, sock: socket.socket, context: ServerContext) -> None:
        self._client, self._socket, self._context = client, sock, context
        self._is_kept = False

    def wait(self, join_deadline_s: float) -> float:
        """Wait; return until when the client has to join. Raises `TimeoutError`.

        Also returns when the connection has ended.
        """
        if not self._context.acceptor.allow_plaintext:
            self._wait_until(join_deadline_s)
            return join_deadline_s
        if wait_ready(self._socket, SILENT_AFTER_S, reading=True):
            return join_deadline_s
        self._wait_silently(time.monotonic() + SILENT_PLAINTEXT_S)
        return time.monotonic() + JOIN_DEADLINE_S

    def send_farewell(self, frames: bytes) -> None:
        """Send the reason to a silent client, whose window shows it; nothing to any other client."""
        if self._is_kept:
            text = b"".join(LegacyRenderer().render(frames))
            with contextlib.suppress(OSError):
                self._socket.send(text)

    def _wait_silently(self, deadline_s: float) -> None:
        """Wait in a place of its own, so that silent clients never take one from those who are joining."""
        connections = self._context.connections
        if evicted := connections.keep_silent(self._client):
            evicted.close_after(_REPLACED)
        self._is_kept = True
        try:
            self._wait_until(deadline_s)
        except TimeoutError:
            self.send_farewell(_TOO_LATE)
            raise
        self._is_kept = False
        if evicted := connections.end_silence(self._client):
            evicted.abort()

    def _wait_until(self, deadline_s: float) -> None:
        if not wait_ready(self._socket, deadline_s - time.monotonic(), reading=True):
            raise TimeoutError
