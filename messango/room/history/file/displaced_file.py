"""Leaves the file of a replica behind, so that another one can be at its place."""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path

from messango.room.history.file.check import sidecars
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.file.place import HistoryPlace
from messango.room.history.file.sqlite_history import SqliteHistory


def leave_displaced(store: SqliteHistory, place: HistoryPlace) -> None:
    """Close a history whose file is not at its place; what is there now stays as it is.

    Raises `OSError`.
    """
    log, shared_memory, _journal = sidecars(place.path)
    if place.is_own_log():
        # What is in our log belongs to the file that was moved away, never to the one that is there now.
        with contextlib.suppress(*DATABASE_ERRORS):
            store.empty_log()
        store.close()
        log.unlink(missing_ok=True)
        shared_memory.unlink(missing_ok=True)
        return
    hidden = _free_name(log, "kept")
    with contextlib.suppress(FileNotFoundError):
        log.rename(hidden)
    # SQLite may delete the log at its place with the last connection.
    store.close()
    with contextlib.suppress(FileNotFoundError):
        hidden.rename(log)


def move_away(store: SqliteHistory | None, path: Path, label: str) -> Path | None:
    """Close a history and rename its file, with `label` after its name; return the new path.

    None if there is no file. Nothing is deleted. Raises `OSError`.
    """
    if store is not None:
        with contextlib.suppress(*DATABASE_ERRORS):
            store.empty_log()
        store.close()
    if not os.path.lexists(path):
        return None
    target = _free_name(path, label)
    # With a link, they stay beside the file to which it leads.
    beside = [] if path.is_symlink() else [each for each in sidecars(path) if each.exists()]
    path.rename(target)
    for each in beside:
        each.rename(target.with_name(target.name + each.name.removeprefix(path.name)))
    return target


def _free_name(path: Path, label: str) -> Path:
    """Return a path beside `path` that nothing has: `room.sqlite.forked`, `room.sqlite.forked-2`."""
    suffixes = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    names = (path.with_name(f"{path.name}.{label}{suffix}") for suffix in suffixes)
    return next(name for name in names if not os.path.lexists(name))
