"""Which room this is: a name that is opened again on this machine gets its old id, so members know it."""

from __future__ import annotations

import hashlib
import itertools
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from messango.errors import CorruptFile, FileInUse
from messango.protocol.validation import normalized_name, numbered_name
from messango.room.history_reader import HISTORY_SUFFIX
from messango.storage import home, try_lock

_ID_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class RoomIdentity:
    """A room's id and name, held for this process until `release`."""

    room_id: str
    name: str
    lock_file: IO[str]
    path: Path

    @property
    def history_path(self) -> Path:
        """Where what is said in the room is kept unless the host says otherwise."""
        return self.path.with_suffix(HISTORY_SUFFIX)

    @property
    def bans_path(self) -> Path:
        """Where it is kept whom the host has banned."""
        return self.path.with_suffix(".bans")

    def release(self) -> None:
        """Let another process open the room. Twice is harmless."""
        self.lock_file.close()


def lock_room(name: str) -> RoomIdentity:
    """Hold the room of this name; where another process of ours has it open, ` 2`... is added.

    The room's file carries the id and is the lock as well, so there is no moment between the two.
    Raises `CorruptFile`.
    """
    folder = home() / "rooms"
    for number in itertools.count(1):
        candidate = name if number == 1 else numbered_name(name, number)
        path = folder / f"{hashlib.sha256(normalized_name(candidate).encode()).hexdigest()[:16]}.room"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            file = _open_locked(path)
        except OSError as error:
            raise _corrupt_id_error(path) from error
        if file is not None:
            return RoomIdentity(_read_or_create_id(file, path), candidate, file, path)
    raise AssertionError("itertools.count() has no end")


def lock_history(path: Path) -> IO[str]:
    """Hold a history file that the host named, until what is returned is closed.

    Raises `FileInUse` where another room writes to it, and `CorruptFile`.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        file = _open_locked(lock)
    except OSError as error:
        hint = "Give a file in a folder that exists and that you may write to."
        raise CorruptFile(lock, "The lock beside the history", hint) from error
    if file is None:
        raise FileInUse(path)
    return file


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
        file.close()
        raise _corrupt_id_error(path) from error
    return room_id


def _corrupt_id_error(path: Path) -> CorruptFile:
    return CorruptFile(
        path,
        "The room's id",
        "Move the file away and start again: the room gets a new id, and members meet it as a new room.",
    )
