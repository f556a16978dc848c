"""What the room asks the store of files, in its own thread: no call waits for a disk."""

from __future__ import annotations

from typing import Final, Protocol

from messango.protocol.frames import FileInfo
from messango.room.files.shared_file import SharedFile
from messango.room.host.host_events import FileList


class FileShelf(Protocol):
    """Uploaded files by their ids, and which messages announce them."""

    @property
    def largest_file(self) -> int | None:
        """The largest file that members can send, in bytes; None if the host has switched files off."""
        ...

    def uploaded(self, member: str, file_id: str) -> FileInfo | None:
        """Return the file that this member has uploaded under this id; None if there is none."""
        ...

    def abandon_uploads(self, member: str) -> None:
        """Drop what this member, who does not come back, has not finished."""

    def add_share(self, shared: SharedFile) -> None:
        """Keep the file for everybody: a message that is stored announces it."""

    def remove_share(self, seq: int) -> None:
        """The message `seq` was deleted: its file goes, unless another message announces it too."""

    def listing(self) -> FileList:
        """Return the shared files, the oldest first."""
        ...

    def remove(self, file_id: str) -> None:
        """Remove a shared file; the messages that announce it stay."""


class NoShelf:
    """A shelf for a room that takes no files."""

    largest_file = None

    def uploaded(self, member: str, file_id: str) -> FileInfo | None:  # noqa: ARG002 (the interface)
        return None

    def abandon_uploads(self, member: str) -> None:
        """Do nothing: there is no upload."""

    def add_share(self, shared: SharedFile) -> None:
        """Do nothing: there is no file."""

    def remove_share(self, seq: int) -> None:
        """Do nothing: there is no file."""

    def listing(self) -> FileList:
        return FileList(())

    def remove(self, file_id: str) -> None:
        """Do nothing: there is no file."""


#: For every room that takes no files.
NO_SHELF: Final = NoShelf()
