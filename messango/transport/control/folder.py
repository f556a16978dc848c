"""The folder `control` in Messango's folder: for each room that is open there, a socket and a record.

The record, `HASH.json`, says which room and process that is, and on Windows the name of its pipe. The hash
is of this computer and the room: the folder may be on a network drive, and a socket belongs to one computer.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from pathlib import Path
from socket import gethostname
from typing import Final

import msgspec

from messango.storage import file_lock, home, write_private
from messango.transport.identity.machine_id import machine_id

FOLDER_NAME: Final = "control"

#: Locked while a socket is created and while one without a server is removed.
_LOCK_NAME: Final = "rooms"

_MACHINE_DIGITS: Final = 8
_ROOM_DIGITS: Final = 12


class RoomRecord(msgspec.Struct, frozen=True):
    """An open room: its id and name, the server's process, and on Windows its pipe."""

    id: str
    name: str
    pid: int
    pipe: str = ""


def control_folder() -> Path:
    """Return the folder, created for its owner only.

    Raises `StorageUnavailable`, or `OSError` if it is another user's or can't be made private.
    """
    folder = home() / FOLDER_NAME
    if problem := folder_problem():
        raise PermissionError(0, problem)
    folder.mkdir(mode=0o700, exist_ok=True)
    if sys.platform != "win32" and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        folder.chmod(0o700)
    return folder


def folder_problem() -> str:
    """Return why no room can be controlled with the folder as it is, and the cure; "" if nothing is wrong.

    Another user's folder, or a link to anywhere, could be changed under us. Raises `StorageUnavailable`.
    """
    folder = home() / FOLDER_NAME
    try:
        status = folder.lstat()
    except OSError:
        return ""  # Not created yet, or its path leads nowhere, which is reported when it is created.
    if not stat.S_ISDIR(status.st_mode):
        return f"{folder} is not a folder: remove it, and open the room again"
    if sys.platform != "win32" and status.st_uid not in (os.geteuid(), home().stat().st_uid):
        return f"{folder} is another user's: remove it, and open the room again"
    return ""


def record_path(folder: Path, room_id: str) -> Path:
    """Return where the record of this room is, for this computer."""
    room = hashlib.sha256(room_id.encode()).hexdigest()[:_ROOM_DIGITS]
    return folder / f"{_machine_prefix()}-{room}.json"


def socket_path(record: Path) -> Path:
    """Return the room's socket, beside its record."""
    return record.with_suffix(".sock")


def read_records() -> dict[Path, RoomRecord]:
    """Return the records of this computer; one that can't be read counts as none.

    Raises `StorageUnavailable`.
    """
    records = {}
    for path in sorted((home() / FOLDER_NAME).glob(f"{_machine_prefix()}-*.json")):
        if not path.is_file():
            continue  # Reading a pipe would wait for a writer.
        with contextlib.suppress(OSError, ValueError):
            records[path] = msgspec.json.decode(path.read_bytes(), type=RoomRecord)
    return records


def write_record(path: Path, record: RoomRecord) -> None:
    """Write or replace a record; raises `OSError`."""
    write_private(path, msgspec.json.encode(record))


def remove_record(path: Path) -> None:
    """Remove a record and its socket. What can't be removed stays."""
    for file in (path, socket_path(path)):
        with contextlib.suppress(OSError):
            file.unlink()


def lock_folder(folder: Path) -> contextlib.AbstractContextManager[None]:
    """Hold the folder's lock, or go on without it after 2 s; raises `OSError`."""
    return file_lock(folder / _LOCK_NAME)


def _machine_prefix() -> str:
    machine = machine_id() or gethostname()
    return hashlib.sha256(f"messango control {machine}".encode()).hexdigest()[:_MACHINE_DIGITS]
