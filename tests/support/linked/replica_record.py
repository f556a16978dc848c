"""What a server's replica has at the end of a run, for the checker."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from messango.link.fold.base import LinkRecord
from messango.link.fold.people import Known
from messango.protocol.frames import Entry
from messango.room.history.file.sqlite_history import SqliteHistory


@dataclass(slots=True)
class ReplicaRecord:
    """A server's entries in their order, and what its fold has stored."""

    label: str
    entries: list[Entry]
    state: dict[str, str]

    @property
    def base(self) -> int:
        """The number before the first one that the linked room gave."""
        link = self.state.get("link")
        return 0 if link is None else msgspec.json.decode(link, type=LinkRecord).seq

    @property
    def present(self) -> Sequence[Known]:
        """The people who are in the room."""
        texts = [text for key, text in self.state.items() if key.startswith("person:")]
        return [known for known in (msgspec.json.decode(text, type=Known) for text in texts) if known.server]


def read_replica(label: str, path: Path) -> ReplicaRecord:
    """Return what is in the history file of a server that has ended."""
    history = SqliteHistory(path, time.time())
    try:
        return ReplicaRecord(label, history.since(0), history.link_state())
    finally:
        history.close()
