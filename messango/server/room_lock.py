"""The tag and the lock of a room. On one computer, the same name is always the same room."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from messango.errors import CorruptFile, FileInUse, RoomInUse
from messango.protocol.room_id import TAG_DIGITS, stored_tag_of
from messango.protocol.validation import normalized_name
from messango.room.history_reader import HISTORY_SUFFIX
from messango.storage import home, try_lock

#: A room that is just closing needs this long at most to release its lock.
_WAIT_FOR_CLOSE_S: Final = 2.0
_RETRY_S: Final = 0.05

#: A line of a lock file: the process that has locked it last.
_HOLDER_LINE: Final = re.compile(r"pid (\d{1,10})\Z")
_MAX_FILE_CHARACTERS: Final = 200


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
    def bans_path(self) -> Path:
        """The file with the room's bans."""
        return self.path.with_suffix(".bans")

    def release(self) -> None:
        """Unlock the room for other processes. Twice is harmless."""
        self.lock_file.close()


def lock_room(name: str) -> LockedRoom:
    """Lock the room with this name; waits up to 2 s for one that is just closing.

    The room's file contains the tag and is also the lock, so both are taken in one step. Raises `RoomInUse`
    if the room is open, and `CorruptFile`.
    """
    folder = home() / "rooms"
    path = folder / f"{hashlib.sha256(normalized_name(name).encode()).hexdigest()[:16]}.room"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        file = _wait_for_lock(path)
        if file is None:
            raise RoomInUse(name, _holder(path, 1))
    except OSError as error:
        raise _corrupt_file_error(path) from error
    try:
        first_line, *_ = file.read(_MAX_FILE_CHARACTERS).splitlines() or [secrets.token_hex(TAG_DIGITS // 2)]
        tag = stored_tag_of(first_line)
        if tag is None:
            raise ValueError("not a tag")
        _write_lines(file, first_line, f"pid {os.getpid()}")
    except (ValueError, OSError) as error:
        file.close()
        raise _corrupt_file_error(path) from error
    return LockedRoom(tag, name, file, path)


def lock_history(path: Path) -> IO[str]:
    """Lock a history file that the host chose; the lock lasts until the returned file is closed.

    Raises `FileInUse` if another room writes to it, or `CorruptFile`.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        file = _wait_for_lock(lock)
        if file is None:
            raise FileInUse(path, _holder(lock, 0))
        _write_lines(file, f"pid {os.getpid()}")
    except (OSError, ValueError) as error:
        hint = "Choose a file in a folder that exists and that you can write to."
        raise CorruptFile(lock, "The lock beside the history", hint) from error
    return file


def _wait_for_lock(path: Path) -> IO[str] | None:
    deadline_s = time.monotonic() + _WAIT_FOR_CLOSE_S
    while (file := _open_locked(path)) is None and time.monotonic() < deadline_s:
        # Waiting for a lock in the system has no timeout.
        time.sleep(_RETRY_S)
    return file


def _open_locked(path: Path) -> IO[str] | None:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii", newline="\n")
    if try_lock(file):
        return file
    file.close()
    return None


def _write_lines(file: IO[str], *lines: str) -> None:
    """Write the lines over the former ones; the first may be a tag, so the file is never empty meanwhile."""
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


def _corrupt_file_error(path: Path) -> CorruptFile:
    return CorruptFile(
        path,
        "The room's id",
        "Move the file away and start again. The room then gets a new id, so its members see a new room.",
    )
