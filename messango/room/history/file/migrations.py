"""The tables of a room's history file, as named and ordered steps that the file records."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Final, NamedTuple, TypeAlias

from messango.room.history.file.stored_message import ForeignValue

#: The name and the statement of each step.
Steps: TypeAlias = tuple[tuple[str, str], ...]

#: Marks our files among other SQLite databases ("Msgo"; `PRAGMA application_id`).
APPLICATION_ID: Final = 0x4D73676F

#: Each is applied once, in this order, and must never change: a later version adds new ones.
MIGRATIONS: Final[Steps] = (
    ("facts", "CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"),
    (
        "messages",
        "CREATE TABLE message (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, member TEXT NOT NULL,"
        " time REAL NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL)",
    ),
    ("messages known by their ids", "CREATE UNIQUE INDEX message_by_id ON message (member, id)"),
    # `proof` is the hash of the session's secret.
    (
        "sessions",
        "CREATE TABLE session (proof TEXT PRIMARY KEY, member TEXT NOT NULL, name TEXT NOT NULL,"
        " seen REAL NOT NULL) WITHOUT ROWID",
    ),
    # 1 if the session began over an encrypted connection, 0 if not; unknown for older ones.
    ("sessions with the kind of their connection", "ALTER TABLE session ADD COLUMN encrypted INTEGER"),
    # `reply` is the number of the message that this one answers; `recipient` the public id of the only member
    # besides the sender who may see it, or NULL; `state` is 1 for an edited message, 2 for a deleted one.
    ("answers", "ALTER TABLE message ADD COLUMN reply INTEGER"),
    ("private messages", "ALTER TABLE message ADD COLUMN recipient TEXT"),
    ("private messages with a name", "ALTER TABLE message ADD COLUMN recipient_name TEXT"),
    ("edited and deleted messages", "ALTER TABLE message ADD COLUMN state INTEGER"),
    # What takes a number besides messages: `kind` is `reacted`, `edited` or `deleted`.
    (
        "changes",
        "CREATE TABLE change (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL,"
        " member TEXT NOT NULL, time REAL NOT NULL, name TEXT NOT NULL, target INTEGER NOT NULL,"
        " emoji TEXT, is_on INTEGER, text TEXT)",
    ),
    ("changes known by their ids", "CREATE UNIQUE INDEX change_by_id ON change (member, id)"),
    ("changes by their messages", "CREATE INDEX change_by_target ON change (target)"),
    # The reactions that there are now: `seq` is that of the change which added one.
    (
        "reactions",
        "CREATE TABLE reaction (target INTEGER NOT NULL, emoji TEXT NOT NULL, member TEXT NOT NULL,"
        " name TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (target, emoji, member)) WITHOUT ROWID",
    ),
    # What a frame's `file` has, as JSON, or NULL.
    ("messages with files", "ALTER TABLE message ADD COLUMN file TEXT"),
    (
        "messages with files known by their times",
        "CREATE INDEX message_with_file ON message (time) WHERE file IS NOT NULL",
    ),
    # Of a linked room: what its server has made of the stream so far. Other rooms have nothing in it.
    (
        "state of a link",
        "CREATE TABLE link_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
)


class Schema(NamedTuple):
    """What makes a database one of ours: the mark of its kind, and its steps."""

    application_id: int
    steps: Steps


HISTORY: Final = Schema(APPLICATION_ID, MIGRATIONS)

#: What reading a file can raise: SQLite's message may quote damaged data, which is not valid UTF-8.
DATABASE_ERRORS: Final = (sqlite3.Error, UnicodeDecodeError)


class ForeignDatabase(sqlite3.DatabaseError):
    """The file is a database of another program."""


class LaterVersion(sqlite3.DatabaseError):
    """The file has steps that only a later version of Messango knows."""


def check_version(database: sqlite3.Connection, schema: Schema = HISTORY) -> bool:
    """Return whether the file is of this kind already, and not an empty file; changes nothing.

    Raises `ForeignDatabase`, `LaterVersion`, `ForeignValue` or another `sqlite3.Error`.
    """
    application_id, *_ = database.execute("PRAGMA application_id").fetchone()
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if application_id != schema.application_id:
        if application_id or tables:
            raise ForeignDatabase("it is the database of another program")
        return False
    if "step" in tables:
        _check_tables(database, schema, _applied_steps(database, schema))
    return True


def _applied_steps(database: sqlite3.Connection, schema: Schema) -> set[str]:
    applied = {str(name) for (name,) in database.execute("SELECT name FROM step")}
    if unknown := applied - {name for name, _ in schema.steps}:
        raise LaterVersion(f"a later version of Messango has added {', '.join(sorted(unknown))}")
    return applied


def _check_tables(database: sqlite3.Connection, schema: Schema, applied: set[str]) -> None:
    """Raise `ForeignValue` if a table or an index is not as the applied steps have made it."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as expected:
        for name, statement in schema.steps:
            if name in applied:
                expected.execute(statement)
        wanted = _columns_of(expected)
    found = _columns_of(database)
    for name, columns in wanted.items():
        if found.get(name) != columns:
            kind = "table" if columns else "index"
            raise ForeignValue(f"its {kind} “{name}” is not as Messango makes it")


def _columns_of(database: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the names of the columns of each table, by its name; an index has none."""
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE sql IS NOT NULL")]
    query = "SELECT name FROM pragma_table_info(?)"
    return {name: [column for (column,) in database.execute(query, (name,))] for name in names}


def migrate(database: sqlite3.Connection, now_s: float, schema: Schema = HISTORY) -> None:
    """Apply the steps that the file lacks, all or none.

    Raises `ForeignDatabase`, `LaterVersion` or `sqlite3.Error`.
    """
    check_version(database, schema)
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute(f"PRAGMA application_id = {schema.application_id}")
        database.execute(
            "CREATE TABLE IF NOT EXISTS step (name TEXT PRIMARY KEY, applied REAL NOT NULL) WITHOUT ROWID"
        )
        applied = _applied_steps(database, schema)
        for name, statement in schema.steps:
            if name not in applied:
                database.execute(statement)
                database.execute("INSERT INTO step VALUES (?, ?)", (name, now_s))
