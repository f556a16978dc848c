"""What the server uses of a client's thread: in any thread, and in that one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from messango.room.peer import Peer


class ConnectedClient(Protocol):
    """The part of a client's thread that the server uses; for any thread."""

    connection_id: int
    peer: Peer

    @property
    def eviction_rank(self) -> int:
        """The eviction rank of a connection that has not joined; the lowest is dropped first."""

    @property
    def is_welcomed(self) -> bool:
        """Whether the room has admitted the client; then its last frame is `closed`, not `refused`."""

    def send(self, data: bytes) -> None:
        """Send encoded frames; disconnect a client that is too slow for them."""

    def call_when_flushed(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when the outbox is empty."""

    def close_after(self, final_data: bytes) -> None:
        """Send the last frames, then close."""

    def abort(self) -> None:
        """Close the connection at once."""

    def resolve_join(self, *, admitted: bool) -> None:
        """Pass on what the room decided about the client's `join`."""

    def join_thread(self, timeout_s: float) -> None:
        """Wait until the thread has ended, or the time is up."""


class ClientInThread(ConnectedClient, Protocol):
    """The part of a client's thread that is used in that thread."""

    def wait(self, seconds: float) -> bool:
        """Wait this long; return True if the connection has to close meanwhile."""

    def report_refusal(self, reason: str, name: str = "") -> None:
        """Report to the host that this client was refused."""
