"""The files of an open room: the one with its tag, which is also the lock, its history and its bans."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from messango.protocol.room_id import derive_room_id, stored_tag_of
from messango.room.fallback_history import FallbackHistory
from messango.server.ban_store import BanStore
from messango.server.room_lock import lock_history, lock_room


class RoomFiles:
    """Locks a room and opens its files. For one thread at a time.

    With the same certificate, the same name always gives the same `room_id`.
    """

    def __init__(self, name: str, fingerprint: str) -> None:
        """Lock the room; `fingerprint` is the certificate's. Raises `RoomInUse` or `CorruptFile`."""
        room = lock_room(name)
        self.name, self._fingerprint = room.name, fingerprint
        self.room_id = derive_room_id(room.tag, fingerprint)
        self.ban_store = BanStore(room.bans_path)
        self._history_path = room.history_path
        self._resources = contextlib.ExitStack()
        self._resources.callback(room.release)

    def open_history(self, path: Path | None) -> FallbackHistory:
        """Open the history file at `path`, or the room's own if None; the tag in the file replaces ours.

        Raises `FileInUse` or `CorruptFile`.
        """
        if path is not None:
            self._resources.enter_context(lock_history(path))
        history = FallbackHistory(path or self._history_path, time.time())
        self._resources.callback(history.close)
        stored_tag = stored_tag_of(history.get_fact("id") or "")
        if stored_tag is not None:
            self.room_id = derive_room_id(stored_tag, self._fingerprint)
        history.set_fact("id", self.room_id)
        history.set_fact("name", self.name)
        return history

    def close(self) -> None:
        """Close the history, then release the locks. Twice is harmless."""
        self._resources.close()
