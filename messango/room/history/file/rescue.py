"""Continues an open history in a new file, after the old one was deleted, moved, replaced or overwritten."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
from pathlib import Path

from messango.protocol.frames import AnyMessage
from messango.protocol.text.wording import counted
from messango.room.history.file.check import open_read_only, sidecars
from messango.room.history.file.migrations import APPLICATION_ID, DATABASE_ERRORS, check_version
from messango.room.history.file.place import Displacement, HistoryPlace
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.file.stored_entries import StoredEntries
from messango.room.history.recent_records import RecentRecords


def put_new_file(
    store: SqliteHistory, place: HistoryPlace, how: Displacement, recent: RecentRecords, now_s: float
) -> str:
    """Put a new file at the history's place with all that is still known; return what the host should read.

    What is at the place is never deleted but renamed. `store` stays open, and has to be closed before the
    new file is opened. Raises `sqlite3.Error` or `OSError`.
    """
    path = place.path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = _free_name(path, "new")
    try:
        is_whole = _copy(store, temporary)
        if not is_whole:
            _write_recent(recent, temporary, now_s)
        count = store.count() if is_whole else sum(isinstance(each, AnyMessage) for each in recent.entries)
        moved_to = _clear_place(store, place, how)
        temporary.replace(path)
    finally:
        _remove(temporary)
    return _notice(path, how, moved_to, count, is_whole=is_whole)


def log_notice(path: Path) -> str:
    """Return what the host should read after the log was deleted, and everything was put into the file."""
    return f"The log of the history ({path.name}-wal) was deleted while the room is open. Nothing was lost."


def is_intact(path: Path, latest: int) -> bool:
    """Return whether an open file, which another program has written to, still is the room's history.

    `latest` is the number of its last message. Raises `sqlite3.Error` if the file is locked.
    """
    if not _header_is_ours(path):
        return False
    try:
        with contextlib.closing(open_read_only(path)) as database:
            if not check_version(database):
                return False
            ((result,),) = database.execute("PRAGMA integrity_check(1)").fetchall()
            found = StoredEntries(database).latest()
    except DATABASE_ERRORS as error:
        if "locked" in str(error):
            raise
        return False
    return result == "ok" and found == latest


def _header_is_ours(path: Path) -> bool:
    """Return whether the file itself, without its log, begins as a history does.

    Reads through a descriptor that is open already: opening the file and closing it again would drop the
    locks of the connection (sqlite.org/howtocorrupt.html, section 2.2).
    """
    with contextlib.suppress(OSError):
        wanted = path.stat()
        for descriptor in [int(each.name) for each in Path("/dev/fd").iterdir()]:
            with contextlib.suppress(OSError):
                if os.path.samestat(os.fstat(descriptor), wanted):
                    return os.pread(descriptor, 4, 68) == APPLICATION_ID.to_bytes(4, "big")
    return True


def _copy(store: SqliteHistory, target: Path) -> bool:
    """Copy the whole history; return false if it is damaged, as it can be if its file was overwritten.

    Even then the copy is often whole: SQLite takes from its log what is there, and from the file the rest.
    """
    _create(target)
    try:
        store.copy_to(target)
    except sqlite3.OperationalError:
        raise
    except DATABASE_ERRORS:
        return False
    return is_intact(target, store.latest)


def _write_recent(recent: RecentRecords, target: Path, now_s: float) -> None:
    """Write what is in memory into a new file."""
    _create(target)
    with contextlib.closing(SqliteHistory(target, now_s)) as new:
        for key, value in recent.facts.items():
            new.set_fact(key, value)
        new.save_sessions(recent.sessions.values(), now_s)
        if recent.entries:
            new.append([*recent.entries])


def _create(path: Path) -> None:
    _remove(path)
    path.touch(mode=0o600, exist_ok=False)


def _remove(path: Path) -> None:
    for each in (path, *sidecars(path)):
        each.unlink(missing_ok=True)


def _clear_place(store: SqliteHistory, place: HistoryPlace, how: Displacement) -> Path | None:
    """Rename what is at the history's place, with the log that belongs to it; return its new path."""
    path = place.path
    log, shared_memory = path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
    is_own_log = place.is_own_log()
    if is_own_log and how is not Displacement.OVERWRITTEN:
        # The file that was moved away is complete then, without the log that stays here.
        with contextlib.suppress(*DATABASE_ERRORS):
            store.empty_log()
    moved_to = None
    if os.path.lexists(path):
        moved_to = _free_name(path, "replaced")
        # With a second name for it, the new file replaces it in one step. Folders can have only one.
        try:
            os.link(path, moved_to, follow_symlinks=False)
        except OSError:
            path.rename(moved_to)
        if log.exists() and not is_own_log:
            log.rename(moved_to.with_name(f"{moved_to.name}-wal"))
    log.unlink(missing_ok=True)
    shared_memory.unlink(missing_ok=True)
    return moved_to


def _free_name(path: Path, kind: str) -> Path:
    """Return a path beside `path` that nothing has: `room.sqlite.new-1`."""
    names = (path.with_name(f"{path.name}.{kind}-{number}") for number in itertools.count(1))
    return next(name for name in names if not os.path.lexists(name))


def _notice(path: Path, how: Displacement, moved_to: Path | None, count: int, *, is_whole: bool) -> str:
    messages = counted(count, "message")
    contents = (
        f"with the whole conversation ({messages})"
        if is_whole
        else f"with the latest of it ({messages}), not with what is older"
    )
    found = f" What is there now is renamed to {moved_to.name}." if moved_to else ""
    happened = f"The history {path} {how.value} while the room is open."
    return f"{happened}{found} The history goes on in a new file {contents}."
