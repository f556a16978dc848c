"""What a room's history has stored lately, in memory: the source of a new file if the old one is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from messango.protocol.frames import Entry
from messango.room.history.entry_log import count_characters
from messango.room.history.history import MAX_MEMORY_CHARACTERS, MAX_MEMORY_MESSAGES, SavedSession
from messango.room.members import MAX_SESSIONS


class RecentRecords:
    """The newest entries and sessions of the room's history, and all facts that this run has set."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque()
        #: Facts by their keys, and sessions by their hashes.
        self.facts: dict[str, str] = {}
        self.sessions: dict[str, SavedSession] = {}
        self._characters = 0

    def add_entries(self, entries: Sequence[Entry], *, plain: bool = False) -> None:
        """Add entries, and drop the oldest beyond the limits of a history in memory.

        `plain` as in `History.append`.
        """
        self.entries.extend(entries)
        self._characters += count_characters(entries, plain=plain)
        while len(self.entries) > MAX_MEMORY_MESSAGES or self._characters > MAX_MEMORY_CHARACTERS:
            self._characters -= len(getattr(self.entries.popleft(), "text", ""))

    def add_sessions(self, sessions: Iterable[SavedSession]) -> None:
        """Add sessions, and drop those that were added first beyond the limit of a room."""
        self.sessions.update((session.session_hash, session) for session in sessions)
        while len(self.sessions) > MAX_SESSIONS:
            del self.sessions[next(iter(self.sessions))]
