"""Reads the files that a room stores, also while the room is open: for the command that copies them."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import IO, Final

from messango.protocol.frames import FileInfo
from messango.room.files.file_records import RECORDS_NAME, is_stored_name
from messango.room.history.file.check import open_read_only
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.reading.public_reader import FILES_SUFFIX

#: How long to wait for the server, which locks the records while it writes, in seconds.
_BUSY_TIMEOUT_S: Final = 5.0


def files_folder(history: Path) -> Path:
    """Return the folder of a room's files, which is beside its history.

    It is called as the history that the host chose, or has the name of the room's own without its ending.
    """
    real = history.resolve()
    chosen = real.with_name(f"{real.name}{FILES_SUFFIX}")
    return chosen if chosen.is_dir() else real.with_suffix(FILES_SUFFIX)


class StoredFiles:
    """The store in a folder, of which nothing is changed; a folder that does not exist has no files.

    Opens the records once for each file: the room goes on, and what has had its time is removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, file: FileInfo) -> IO[bytes] | None:
        """Return the file's bytes; None if the room does not have them any more. Raises `OSError`."""
        blob = self._blob_of(file.id)
        if blob is None:
            return None
        with contextlib.suppress(FileNotFoundError):
            return (self._folder / blob).open("rb")
        return None

    def _blob_of(self, file_id: str) -> str | None:
        records = self._folder / RECORDS_NAME
        if not records.is_file():
            return None
        try:
            with contextlib.closing(open_read_only(records, timeout_s=_BUSY_TIMEOUT_S)) as database:
                row = database.execute("SELECT blob FROM file WHERE id = ?", (file_id,)).fetchone()
        except DATABASE_ERRORS as error:
            raise OSError(f"its records can't be read: {error}") from error
        blob = row[0] if row else None
        # Somebody may have changed the records: nothing but a file of the store is opened.
        return blob if isinstance(blob, str) and is_stored_name(blob) else None
