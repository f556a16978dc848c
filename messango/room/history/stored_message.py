"""Checks what a history file contains: SQLite accepts any value in any column."""

from __future__ import annotations

import math
import sqlite3
from typing import Any, Final

from messango.protocol.frames import Message
from messango.protocol.limits import MAX_ID_CHARACTERS, MAX_SEQ, MAX_TEXT_CHARACTERS, MAX_TOKEN_CHARACTERS
from messango.protocol.text.validation import clean_text

_TYPES: Final = (int, str, str, float, str, str)


class ForeignValue(sqlite3.DatabaseError):
    """A column contains a value that no version of Messango writes."""


def message_from_row(row: tuple[Any, ...]) -> Message:
    """Return a row (seq, id, member, time, name, text) as a message; raises `ForeignValue`.

    The limits are those of the frame, so that what is read can also be sent. Earlier versions stored some
    line ends and sequences, so the text is cleaned.
    """
    if tuple(map(type, row)) == _TYPES:
        seq, message_id, member, time_s, name, text = row
        if (
            0 < seq <= MAX_SEQ
            and len(message_id) <= MAX_ID_CHARACTERS
            and len(member) <= MAX_ID_CHARACTERS
            and math.isfinite(time_s)
            and len(name) <= MAX_TOKEN_CHARACTERS
            and len(text) <= MAX_TEXT_CHARACTERS
        ):
            return Message(seq, message_id, member, time_s, name, clean_text(text))
    raise ForeignValue(f"message {row[0]} in it has a value that Messango does not write")
