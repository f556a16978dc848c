"""Several servers' rooms over one stream in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path

from messango.link.fold.link import LinkState, Note
from messango.protocol.frames import ServerCard
from messango.room.history.file.replica_history import ReplicaHistory
from messango.room.linked.linked_room import LinkedRoom
from tests.room.batches import RoomHarness
from tests.support.linked.fake_link import FakeLink
from tests.support.linked.fake_stream import FakeStream

LINK = "a1" * 16

#: The histories of the present test, which a fixture closes at its end.
_opened: list[ReplicaHistory] = []


def card_of(name: str) -> ServerCard:
    """Return the card of a server with this name."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return ServerCard(name, digest[:32], ("192.0.2.1:8000",), digest)


def close_histories() -> None:
    """Close the histories of all servers."""
    while _opened:
        _opened.pop().close()


class LinkedHarness(RoomHarness):
    """The room of one server, and its link. Whatever the stream brings is one batch."""

    def __init__(
        self, stream: FakeStream, name: str, folder: Path, *, life: str = "1", seats: int = 5
    ) -> None:
        self.folder = folder
        self.card = card_of(name)
        history = ReplicaHistory(folder / f"{name}.sqlite", LINK, 0.0)
        _opened.append(history)
        room = LinkedRoom(self.card, f"{name}-{life}", LINK, "Hall", seats, history, 100.0)
        super().__init__(room=room)
        self.linked_room = room
        self.link: FakeLink = stream.link(
            self.card.id,
            f"{name}-{life}",
            lambda: room.place,
            lambda: room.last_raw_digest,
            self._on_entries,
            self._on_state,
            self._on_note,
        )
        room.attach(self.link)

    def _on_entries(self, entries: list[tuple[int, bytes]]) -> None:
        with self._one_batch():
            self.linked_room.take(entries)

    def _on_state(self, state: LinkState) -> None:
        with self._one_batch():
            self.linked_room.change_link(state)

    def _on_note(self, note: Note) -> None:
        with self._one_batch():
            self.linked_room.hear(note)
