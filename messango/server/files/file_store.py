"""The store of a room's files: takes uploads, gives shared files, and removes what has had its time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo
from messango.room.files.shared_file import SharedFile, Uploader
from messango.room.host.host_events import StoredFile
from messango.server.files.upload import Upload


class FileStore:
    """Owns the folder, the records in it, and the lock that guards what is in memory. Any thread may call.

    The lock is never held while a file is read, written, hashed or removed. Nothing is created before the
    first upload: no folder, no database, no thread.
    """

    @property
    def takes_files(self) -> bool:
        """Whether members can send files: the host has not switched them off."""
        raise NotImplementedError

    def begin_upload(self, uploader: Uploader, put: Put) -> Upload | FileInfo:
        """Begin an upload, or go on with one; return the file if it is stored already.

        Only the connection that has begun it last goes on with an upload. Raises `FileRefused`.
        """
        raise NotImplementedError

    def cancel_upload(self, member: str, upload: str) -> None:
        """Drop an upload of this member that is not shared, if there is one."""

    def open_shared(self, file_id: str) -> tuple[FileInfo, IO[bytes]]:
        """Open a shared file; the caller closes it. It can be read to its end also if it is removed meanwhile.

        Raises `FileRefused`.
        """
        raise NotImplementedError

    def uploaded(self, member: str, file_id: str) -> FileInfo | None:
        """Return the file that this member has uploaded under this id; None if there is none."""
        raise NotImplementedError

    def add_share(self, file_id: str, seq: int) -> None:
        """Keep the file for everybody: the stored message `seq` announces it."""

    def remove_share(self, seq: int) -> None:
        """Drop a share; the file goes with the last one."""

    def reconcile(self, shared: Iterable[SharedFile]) -> None:
        """Take the messages of the history that announce files as all that there are."""

    def expire(self) -> None:
        """Remove what has had its time."""

    def listing(self) -> list[StoredFile]:
        """Return the shared files, the oldest first."""
        raise NotImplementedError

    def remove(self, file_id: str) -> None:
        """Remove a file."""

    def close(self) -> None:
        """Write the records, and end the thread. Unfinished uploads raise from now on. Twice is harmless."""


__all__ = ["FileStore", "Path"]
