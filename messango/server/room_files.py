"""The files of an open room: its tag, which is also the lock, its history, its bans and what is shared."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from messango.errors import HistoryUnusable
from messango.protocol.room_id import derive_room_id, stored_tag_of
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.check import check_history, real_path
from messango.room.history.file.faults import UnusableFile, explain, not_a_file
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.reading.public_reader import FILES_SUFFIX
from messango.room.host.host_events import RoomEvent
from messango.server.ban_store import BanStore
from messango.server.files.store.lazy_store import LazyFileStore, StoreOptions, nothing_known
from messango.server.room_lock import HistoryLock, lock_history, lock_room

if TYPE_CHECKING:  # Most rooms are not linked.
    from messango.room.history.file.replica_history import ReplicaHistory


class RoomFiles:
    """Locks a room and opens its files. For one thread at a time.

    With the same certificate, the same name always gives the same `room_id`.
    """

    def __init__(self, name: str, fingerprint: str) -> None:
        """Lock the room; `fingerprint` is the certificate's. Raises `RoomInUse` or `CorruptFile`."""
        room = lock_room(name)
        self.name, self._fingerprint = room.name, fingerprint
        self.room_id = derive_room_id(room.tag, fingerprint)
        self.ban_store = BanStore(room.bans_path)
        self.history: FallbackHistory | ReplicaHistory | None = None
        self._history_path = room.history_path
        self._files_path = room.files_path
        self._resources = contextlib.ExitStack()
        self._resources.callback(room.release)

    def open_history(self, path: Path | None) -> FallbackHistory:
        """Open the history file at `path`, or the room's own if None; the tag in the file replaces ours.

        What is wrong with the room's own file never stops the room from opening: the host reads it. Raises
        `FileInUse` if another room stores its history in the file, or `HistoryUnusable` if the host chose a
        file that can't be used and will not become usable by itself; nothing is changed then, and nothing is
        left beside the file.
        """
        lock = self._lock(path)
        history = FallbackHistory(path or self._history_path, time.time())
        self._take_over(history, lock, path)
        return history

    def open_replica(self, path: Path | None, link: str, *, is_base: bool) -> ReplicaHistory:
        """Open the history file at `path`, or the room's own if None, as a replica of a linked room.

        `is_base`: the linked room begins with the conversation in it. Raises `FileInUse`; `HistoryUnusable`
        if the file can't be used now, since a linked room does not go on without it; or `NotOfThisLink`.
        """
        from messango.room.history.file.replica_history import ReplicaHistory, StorageFailed

        lock = self._lock(path)
        own_path = path or self._history_path
        try:
            history = ReplicaHistory(own_path, link, time.time(), is_base=is_base)
            self._take_over(history, lock, path)
        except (StorageFailed, HistoryUnusable) as error:
            if lock is not None:
                lock.withdraw()
            if isinstance(error, HistoryUnusable):
                raise
            raise HistoryUnusable(own_path, error.problem.cause, error.cure) from error
        return history

    def _lock(self, path: Path | None) -> HistoryLock | None:
        lock = self._lock_own() if path is None else self._lock_chosen(path)
        if lock is not None:
            self._resources.callback(lock.close)
        return lock

    def _take_over(
        self, history: FallbackHistory | ReplicaHistory, lock: HistoryLock | None, path: Path | None
    ) -> None:
        """Own an open history, and see to it that it has the room's id, and the id is the one that it has."""
        if lock is not None:
            history.on_new_file = lock.renew
        self._resources.callback(history.close)
        self.history = history
        if path is not None:
            real = real_path(path)
            self._files_path = real.with_name(f"{real.name}{FILES_SUFFIX}")
        stored_tag = stored_tag_of(history.get_fact("id") or "")
        if stored_tag is not None:
            self.room_id = derive_room_id(stored_tag, self._fingerprint)
        history.set_fact("id", self.room_id)
        history.set_fact("name", self.name)

    def open_file_store(
        self, largest: int | None, kept_s: float, publish: Callable[[RoomEvent], None]
    ) -> LazyFileStore:
        """Return the store of the room's files: beside the history or, without one, for this run only.

        `largest` is the limit of a file in bytes, or None if the room takes none.
        """
        history = self.history
        # What passes, as a lock of another program, keeps messages in memory for a while, and files for good.
        is_kept = history is not None and not (history.problem and history.problem.permanent)
        options = StoreOptions(
            self._files_path if is_kept else None,
            largest,
            kept_s,
            publish,
            history.announcements if history is not None and is_kept else nothing_known,
        )
        store = LazyFileStore(options)
        self._resources.callback(store.close)
        store.open_existing()
        return store

    def _lock_own(self) -> HistoryLock | None:
        """Lock the room's own history file, which another room may have been given with `--history`."""
        with contextlib.suppress(OSError):
            return lock_history(self._history_path)
        return None

    def _lock_chosen(self, path: Path) -> HistoryLock | None:
        """Lock a history file that the host chose, and check it before anything is written."""
        lock = None
        try:
            path.parent.stat()
            if path.is_dir():
                raise UnusableFile(not_a_file(path))
            lock = lock_history(path)
            check_history(path)
        except (*DATABASE_ERRORS, OSError) as error:
            fault = explain(error, path)
            if not fault.passes:
                if lock is not None:
                    lock.withdraw()
                raise HistoryUnusable(path, fault.reason, fault.cure) from error
        return lock

    def close(self) -> None:
        """Close the store of files and the history, then release the locks. Twice is harmless."""
        self._resources.close()
