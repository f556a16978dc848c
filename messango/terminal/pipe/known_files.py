"""The files that a program has been told of, by the numbers of their messages and by their ids."""

from __future__ import annotations

from typing import Final

from messango.client.events import EarlierReceived, Event, MessageDeleted, ReceivedMessage, SearchResult
from messango.protocol.frames import FileInfo

#: Of more files the first are forgotten: a room may announce some without end.
MAX_FILES: Final = 10_000


class KnownFiles:
    """Used by one thread."""

    def __init__(self) -> None:
        self._by_seq: dict[int, FileInfo] = {}
        self._by_id: dict[str, FileInfo] = {}

    def handle(self, event: Event) -> None:
        """Learn of the files in an event; a number that begins again means the new file."""
        if isinstance(event, ReceivedMessage):
            self._add(event)
        elif isinstance(event, EarlierReceived | SearchResult):
            for message in event.messages:
                self._add(message)
        elif isinstance(event, MessageDeleted):
            self._by_seq.pop(event.target, None)

    def find(self, number_or_id: int | str) -> FileInfo | None:
        """Return the file of the message with a number, or with an id; None if there is none."""
        if isinstance(number_or_id, int):
            return self._by_seq.get(number_or_id)
        return self._by_id.get(number_or_id)

    def _add(self, message: ReceivedMessage) -> None:
        if message.file is None:
            self._by_seq.pop(message.seq, None)
            return
        self._by_seq[message.seq] = message.file
        self._by_id[message.file.id] = message.file
        if len(self._by_seq) > MAX_FILES:
            del self._by_seq[next(iter(self._by_seq))]
        if len(self._by_id) > MAX_FILES:
            del self._by_id[next(iter(self._by_id))]
