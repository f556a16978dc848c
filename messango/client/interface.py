"""What the window and the terminal need of a client. `room_client.RoomClient` implements it."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Protocol

from messango.client.events import Event
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol.frames import FileInfo
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

    def send_message(self, text: str, reply_to: int | None = None) -> str:
        """Send a message, now or after reconnecting, and return its id; it answers the message `reply_to`."""
        ...

    def tell(self, member: str, text: str, reply_to: int | None = None) -> str:
        """Send a private message to the member with this id, and return the message's id."""
        ...

    def react(self, seq: int, emoji: str, on: bool) -> str:  # noqa: FBT001 (the field of the frame)
        """Add a reaction to a message, or take ours back; return the request's id."""
        ...

    def edit(self, seq: int, text: str) -> str:
        """Replace the text of our message; return the request's id."""
        ...

    def delete(self, seq: int) -> str:
        """Delete our message, or as the host any; return the request's id."""
        ...

    def request_earlier(self, before: int, count: int) -> str:
        """Ask for messages before a number; return the id of the `EarlierReceived` that answers."""
        ...

    def search(self, words: str, before: int | None = None) -> str:
        """Search all that the room keeps; return the id of the `SearchResult` that answers."""
        ...

    def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
        """Upload a file and share it with everybody, with a line about it; return the transfer's id.

        The message that announces it has the same id. `FileProgress` and `FileFailed` report on the way.
        """
        ...

    def fetch_file(self, file: FileInfo, folder: Path | None = None, path: Path | None = None) -> str:
        """Download a shared file; return the transfer's id. `FileSaved` or `FileFailed` is the last event.

        Into `folder`, or the person's folder for downloads, under its own name, never over another file; or
        to `path`, over what is there.
        """
        ...

    def cancel_transfer(self, transfer_id: str) -> None:
        """Give up a transfer: `FileFailed` follows, unless it has just ended."""

    def rename(self, name: str) -> None:
        """Request another name, now or after reconnecting."""

    def send_typing(self, to: str = "") -> None:
        """Report that the person is typing, to all or to one member; may be called for every key."""

    def submit_password(self, password: Password) -> None:
        """Answer `PasswordRequired`."""

    def retry_now(self) -> None:
        """Reconnect at once instead of after the pause."""

    def leave(self) -> None:
        """Leave the room; `SessionEnded` follows."""

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the client's threads have ended; return False on timeout."""
        ...
