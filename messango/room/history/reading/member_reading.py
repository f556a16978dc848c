"""Reads and searches a room's history for one member, in another thread than the room's."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from typing import Final

from messango.protocol.frames import Edited, Spoken
from messango.protocol.text.matching import contains_words
from messango.room.history.entry_log import EntryLog, may_see
from messango.room.history.file.check import open_read_only
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.file.stored_entries import StoredEntries
from messango.room.history.present import with_details
from messango.room.history.reading.search_index import SearchIndex

#: Messages that are read at once.
_BATCH: Final = 200

#: The newest messages that are searched without the index: for a second after each message, and longer after
#: a room has been opened with a large file without one.
_MAX_SCANNED: Final = 100_000

#: How long to wait for another program that has locked the file, in seconds.
_BUSY_TIMEOUT_S: Final = 2.0


class HistoryReading:
    """One look at the history by one member; a context manager, which closes the file.

    Each method may raise one of `DATABASE_ERRORS`.
    """

    def __init__(self, viewer: str, unsaved: EntryLog, path: Path | None) -> None:
        """`viewer` is the member's public id, `unsaved` is for this thread, `path` is the file or None."""
        self._viewer = viewer
        self._path = path
        self._resources = contextlib.ExitStack()
        self._database: sqlite3.Connection | None = None
        self._stored: StoredEntries | None = None
        if path is not None:
            self._database = self._resources.enter_context(
                contextlib.closing(open_read_only(path, timeout_s=_BUSY_TIMEOUT_S))
            )
            # One state of the file for all that is read.
            self._database.execute("BEGIN")
            self._stored = StoredEntries(self._database)
        self._log = unsaved.copy(self._stored)
        #: Whether older messages were left out of the search, because the index lacks too many.
        self._is_cut = False
        #: The number of the last entry that is taken into account.
        self.latest = max(self._log.last_seq, self._stored.latest() if self._stored else 0)

    def __enter__(self) -> HistoryReading:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._resources.close()

    def before(self, seq: int, count: int) -> tuple[list[Spoken], bool]:
        """Return the last `count` messages before a number, oldest first, and whether there are more."""
        found = self._last(count + 1, seq)
        return self._present(found[-count:]), len(found) > count

    def search(self, words: Sequence[str], before: int, count: int) -> tuple[list[Spoken], bool]:
        """Return the last `count` messages before a number that have all these folded words.

        Oldest first, and whether there are older ones. A word also finds longer ones that begin with it; what
        is not in the index yet is found by any part.
        """
        self._is_cut = False
        found = [*islice(self._matches([*words], before), count + 1)]
        found.reverse()
        return self._present(found[-count:]), len(found) > count or self._is_cut

    def _present(self, messages: list[Spoken]) -> list[Spoken]:
        return with_details(self._log, messages, self._viewer)

    def _last(self, count: int, before: int) -> list[Spoken]:
        unsaved = self._log.last(count, self._viewer, before)
        if len(unsaved) == count or self._stored is None:
            return unsaved
        # The file may have been written since we got the others.
        end = min(before, self._log.first_seq or before)
        return [*self._log.over(self._stored.last(count - len(unsaved), self._viewer, end)), *unsaved]

    def _matches(self, words: list[str], before: int) -> Iterator[Spoken]:
        """Yield the messages with these words, the newest first."""
        with contextlib.ExitStack() as stack:
            index = self._open_index(stack)
            indexed = index.position()[0] if index else 0
            for message in self._scan(before, indexed):
                if contains_words(message.text, words):
                    yield message
            if index is not None:
                # What was edited since may have the words only now, and what was deleted has none any more.
                end = min(before, indexed + 1)
                seqs = merge(
                    index.find_words(words, end, self._viewer), self._edited_since(indexed, end), reverse=True
                )
                for message in self._messages(seq for seq, _ in groupby(seqs)):
                    if may_see(message, self._viewer) and contains_words(message.text, words):
                        yield message

    def _open_index(self, stack: contextlib.ExitStack) -> SearchIndex | None:
        if self._path is None or self._database is None:
            return None
        with contextlib.suppress(*DATABASE_ERRORS, OSError):
            if index := SearchIndex.open_to_read(self._path, self._database):
                return stack.enter_context(contextlib.closing(index))
        return None

    def _edited_since(self, after: int, before: int) -> list[int]:
        """Return the messages before a number that were edited after another, the newest first."""
        stored = self._stored.changes_since(after, _MAX_SCANNED) if self._stored else []
        changes = [*stored, *self._log.since(after)]
        edited = {change.target for change in changes if isinstance(change, Edited)}
        return sorted((seq for seq in edited if seq < before), reverse=True)

    def _scan(self, before: int, after: int) -> Iterator[Spoken]:
        """Yield the newest messages between two numbers, the newest first."""
        left = _MAX_SCANNED
        while left > 0 and before > after + 1:
            batch = self._last(_BATCH, before)
            for message in reversed(batch):
                if message.seq <= after:
                    return
                yield message
            if len(batch) < _BATCH:
                return
            left -= len(batch)
            before = batch[0].seq
        self._is_cut = left <= 0

    def _messages(self, seqs: Iterable[int]) -> Iterator[Spoken]:
        numbers = iter(seqs)
        while batch := [*islice(numbers, _BATCH)]:
            found = self._log.messages(batch)
            yield from (found[seq] for seq in batch if seq in found)
