"""What the window and the terminal need of a client. `room_client.RoomClient` implements it."""

from __future__ import annotations

import queue
from typing import Protocol

from messango.client.events import Event
from messango.protocol.password import Password


class RoomClientLike(Protocol):
    """One session in one room. Only `join_thread` blocks; every method may be called from any thread."""

    @property
    def events(self) -> queue.SimpleQueue[Event]:
        """What happens, in order; the last event is `SessionEnded`."""
        ...

    @property
    def name(self) -> str:
        """The name that the person wants here: the last one that they chose."""
        ...

    @property
    def password(self) -> Password | None:
        """The password in use, or None."""
        ...

    def start(self) -> None:
        """Start joining the room; events report the result."""

    def send_message(self, text: str) -> str:
        """Send a message, now or after reconnecting, and return its id."""
        ...

    def rename(self, name: str) -> None:
        """Request another name, now or after reconnecting."""

    def send_typing(self) -> None:
        """Report that the person is typing; may be called for every key."""

    def submit_password(self, password: Password) -> None:
        """Answer `PasswordRequired`."""

    def retry_now(self) -> None:
        """Reconnect at once instead of after the pause."""

    def leave(self) -> None:
        """Leave the room; `SessionEnded` follows."""

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the client's threads have ended; return False on timeout."""
        ...
