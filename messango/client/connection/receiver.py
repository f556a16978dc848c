"""Receives on one connection to a room: keeps it alive, and says why it ended before the room let us in."""

from __future__ import annotations

import time
from typing import Final

from messango.client.connection.heartbeat import Heartbeat
from messango.errors import ConnectionLost, MessangoError, RemoteProtocolError
from messango.protocol.codec import encode
from messango.protocol.connection.client_connection import ClientConnection
from messango.protocol.frames import Ping
from messango.transport.dialing.dial import DialResult
from messango.transport.dialing.dial_failure import FailureKind
from messango.transport.dialing.first_answer import is_messango, no_room_answered
from messango.transport.dialing.packet_size import use_small_packets, uses_small_packets

#: On a quick network a room answers `join` within milliseconds, a busy one within a second or two. After this
#: long without a byte, its answer is probably too large for the way.
_FIRST_BYTES_S: Final = 4.0
_QUICK_PING_MS: Final = 100.0


class LargePacketsLost(ConnectionLost):
    """The room's answer does not arrive, perhaps because it is large: the next one comes in small packets."""

    def __init__(self) -> None:
        super().__init__("The room has not answered yet.", "Trying again with smaller packets…")


class Receiver:
    """Waits for bytes on one connection. Only for the client's thread."""

    def __init__(self, dial_result: DialResult, protocol: ClientConnection) -> None:
        self.heartbeat = Heartbeat()
        self._connection, self._address = dial_result.connection, dial_result.address
        self._protocol = protocol
        self._began_s = time.monotonic()
        self._has_received = self._was_silent = False
        is_quick = dial_result.ping_ms < _QUICK_PING_MS
        may_shrink = is_quick and not uses_small_packets(self._address)
        self._first_bytes_due_s = self._began_s + _FIRST_BYTES_S if may_shrink else float("inf")

    def receive(self) -> bytes:
        """Wait for bytes. Sends a ping after a silence; raises `ConnectionLost` after a longer one."""
        self.heartbeat.reset()
        while True:
            wait_s = self._wait_s()
            try:
                data = self._connection.receive(wait_s)
            except TimeoutError:
                self._on_silence()
            else:
                self._has_received = self._has_received or bool(data)
                self._first_bytes_due_s = float("inf")
                return data

    def _wait_s(self) -> float:
        now = time.monotonic()
        try:
            left_s = self._protocol.join_time_left_s(now)
        except ConnectionLost:
            self._was_silent = True
            raise
        return max(0.0, min(self.heartbeat.wait_s(), left_s, self._first_bytes_due_s - now))

    def _on_silence(self) -> None:
        if time.monotonic() >= self._first_bytes_due_s:
            if is_messango(self._connection):
                raise LargePacketsLost
            self._was_silent = True
            raise ConnectionLost("Another program was silent.", "")  # `explain` says which
        if self.heartbeat.wait_s() <= 0:
            try:
                self.heartbeat.on_timeout()
            except ConnectionLost:
                self._was_silent = True
                raise
            self._connection.send(encode(Ping()))

    def explain(self, error: MessangoError) -> MessangoError:
        """Return the error to report: before the room has let us in, what answers at its address.

        If the connection broke, the next one uses small packets: large ones that are lost may be the reason,
        of either side.
        """
        if isinstance(error, ConnectionLost):
            use_small_packets(self._address)
        if self._protocol.is_member or isinstance(error, LargePacketsLost):
            return error
        if type(error) is RemoteProtocolError and not is_messango(self._connection):
            kind = FailureKind.OTHER_TLS
        elif isinstance(error, ConnectionLost) and not self._has_received:
            kind = FailureKind.SILENT if self._was_silent else FailureKind.CLOSED
        else:
            return error
        return no_room_answered(self._connection, self._address, kind, time.monotonic() - self._began_s)
