"""What frames travel over: an encrypted or plain connection, a WebSocket, or an event stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from messango.protocol.peer_codec import PeerCodec


class TalkConnection(Protocol):
    """The part of `transport.connection.Connection` that a member's connection needs."""

    @property
    def encrypted(self) -> bool:
        """Whether nobody else on the network can read it."""

    @property
    def eof_received(self) -> bool:
        """Whether nothing follows although the socket does not show it."""

    def fileno(self) -> int:
        """Return the descriptor that is readable when something has come."""

    def receive(self, timeout_s: float) -> bytes:
        """Return the bytes received, or none at the end; raises `TimeoutError` or `ConnectionLost`."""

    def receive_now(self) -> bytes | None:
        """Return what has come, nothing at the end, None if there is nothing yet; raises `ConnectionLost`."""

    def send(self, data: bytes) -> None:
        """Send without waiting, in any thread; raises `OutboxFull` and `ConnectionLost`."""

    def call_when_flushed(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when everything is sent or the connection broke."""

    def shutdown(self, final_data: bytes = b"") -> None:
        """Send `final_data` and then the end of the stream, in any thread."""

    def abort(self) -> None:
        """End the connection at once, in any thread; this wakes the owner."""

    def linger(self, timeout_s: float) -> None:
        """Read and drop bytes until the other side closes, at most this long."""

    def close(self) -> None:
        """End the connection, and free what it has. Twice is harmless."""


@dataclass(frozen=True, slots=True)
class TalkChannel:
    """A connection and its codec; `first_data` are bytes for the codec that were read already."""

    connection: TalkConnection
    codec: PeerCodec
    first_data: bytes = b""
