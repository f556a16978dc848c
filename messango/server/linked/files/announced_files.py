"""What the history says about a file that is not here."""

from __future__ import annotations

import time

from messango.room.files.refusals import storage_fault
from messango.room.files.shared_file import SharedFile
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.file.replica_history import ReplicaHistory
from messango.room.history.reading.announced_files import find_announcements


class AnnouncedFiles:
    """Reads the history's file in the threads of its callers."""

    def __init__(self, history: ReplicaHistory, kept_s: float) -> None:
        """Files are kept for `kept_s` seconds here, so nothing older is looked for."""
        self._history = history
        self._kept_s = kept_s

    def find(self, file_id: str) -> list[SharedFile]:
        """Return the messages that announce this file now; raises `FileRefused`."""
        path = self._history.stored_at
        try:
            if path is not None:
                return find_announcements(path, file_id, time.time() - self._kept_s)
        except (*DATABASE_ERRORS, OSError) as error:
            raise storage_fault("the room's history can't be read") from error
        raise storage_fault("the room's history can't be read")
