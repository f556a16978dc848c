"""Looks at a history file before anything is written to it: a file that can't be used stays as it is."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from pathlib import Path
from typing import Final

from messango.protocol.limits import MAX_BACKLOG_MESSAGES
from messango.room.history.file.faults import (
    UnusableFile,
    cut_off,
    damaged,
    foreign,
    not_a_file,
    not_a_history,
)
from messango.room.history.file.migrations import APPLICATION_ID, check_version
from messango.room.history.file.stored_message import check_messages

#: The first bytes of a database, and where its header has what we need (sqlite.org/fileformat.html, 1.3).
_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100

#: A larger file is not checked as a whole: opening a room would take seconds.
_MAX_CHECKED_BYTES: Final = 256_000_000

#: The longest time that the room waits for another program that has locked the file, in seconds.
BUSY_TIMEOUT_S: Final = 0.25

_SIDECAR_SUFFIXES: Final = ("-wal", "-shm", "-journal")


def real_path(path: Path) -> Path:
    """Return where the file itself is, without links; never raises."""
    return Path(os.path.realpath(path))


def sidecars(path: Path) -> list[Path]:
    """Return the paths of the files that SQLite keeps beside a database: with a link, beside its target."""
    real = real_path(path)
    return [real.with_name(real.name + suffix) for suffix in _SIDECAR_SUFFIXES]


def check_history(path: Path) -> None:
    """Raise if a room can't store its history at `path`; a missing or an empty file can become one.

    Nothing is changed, and nothing is left beside the file. Raises `UnusableFile`, `ForeignDatabase`,
    `LaterVersion`, another `sqlite3.Error`, or `OSError`. No connection to the file may be open in this
    process.
    """
    size = check_header(path)
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise sqlite3.OperationalError("attempt to write a readonly database")
    if not size:
        return
    before = [each for each in sidecars(path) if os.path.lexists(each)]
    try:
        _check_contents(path, is_large=size > _MAX_CHECKED_BYTES)
    except sqlite3.OperationalError as error:
        # SQLite can't share its log on this drive: only a process that writes can open the file.
        if "unable to open" not in str(error):
            raise
    finally:
        for each in sidecars(path):
            if each not in before:
                with contextlib.suppress(OSError):
                    each.unlink()


def _check_contents(path: Path, *, is_large: bool) -> None:
    with contextlib.closing(open_read_only(path)) as database:
        if check_version(database) and not is_large:
            ((result,),) = database.execute("PRAGMA quick_check(1)").fetchall()
            if result != "ok":
                raise UnusableFile(damaged(path))
            check_messages(database, MAX_BACKLOG_MESSAGES)


def check_header(path: Path) -> int:
    """Return the size of the file at `path` in bytes, 0 if there is none; raises if it is not a database.

    Raises `UnusableFile` or `OSError`.
    """
    with contextlib.suppress(FileNotFoundError):
        sidecars(path)[-1].lstat()  # The file's name may be fine, and this one too long.
    try:
        status = path.stat()
    except FileNotFoundError:
        real_path(path).parent.stat()
        return 0
    if not stat.S_ISREG(status.st_mode):
        raise UnusableFile(not_a_file(path))
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header.startswith(_MAGIC[: len(header)]):
        raise UnusableFile(not_a_history(path))
    if header and not _has_log(path):
        _check_size(path, header, status.st_size)
        if int.from_bytes(header[68:72], "big") not in (0, APPLICATION_ID):
            raise UnusableFile(foreign(path))
    return status.st_size


def _has_log(path: Path) -> bool:
    """Return whether SQLite's log holds newer pages than the file: then the file may lack some."""
    log, _index, journal = sidecars(path)
    return any(each.exists() and each.stat().st_size for each in (log, journal))


def _check_size(path: Path, header: bytes, size: int) -> None:
    if len(header) < _HEADER_BYTES:
        raise UnusableFile(cut_off(path, size, _HEADER_BYTES))
    page_size = int.from_bytes(header[16:18], "big")
    page_count = int.from_bytes(header[28:32], "big")
    # The count is valid only if these two counters are equal.
    expected = page_count * (65_536 if page_size == 1 else page_size)
    if header[24:28] == header[92:96] and size < expected:
        raise UnusableFile(cut_off(path, size, expected))


def open_read_only(path: Path, *, timeout_s: float = BUSY_TIMEOUT_S) -> sqlite3.Connection:
    """Return a connection that does not change the file, and waits `timeout_s` for one that locks it.

    Raises `sqlite3.Error`.
    """
    # After a crash without a log, only a connection that may write can restore the last whole state.
    *_, journal = sidecars(path)
    mode = "rw" if journal.exists() and journal.stat().st_size else "ro"
    try:
        return _connect(path, f"mode={mode}", timeout_s)
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or _has_log(path):
            raise
        # On a read-only drive SQLite can't create its files beside the history, and on a network drive it
        # can't use them. Without a log it needs none.
        return _connect(path, "mode=ro&immutable=1", timeout_s)


def _connect(path: Path, options: str, timeout_s: float) -> sqlite3.Connection:
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}", timeout=timeout_s, uri=True, isolation_level=None
    )
    with contextlib.ExitStack() as undo:
        undo.callback(database.close)
        database.execute("SELECT 1 FROM sqlite_master").fetchone()
        undo.pop_all()
    return database
