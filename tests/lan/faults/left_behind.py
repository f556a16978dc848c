"""Reads what a room has left of its files: its history, and its store now and later."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from messango.protocol.frames import Message
from messango.protocol.limits import PART_KEPT_S
from tests.crashes.files.stored import files_of, read_history, read_later, read_store
from tests.lan.faults.clock import FORWARD_S
from tests.lan.faults.file_record import StoredEnd

#: `--keep-files` by default, and a little more than partial files have. What was stored while the server's
#: clock was ahead has its time from then on.
_KEPT_S: Final = 7 * 86_400.0
_AN_HOUR_S: Final = PART_KEPT_S + FORWARD_S + 100.0


def read_end(history_path: Path, store: Path) -> StoredEnd:
    """Return the messages with files, and the store, of a server that was stopped; empties the store."""
    entries = read_history(history_path)
    announced, _deleted = files_of(entries)
    captions = {entry.seq: entry.text.partition("\n")[0] for entry in entries if isinstance(entry, Message)}
    return StoredEnd(
        history=[(captions[one.seq], one) for one in announced],
        stored=read_store(store),
        after_an_hour=read_later(store, entries, _AN_HOUR_S, _KEPT_S),
        after_all=read_later(store, [], _KEPT_S + _AN_HOUR_S, _KEPT_S),
    )
