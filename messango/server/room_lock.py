"""The id and the lock of a room. On one computer, the same name always gives the same id."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from messango.errors import CorruptFile, FileInUse, MessangoError, StorageUnavailable
from messango.protocol.validation import numbered_name
from messango.room.history_reader import HISTORY_SUFFIX, room_file_stem
from messango.storage import home, try_lock

_ID_BYTES: Final = 8

#: There is no space for one more file.
DISK_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})

#: The folder is the trouble, not what is in the file.
_FOLDER_REFUSED: Final = DISK_FULL | {errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class RoomIdentity:
    """A room's id and name, locked by this process until `release`."""

    room_id: str
    name: str
    lock_file: IO[str]
    path: Path

    @property
    def history_path(self) -> Path:
        """The room's history file, unless the host chooses another."""
        return self.path.with_suffix(HISTORY_SUFFIX)

    @property
    def bans_path(self) -> Path:
        """The file with the room's bans."""
        return self.path.with_suffix(".bans")

    def release(self) -> None:
        """Unlock the room for other processes. Twice is harmless."""
        self.lock_file.close()


def lock_room(name: str) -> RoomIdentity:
    """Lock the room with this name; if another process has it open, add ` 2`, ` 3`... to the name.

    The room's file contains the id and is also the lock, so both are taken in one step. Raises `CorruptFile`.
    """
    folder = home() / "rooms"
    for number in itertools.count(1):
        candidate = name if number == 1 else numbered_name(name, number)
        path = folder / f"{room_file_stem(candidate)}.room"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            file = _open_locked(path)
        except OSError as error:
            raise _id_error(path, error) from error
        if file is not None:
            return RoomIdentity(_read_or_create_id(file, path), candidate, file, path)
    raise AssertionError("itertools.count() has no end")


def lock_history(path: Path) -> HistoryLock | None:
    """Lock a history file that the host chose; None if a full disk has no room for a lock.

    Raises `FileInUse` if another room writes to it, or `OSError`.
    """
    lock = path.with_name(f"{path.name}.lock")
    is_new = not lock.exists()
    try:
        file = _open_locked(lock)
    except OSError as error:
        if error.errno in DISK_FULL:
            return None
        raise
    if file is None:
        raise FileInUse(path)
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

    def close(self) -> None:
        """Unlock. Twice is harmless."""
        self._file.close()


def _open_locked(path: Path) -> IO[str] | None:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii")
    if try_lock(file):
        return file
    file.close()
    return None


def _read_or_create_id(file: IO[str], path: Path) -> str:
    try:
        room_id = file.read(100).strip()
        if not room_id:
            room_id = secrets.token_hex(_ID_BYTES)
            file.write(room_id + "\n")
            file.flush()
        if len(bytes.fromhex(room_id)) != _ID_BYTES:
            raise ValueError(f"an id has {_ID_BYTES} bytes")
    except (ValueError, OSError) as error:
        with contextlib.suppress(OSError):  # On a full disk closing fails too.
            file.close()
        raise _id_error(path, error) from error
    return room_id


def _id_error(path: Path, error: Exception) -> MessangoError:
    if isinstance(error, OSError) and error.errno in _FOLDER_REFUSED:
        return StorageUnavailable(path.parent, error.strerror or str(error))
    return CorruptFile(
        path,
        "The room's id",
        "Move the file away and start again. The room then gets a new id, so its members see a new room.",
    )
