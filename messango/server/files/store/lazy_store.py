"""The store of a room's files as the server has it from the start: nothing is loaded before it is needed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from messango.protocol.frames import FileInfo
from messango.room.files.shared_file import Announcements, SharedFile
from messango.room.host.host_events import FileList, RoomEvent
from messango.storage import home

if TYPE_CHECKING:  # Slow to import, and many rooms never have a file.
    from messango.room.files.quota import FileLimits
    from messango.server.files.store.file_store import FileStore

#: In Messango's folder: the files of rooms without a history.
TEMPORARY_FOLDER: Final = "temporary-files"


def nothing_known(_since_s: float, _seqs: Collection[int]) -> Announcements | None:
    """Return what a history says that can't be read."""
    return None


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """Where files go and for how long: `path` is None for a folder that goes with the server.

    `largest` is the limit of a file in bytes, or None if the host has switched files off. `announcements`
    returns what the history says from a time on, and about these numbers, or None if it can't be read.
    """

    path: Path | None
    largest: int | None
    kept_s: float
    publish: Callable[[RoomEvent], None]
    announcements: Callable[[float, Collection[int]], Announcements | None] = nothing_known


class LazyFileStore:
    """Owns the store, and the lock that creates it once. Any thread may call; the room asks it too."""

    def __init__(self, options: StoreOptions) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._store: FileStore | None = None
        self._is_closed = False

    def open_existing(self) -> None:
        """Open what an earlier run has left, if anything, and remove what killed servers have left."""
        path = self._options.path
        if path is not None and path.is_dir():
            self.get().open_existing(self._options.announcements)
        if (home() / TEMPORARY_FOLDER).is_dir():
            from messango.server.files.store.temporary_folder import remove_leftovers

            remove_leftovers(home() / TEMPORARY_FOLDER)

    def get(self) -> FileStore:
        """Return the store, for a member's connection."""
        with self._lock:
            if self._store is None:
                self._store = _create_store(self._options)
                if self._is_closed:
                    self._store.close()
            return self._store

    def close(self) -> None:
        """Close the store. Twice is harmless."""
        with self._lock:
            self._is_closed = True
            store = self._store
        if store is not None:
            store.close()

    @property
    def largest_file(self) -> int | None:
        """The largest file that members can send, in bytes; None if the host has switched files off."""
        return self._options.largest

    @property
    def kept_s(self) -> float:
        """How long shared files stay, in seconds."""
        return self._options.kept_s

    def uploaded(self, member: str, file_id: str) -> FileInfo | None:
        """Return the file that this member has uploaded under this id; None if there is none."""
        return self._store.uploaded(member, file_id) if self._store else None

    def abandon_uploads(self, member: str) -> None:
        """Drop what this member, who does not come back, has not finished."""
        if self._store:
            self._store.abandon_uploads(member)

    def add_share(self, shared: SharedFile) -> None:
        """Keep the file for everybody: a message that is stored announces it."""
        if self._store:
            self._store.add_share(shared)

    def remove_share(self, seq: int) -> None:
        """The message `seq` was deleted: its file goes, unless another message announces it too."""
        if self._store:
            self._store.remove_share(seq)

    def listing(self) -> FileList:
        """Return the shared files, the oldest first."""
        if self._store is not None:
            return self._store.listing()
        limits = _limits(self._options)
        return FileList((), 0, limits.store if limits else 0)

    def remove(self, file_id: str) -> None:
        """Remove a shared file; the messages that announce it stay."""
        if self._store:
            self._store.remove(file_id)


def _create_store(options: StoreOptions) -> FileStore:
    from messango.server.files.store.file_store import FileStore
    from messango.server.files.store.store_folder import StoreFolder
    from messango.server.files.store.temporary_folder import TemporaryFolder

    folder = TemporaryFolder(home() / TEMPORARY_FOLDER) if options.path is None else StoreFolder(options.path)
    return FileStore(folder, _limits(options), options.kept_s, options.publish)


def _limits(options: StoreOptions) -> FileLimits | None:
    from messango.room.files.quota import FileLimits

    return None if options.largest is None else FileLimits(options.largest)
