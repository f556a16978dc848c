"""Folders for the files of rooms without a history: each goes with its server, also if that is killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import IO, Final

from messango.room.files.file_records import is_stored_name
from messango.server.files.store.store_folder import StoreFolder, new_name
from messango.storage import try_lock

_LOCK_ENDING: Final = ".lock"


class TemporaryFolder(StoreFolder):
    """A folder of its own in `parent`, with a lock beside it. Owns the lock."""

    def __init__(self, parent: Path) -> None:
        super().__init__(parent / new_name())
        self._lock: IO[str] | None = None

    @property
    def exists(self) -> bool:
        """Whether this run has put something there: its name is new."""
        return self._lock is not None

    def create(self) -> None:
        """Create the folder, once its lock is held: what is without one is a leftover."""
        if self._lock is None:
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            self._lock = self._create_lock()
        super().create()

    def _create_lock(self) -> IO[str]:
        while True:
            lock_path = self.path.with_name(f"{self.path.name}{_LOCK_ENDING}")
            file = os.fdopen(os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii")
            # Another server may have taken the lock's file for a leftover before it was locked.
            if try_lock(file) and _is_at(file, lock_path):
                return file
            file.close()
            self.path = self.path.with_name(new_name())

    def close(self) -> None:
        """Remove the folder and its lock. Twice is harmless."""
        if self._lock is not None:
            shutil.rmtree(self.path, ignore_errors=True)
            lock, self._lock = self._lock, None
            _remove_lock(self.path, lock)


def remove_leftovers(parent: Path) -> None:
    """Remove the folders of servers that were killed: those whose locks nobody holds.

    Whatever else is there is not ours: somebody may have made `parent` a link to a folder of their own.
    """
    with contextlib.suppress(OSError):
        for path in [*parent.iterdir()]:
            folder = path.with_name(path.name.removesuffix(_LOCK_ENDING))
            if is_stored_name(folder.name):
                with contextlib.suppress(OSError):
                    _remove_unless_locked(folder)


def _remove_unless_locked(folder: Path) -> None:
    lock_path = folder.with_name(f"{folder.name}{_LOCK_ENDING}")
    file = os.fdopen(os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii")
    if not try_lock(file):
        file.close()
        return
    shutil.rmtree(folder, ignore_errors=True)
    _remove_lock(folder, file)


def _remove_lock(folder: Path, file: IO[str]) -> None:
    """Remove the lock of a folder, unless something of it is left for the next server to remove."""
    is_gone = not folder.exists()
    lock_path = folder.with_name(f"{folder.name}{_LOCK_ENDING}")
    with file, contextlib.suppress(OSError):
        if is_gone:
            lock_path.unlink(missing_ok=True)
    if is_gone and sys.platform == "win32":  # There, an open file can't be removed.
        with contextlib.suppress(OSError):
            lock_path.unlink(missing_ok=True)


def _is_at(file: IO[str], path: Path) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False
