"""Checks what a history file contains: SQLite accepts any value in any column."""

from __future__ import annotations

import contextlib
import math
import sqlite3
from typing import Any, Final

import msgspec

from messango.protocol.frames import FileInfo, Message, Quote, Spoken, Told
from messango.protocol.limits import MAX_ID_CHARACTERS, MAX_SEQ, MAX_TEXT_CHARACTERS, MAX_TOKEN_CHARACTERS
from messango.protocol.text.validation import clean_text

_TYPES: Final = (int, str, str, float, str, str)

#: The columns that `message_from_row` expects, and how SQLite calls their types.
COLUMNS: Final = "seq, id, member, time, name, text"
#: Those that files of earlier versions lack; some have all but the last.
MORE_COLUMNS: Final = "reply, recipient, recipient_name, state, file"
_MORE_COLUMNS_WITHOUT_FILES: Final = "reply, recipient, recipient_name, state, NULL AS file"
_PLAIN: Final = ((), (None, None, None, None, None))

#: The values of `state`.
EDITED: Final = 1
DELETED: Final = 2

_COLUMN_TYPES: Final = {"id": "text", "member": "text", "time": "real", "name": "text", "text": "text"}
_FOREIGN_ROW: Final = " OR ".join(f"typeof({name}) != '{kind}'" for name, kind in _COLUMN_TYPES.items())

#: Values in one statement; SQLite may be built with a limit of 999.
VALUES_PER_QUERY: Final = 500

#: Higher numbers leave too few for the messages that follow.
MAX_STORED_SEQ: Final = MAX_SEQ // 2


_file_decoder: Final = msgspec.json.Decoder(FileInfo)


class ForeignValue(sqlite3.DatabaseError):
    """A column contains a value that no version of Messango writes."""


def message_from_row(row: tuple[Any, ...]) -> Spoken:
    """Return a row of `COLUMNS`, or also of `MORE_COLUMNS`, as a message; raises `ForeignValue`.

    The limits are those of the frame, so that what is read can also be sent. Earlier versions stored some
    line ends and sequences, so the text is cleaned.
    """
    fields, extras = row[:6], row[6:]
    if tuple(map(type, fields)) == _TYPES:
        seq, message_id, member, time_s, name, text = fields
        if (
            0 < seq <= MAX_STORED_SEQ
            and len(message_id) <= MAX_ID_CHARACTERS
            and len(member) <= MAX_ID_CHARACTERS
            and math.isfinite(time_s)
            and len(name) <= MAX_TOKEN_CHARACTERS
            and len(text) <= MAX_TEXT_CHARACTERS
        ):
            cleaned = (seq, message_id, member, time_s, name, clean_text(text))
            if extras in _PLAIN:
                return Message(*cleaned)
            if message := _special_message(cleaned, extras):
                return message
    raise ForeignValue(f"message {row[0]} in it has a value that Messango does not write")


def _special_message(fields: tuple[int, str, str, float, str, str], extras: tuple[Any, ...]) -> Spoken | None:
    """Return a message that is an answer, private, edited or deleted; None if a value is foreign."""
    reply_to, recipient, recipient_name, state, stored_file = extras
    if not (_is_seq(reply_to) and state in (None, EDITED, DELETED)):
        return None
    reply = None if reply_to is None else Quote(reply_to)
    edited, deleted = state == EDITED, state == DELETED
    if stored_file is not None:
        is_foreign = deleted or recipient is not None
        return None if is_foreign else _message_with_file(fields, reply, stored_file, edited=edited)
    if recipient is None:
        return Message(*fields, reply=reply, edited=edited, deleted=deleted)
    if not (
        isinstance(recipient, str)
        and isinstance(recipient_name, str)
        and len(recipient) <= MAX_ID_CHARACTERS
        and len(recipient_name) <= MAX_TOKEN_CHARACTERS
    ):
        return None
    return Told(*fields, reply=reply, edited=edited, deleted=deleted, to=recipient, to_name=recipient_name)


def _message_with_file(
    fields: tuple[int, str, str, float, str, str], reply: Quote | None, stored_file: object, *, edited: bool
) -> Spoken | None:
    """Return a message that announces a file: to all, and not deleted, as both would have none."""
    try:
        file = file_of_text(stored_file)
    except ForeignValue:
        return None
    return Message(*fields, reply=reply, edited=edited, file=file)


def text_of_file(file: FileInfo | None) -> str | None:
    """Return what the column `file` has for a message with this file."""
    return None if file is None else msgspec.json.encode(file).decode()


def file_of_text(value: object) -> FileInfo:
    """Return the file that the column names; raises `ForeignValue`."""
    if isinstance(value, str):
        with contextlib.suppress(msgspec.DecodeError, ValueError, RecursionError):
            return _file_decoder.decode(value)
    raise ForeignValue("a message in it has a file that Messango does not write")


def more_columns(database: sqlite3.Connection) -> str:
    """Return how a query reads `MORE_COLUMNS`, from the file of an earlier version too."""
    names = database.execute("SELECT name FROM pragma_table_info('message')")
    return MORE_COLUMNS if ("file",) in names else _MORE_COLUMNS_WITHOUT_FILES


def _is_seq(value: object) -> bool:
    return value is None or (isinstance(value, int) and 0 < value <= MAX_STORED_SEQ)


def check_messages(database: sqlite3.Connection, newest: int) -> None:
    """Raise `ForeignValue` if a message has a value of a foreign type, or one of the newest any foreign one.

    Reads the whole table, as fast as SQLite can: 200,000 messages take a tenth of a second.
    """
    for condition, values in (
        (f"WHERE seq < 1 OR {_FOREIGN_ROW} LIMIT 1", ()),
        ("ORDER BY seq DESC LIMIT ?", (newest,)),
    ):
        query = f"SELECT {COLUMNS} FROM message {condition}"  # noqa: S608 (our own words only)
        for row in database.execute(query, values):
            message_from_row(row)
