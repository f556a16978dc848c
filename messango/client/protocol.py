"""What the terminal needs of a client: `messango.client.room_client.RoomClient` has it all."""

from __future__ import annotations

import queue
from typing import Protocol

from messango.client.events import Event
from messango.protocol.password import Password


class RoomClientProtocol(Protocol):
    """A client in one room; nothing here blocks but `join_thread`."""

    events: queue.SimpleQueue[Event]

    def start(self) -> None:
        """Begin to join; all that comes of it are events."""

    def send_message(self, text: str) -> str:
        """Send a message, now or when the room can be reached, and return its id."""
        ...

    def rename(self, name: str) -> None:
        """Ask for another name."""

    def typing(self) -> None:
        """Tell the others that somebody types here."""

    def give_password(self, password: Password) -> None:
        """Answer `PasswordRequired`."""

    def retry_now(self) -> None:
        """Do not wait for the next attempt."""

    def leave(self) -> None:
        """Leave; `SessionEnded` follows."""

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the client's threads have ended."""
        ...
