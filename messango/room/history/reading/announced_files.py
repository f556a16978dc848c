"""Finds the messages that announce a file, in another thread than the room's."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from messango.room.files.shared_file import SharedFile
from messango.room.history.file.check import open_read_only
from messango.room.history.file.stored_entries import StoredEntries

#: How long to wait for another program that has locked the file, in seconds.
_BUSY_TIMEOUT_S: Final = 2.0


def find_announcements(history: Path, file_id: str, since_s: float) -> list[SharedFile]:
    """Return the messages from this time on that announce a file, as the history has them at this moment.

    Raises `OSError` or one of `DATABASE_ERRORS`.
    """
    with contextlib.closing(open_read_only(history, timeout_s=_BUSY_TIMEOUT_S)) as database:
        announced = StoredEntries(database).shared_files(since_s)
    return [shared for shared in announced if shared.file.id == file_id]
