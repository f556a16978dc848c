"""The id and the lock of a room. On one computer, the same name always gives the same id."""

from __future__ import annotations

import hashlib
import itertools
import os
import secrets
import unicodedata
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
        path = _identity_path(folder, candidate)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            file = _open_locked(path)
        except OSError as error:
            raise _corrupt_id_error(path) from error
        if file is not None:
            return RoomIdentity(_read_or_create_id(file, path), candidate, file, path)
    raise AssertionError("itertools.count() has no end")


def lock_history(path: Path) -> IO[str]:
    """Lock a history file that the host chose; the lock lasts until the returned file is closed.

    Raises `FileInUse` if another room writes to it, or `CorruptFile`.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        file = _open_locked(lock)
    except OSError as error:
        hint = "Choose a file in a folder that exists and that you can write to."
        raise CorruptFile(lock, "The lock beside the history", hint) from error
    if file is None:
        raise FileInUse(path)
    return file


def _identity_path(folder: Path, name: str) -> Path:
    """Return the file of the room with this name, also if an earlier version has named it.

    The rule for equal names used to keep invisible characters; an existing room keeps its id and history.
    """
    path, former = (
        folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.room"
        for key in (normalized_name(name), _former_key(name))
    )
    return former if former.exists() and not path.exists() else path


def _former_key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(character for character in folded if unicodedata.category(character) != "Cf").strip()


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
        "Move the file away and start again. The room then gets a new id, so its members see a new room.",
    )
