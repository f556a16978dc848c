"""What the thread of a client is for those who work in it."""

from __future__ import annotations

from typing import Protocol

from messango.server.clients.connections import ConnectedClient


class ClientInThread(ConnectedClient, Protocol):
    """The part of a client's thread that is used in that thread."""

    def wait(self, seconds: float) -> bool:
        """Wait this long; return True if the connection has to close meanwhile."""

    def report_refusal(self, reason: str, name: str = "") -> None:
        """Report to the host that this client was refused."""
