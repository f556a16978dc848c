"""Notices that an open history file is no longer at its place: deleted, moved, replaced or overwritten."""

from __future__ import annotations

import enum
import os
import stat
from pathlib import Path
from typing import TypeAlias

#: What tells one file from another: its device and inode.
_Identity: TypeAlias = tuple[int, int]

#: The identities of a path and of the file that it leads to, then the file's size, and time in nanoseconds.
_State: TypeAlias = tuple[tuple[int, int, int, int], int, int]


class Displacement(enum.Enum):
    """What has happened to an open file, as the end of the sentence `The history file X ...`."""

    GONE = "was deleted or moved away"
    REPLACED = "was replaced by another file"
    OVERWRITTEN = "was overwritten by another program"
    LOG_GONE = "lost its log"


class HistoryPlace:
    """The identity of the files of an open history, as of the last look. Opens nothing.

    Looking is enough: on Linux and macOS an open file can be deleted or renamed, and SQLite goes on writing
    to it. Windows does not allow that.
    """

    def __init__(self, path: Path, *, has_log: bool = False) -> None:
        """`has_log`: SQLite writes to a log beside the file."""
        self.path = path
        self.has_log = has_log
        # Each batch of messages looks three times, and a look at a `Path` costs three times as much.
        # SQLite's log is beside the file itself, also if a link leads to it.
        self._path_text, self._log_text = str(path), f"{os.path.realpath(path)}-wal"
        self._state = _look(self._path_text)
        self._log: _Identity | None = None

    def record(self) -> None:
        """Take what is there now as right."""
        self._state = _look(self._path_text)
        if self.has_log:
            self._log = self._log or _identity(self._log_text)

    def accept_write(self) -> None:
        """Take a new size and time of the same file as right: we have written to it."""
        found = _look(self._path_text)
        if found is not None and self._state is not None and found[0] == self._state[0]:
            self._state = found

    def displacement(self, *, after_write: bool = False) -> Displacement | None:
        """Return what has happened since the last look, or None.

        With `after_write` a new size and time are our own doing, and are taken as right.
        """
        known, found = self._state, _look(self._path_text)
        if found != known:
            if known is None or found is None:
                return Displacement.GONE
            if found[0] != known[0]:
                return Displacement.REPLACED
            if not after_write:
                return Displacement.OVERWRITTEN
            self._state = found
        elif found is None:
            return Displacement.GONE
        if self._log is not None and _identity(self._log_text) != self._log:
            return Displacement.LOG_GONE
        return None

    def is_own_log(self) -> bool:
        """Return whether the log that is beside the file now is the one that we opened."""
        return _identity(self._log_text) == self._log


def _look(path: str) -> _State | None:
    try:
        link = target = os.lstat(path)
        if stat.S_ISLNK(link.st_mode):
            target = os.stat(path)  # noqa: PTH116 (see `HistoryPlace`)
    except OSError:
        return None
    files = (link.st_dev, link.st_ino, target.st_dev, target.st_ino)
    return files, target.st_size, target.st_mtime_ns


def _identity(path: str) -> _Identity | None:
    try:
        status = os.stat(path)  # noqa: PTH116 (see `HistoryPlace`)
    except OSError:
        return None
    return status.st_dev, status.st_ino
