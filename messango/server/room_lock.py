"""The tag and the lock of a room. On one computer, the same name is always the same room."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from messango.errors import CorruptFile, FileInUse, MessangoError, RoomInUse, StorageUnavailable
from messango.protocol.room_id import TAG_DIGITS, stored_tag_of
from messango.room.history.file.check import real_path
from messango.room.history.reading.public_reader import FILES_SUFFIX, HISTORY_SUFFIX, room_file_stem
from messango.storage import home, try_lock

#: A room that is just closing needs this long at most to release its lock.
_WAIT_FOR_CLOSE_S: Final = 2.0
_RETRY_S: Final = 0.05

#: A line of a lock file: the process that has locked it last.
_HOLDER_LINE: Final = re.compile(r"pid (\d{1,10})\Z")
_MAX_FILE_CHARACTERS: Final = 200

#: There is no space for one more file.
DISK_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})

#: The folder is the trouble, not what is in the file.
_FOLDER_REFUSED: Final = DISK_FULL | {errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class LockedRoom:
    """A room's tag (see `protocol/room_id.py`) and name, locked by this process until `release`."""

    tag: str
    name: str
    lock_file: IO[str]
    path: Path

    @property
    def history_path(self) -> Path:
        """The room's history file, unless the host chooses another."""
        return self.path.with_suffix(HISTORY_SUFFIX)

    @property
    def files_path(self) -> Path:
        """The folder of the files that members share, unless the host chooses another history."""
        return self.path.with_suffix(FILES_SUFFIX)

    @property
    def bans_path(self) -> Path:
        """The file with the room's bans."""
        return self.path.with_suffix(".bans")

    def release(self) -> None:
        """Unlock the room for other processes. Twice is harmless."""
        _close(self.lock_file)


def lock_room(name: str) -> LockedRoom:
    """Lock the room with this name; waits up to 2 s for one that is just closing.

    The room's file contains the tag and is also the lock, so both are taken in one step. Raises `RoomInUse`
    if the room is open, and `CorruptFile`.
    """
    folder = home() / "rooms"
    path = _identity_path(folder, name)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        file = _wait_for_lock(path)
        if file is None:
            raise RoomInUse(name, _holder(path, 1))
    except OSError as error:
        raise _id_error(path, error) from error
    try:
        stored = file.read(_MAX_FILE_CHARACTERS).splitlines()
        first_line, *_ = stored or [secrets.token_hex(TAG_DIGITS // 2)]
        tag = stored_tag_of(first_line)
        if tag is None:
            raise ValueError("not a tag")
        # On a full disk the lock of a known room holds without the process's number.
        with contextlib.suppress(*[OSError] if stored else []):
            _write_lines(file, first_line, f"pid {os.getpid()}")
    except (ValueError, OSError) as error:
        _close(file)
        raise _id_error(path, error) from error
    return LockedRoom(tag, name, file, path)


def lock_history(path: Path) -> HistoryLock | None:
    """Lock a history file; None if a full disk has no room for a lock.

    A symbolic link to a file has the file's lock. Raises `FileInUse` if another room writes to it, or
    `OSError`.
    """
    real = real_path(path)
    lock = real.with_name(f"{real.name}.lock")
    is_new = not lock.exists()
    try:
        file = _wait_for_lock(lock)
    except OSError as error:
        if error.errno in DISK_FULL:
            return None
        raise
    if file is None:
        raise FileInUse(path, _holder(lock, 0))
    with contextlib.suppress(OSError):  # On a full disk the lock holds without the process's number.
        _write_lines(file, f"pid {os.getpid()}")
    return HistoryLock(file, lock, is_new=is_new)


class HistoryLock:
    """The lock of a history file, beside it, until `close`. Owns the lock's file."""

    def __init__(self, file: IO[str], path: Path, *, is_new: bool) -> None:
        self._file = file
        self._path = path
        self._is_new = is_new

    def withdraw(self) -> None:
        """Unlock, and remove the lock's file unless it was there before: the history is not used at all."""
        if self._is_new:
            with contextlib.suppress(OSError):
                self._path.unlink()
        self.close()

    def renew(self) -> None:
        """Lock again if the lock's file was deleted, for example with the folder of the history."""
        with contextlib.suppress(OSError):
            if self._path.exists() and os.path.samestat(self._path.stat(), os.fstat(self._file.fileno())):
                return
            if (file := _open_locked(self._path)) is not None:
                _close(self._file)
                self._file = file
                _write_lines(file, f"pid {os.getpid()}")

    def close(self) -> None:
        """Unlock. Twice is harmless."""
        _close(self._file)


def _close(file: IO[str]) -> None:
    with contextlib.suppress(OSError):  # On a full disk closing fails too, and unlocks nevertheless.
        file.close()


def _wait_for_lock(path: Path) -> IO[str] | None:
    deadline_s = time.monotonic() + _WAIT_FOR_CLOSE_S
    while (file := _open_locked(path)) is None and time.monotonic() < deadline_s:
        # Waiting for a lock in the system has no timeout.
        time.sleep(_RETRY_S)
    return file


def _identity_path(folder: Path, name: str) -> Path:
    """Return the file of the room with this name, also if an earlier version has named it.

    The rule for equal names used to keep invisible characters; an existing room keeps its id and history.
    """
    path = folder / f"{room_file_stem(name)}.room"
    former = folder / f"{hashlib.sha256(_former_key(name).encode()).hexdigest()[:16]}.room"
    return former if former.exists() and not path.exists() else path


def _former_key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(character for character in folded if unicodedata.category(character) != "Cf").strip()


def _open_locked(path: Path) -> IO[str] | None:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii", newline="\n")
    if try_lock(file):
        return file
    file.close()
    return None


def _write_lines(file: IO[str], *lines: str) -> None:
    """Write the lines over the former ones; the first may be a tag, so the file is never without it.

    What follows the last but one goes first: on a full disk, nobody must read an earlier process's number.
    Raises `OSError`.
    """
    kept_bytes = sum(len(line) + 1 for line in lines[:-1])
    if os.fstat(file.fileno()).st_size > kept_bytes:
        os.ftruncate(file.fileno(), kept_bytes)
    file.seek(0)
    file.write("".join(f"{line}\n" for line in lines))
    file.flush()
    file.truncate()


def _holder(path: Path, line_index: int) -> int | None:
    """Return the process that has locked the file, as far as the file says."""
    try:
        lines = path.read_text("ascii").splitlines()
        holder = _HOLDER_LINE.match(lines[line_index])
    except (OSError, ValueError, IndexError):
        return None
    return int(holder[1]) if holder else None


def _id_error(path: Path, error: Exception) -> MessangoError:
    if isinstance(error, OSError) and not path.parent.is_dir():
        return StorageUnavailable(path.parent, "it is not a folder")
    if isinstance(error, OSError) and error.errno in _FOLDER_REFUSED:
        return StorageUnavailable(path.parent, error.strerror or str(error))
    return CorruptFile(
        path,
        "The room's id",
        "Move the file away and start again. The room then gets a new id, so its members see a new room.",
    )
