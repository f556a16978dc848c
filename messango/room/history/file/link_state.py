"""The state of a link in a history file: texts by their keys, whose meaning only the fold knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from messango.room.history.file.stored_message import ForeignValue


def read_link_state(database: sqlite3.Connection) -> dict[str, str]:
    """Return all of the state; raises `ForeignValue` or another `sqlite3.Error`."""
    state = dict[str, str]()
    for key, value in database.execute("SELECT key, value FROM link_state"):
        if not (isinstance(key, str) and isinstance(value, str)):
            raise ForeignValue("the state of its link has a value that Messango does not write")
        state[key] = value
    return state


def write_link_state(database: sqlite3.Connection, changes: Mapping[str, str | None]) -> None:
    """Set texts, and remove the keys that change to None, within a transaction of the caller."""
    texts = [(key, value) for key, value in changes.items() if value is not None]
    removed = [(key,) for key, value in changes.items() if value is None]
    database.executemany("INSERT OR REPLACE INTO link_state VALUES (?, ?)", texts)
    if removed:
        database.executemany("DELETE FROM link_state WHERE key = ?", removed)
