"""Changes to messages in a history file: how they are written, and checked when they are read."""

from __future__ import annotations

import math
import sqlite3
from typing import Any, Final

from messango.protocol.frames import AnyMessage, Change, Deleted, Edited, Entry, Reacted, Spoken, Told
from messango.protocol.limits import (
    MAX_EMOJI_BYTES,
    MAX_ID_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_TOKEN_CHARACTERS,
)
from messango.protocol.text.validation import clean_text
from messango.room.history.file.stored_message import (
    DELETED,
    EDITED,
    MAX_STORED_SEQ,
    ForeignValue,
    text_of_file,
)

#: The columns that `change_from_row` expects.
CHANGE_COLUMNS: Final = "seq, id, target, member, name, time, kind, emoji, is_on, text"
_TYPES: Final = (int, str, int, str, str, float)

_REACTED, _EDITED, _DELETED = "reacted", "edited", "deleted"


def change_from_row(row: tuple[Any, ...]) -> Change:
    """Return a row of `CHANGE_COLUMNS` as a frame; raises `ForeignValue`."""
    seq, request_id, target, member, name, time_s, kind, emoji, is_on, text = row
    fields = (seq, request_id, target, member, name, time_s)
    if tuple(map(type, fields)) == _TYPES and _are_valid(*fields):
        if kind == _REACTED and isinstance(emoji, str) and len(emoji) <= MAX_EMOJI_BYTES and is_on in (0, 1):
            return Reacted(*fields, emoji, bool(is_on))
        if kind == _EDITED and isinstance(text, str) and len(text) <= MAX_TEXT_CHARACTERS:
            return Edited(*fields, clean_text(text))
        if kind == _DELETED:
            return Deleted(*fields)
    raise ForeignValue(f"change {row[0]} in it has a value that Messango does not write")


def _are_valid(seq: int, request_id: str, target: int, member: str, name: str, time_s: float) -> bool:
    return (
        0 < seq <= MAX_STORED_SEQ
        and 0 < target <= MAX_STORED_SEQ
        and max(len(request_id), len(member)) <= MAX_ID_CHARACTERS
        and len(name) <= MAX_TOKEN_CHARACTERS
        and math.isfinite(time_s)
    )


def write_entry(database: sqlite3.Connection, entry: Entry) -> None:
    """Store an entry, and what it makes of other messages, within a transaction of the caller."""
    if isinstance(entry, AnyMessage):
        _write_message(database, entry)
    else:
        _write_change(database, entry)
        _apply_change(database, entry)


def _write_message(database: sqlite3.Connection, message: Spoken) -> None:
    recipient, recipient_name = (message.to, message.to_name) if isinstance(message, Told) else (None, None)
    state = DELETED if message.deleted else EDITED if message.edited else None
    reply_to = message.reply.seq if message.reply else None
    fields = (message.seq, message.id, message.member, message.time, message.name, message.text)
    database.execute(
        "INSERT INTO message"
        " (seq, id, member, time, name, text, reply, recipient, recipient_name, state, file)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields, reply_to, recipient, recipient_name, state, text_of_file(message.file)),
    )


def _write_change(database: sqlite3.Connection, change: Change) -> None:
    kind, emoji, is_on, text = _DELETED, None, None, None
    if isinstance(change, Reacted):
        kind, emoji, is_on = _REACTED, change.emoji, change.on
    elif isinstance(change, Edited):
        kind, text = _EDITED, change.text
    fields = (change.seq, change.id, change.target, change.member, change.name, change.time)
    database.execute(
        f"INSERT INTO change ({CHANGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (*fields, kind, emoji, is_on, text),
    )


def _apply_change(database: sqlite3.Connection, change: Change) -> None:
    if isinstance(change, Reacted) and change.on:
        # A new row keeps its place; a deleted message gets no reaction.
        database.execute(
            "INSERT OR IGNORE INTO reaction (target, emoji, member, name, seq)"
            " SELECT seq, ?, ?, ?, ? FROM message WHERE seq = ? AND state IS NOT ?",
            (change.emoji, change.member, change.name, change.seq, change.target, DELETED),
        )
    elif isinstance(change, Reacted):
        database.execute(
            "DELETE FROM reaction WHERE target = ? AND emoji = ? AND member = ?",
            (change.target, change.emoji, change.member),
        )
    elif isinstance(change, Edited):
        database.execute(
            "UPDATE message SET text = ?, state = ? WHERE seq = ? AND state IS NOT ?",
            (change.text, EDITED, change.target, DELETED),
        )
        database.execute(
            "UPDATE change SET text = '' WHERE seq = ?"
            " AND EXISTS (SELECT 1 FROM message WHERE seq = ? AND state = ?)",
            (change.seq, change.target, DELETED),
        )
    else:
        database.execute(
            "UPDATE message SET text = '', reply = NULL, state = ?, file = NULL WHERE seq = ?",
            (DELETED, change.target),
        )
        database.execute(
            "UPDATE change SET text = '' WHERE target = ? AND kind = ?", (change.target, _EDITED)
        )
        database.execute("DELETE FROM reaction WHERE target = ?", (change.target,))
