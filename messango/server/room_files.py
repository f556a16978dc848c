"""The files of an open room: its id, which is also the lock, its history and its bans."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from messango.room.fallback_history import FallbackHistory
from messango.server.ban_store import BanStore
from messango.server.room_lock import lock_history, lock_room


class RoomFiles:
    """Holds the lock on a room of this computer, and opens its files; for one thread at a time.

    `name` has ` 2`, ` 3`... added if another process has the room open. The same name gives the same
    `room_id` as the last time.
    """

    def __init__(self, name: str) -> None:
        """Lock the room; raises `CorruptFile`."""
        identity = lock_room(name)
        self.name, self.room_id = identity.name, identity.room_id
        self.ban_store = BanStore(identity.bans_path)
        self._history_path = identity.history_path
        self._resources = contextlib.ExitStack()
        self._resources.callback(identity.release)

    def open_history(self, path: Path | None) -> FallbackHistory:
        """Open the history in the file that the host chose, or in the room's own; it may hold the room's id.

        Raises `FileInUse` or `CorruptFile`.
        """
        if path is not None:
            self._resources.enter_context(lock_history(path))
        history = FallbackHistory(path or self._history_path, time.time())
        self._resources.callback(history.close)
        self.room_id = history.get_fact("id") or self.room_id
        history.set_fact("id", self.room_id)
        history.set_fact("name", self.name)
        return history

    def close(self) -> None:
        """Close the history, then release the locks. Twice is harmless."""
        self._resources.close()
