"""Answers what members ask of the history: older messages, and searches. Also keeps the search index.

Both happen outside the room's thread: a search may read much, and nobody else waits for it.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import Earlier, EarlierMessages, Found, Problem, Search, Spoken
from messango.protocol.limits import MAX_ANSWER_MESSAGES, MAX_FRAME_BYTES, MAX_SEARCH_CHARACTERS, MAX_SEQ
from messango.protocol.text.matching import search_words
from messango.room.history.entry_log import EntryLog
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.history import History
from messango.room.history.reading.member_reading import HistoryReading
from messango.room.room import Room
from messango.server.search_indexer import SearchIndexer

logger = logging.getLogger(__name__)

#: How long the room may take to say what is only in its memory: a batch of its own takes milliseconds.
_ROOM_TIMEOUT_S: Final = 5.0

#: What an answer needs besides its messages: the longest id, in escapes, and the names of its fields.
_ENVELOPE_BYTES: Final = 1_024

_UNREADABLE: Final = "The room's history can't be read now."


class HistoryAnswers:
    """Reads the history in the threads of its callers; owns the thread that keeps the index."""

    def __init__(self, history: History, call_room: Callable[[Callable[[Room], None]], None]) -> None:
        """`call_room` has the room's thread call an action; it never waits."""
        self._history = history
        self._call_room = call_room
        self.indexer = SearchIndexer(lambda: history.stored_at)
        #: What the threads wait for, and whether the room is closed; under the lock.
        self._lock = threading.Lock()
        self._waiting: set[threading.Event] = set()
        self._is_closed = False

    def close(self) -> None:
        """Let nobody wait for the room any more, and stop the thread that keeps the index.

        For after the room has closed. Twice is harmless.
        """
        with self._lock:
            self._is_closed = True
            for event in self._waiting:
                event.set()
        self.indexer.close()

    def answer(self, connection_id: int, request: Earlier | Search) -> bytes:
        """Return the encoded answer to a member's request. May take a while."""
        words = search_words(request.words) if isinstance(request, Search) else []
        if isinstance(request, Search) and not (words and len(request.words) <= MAX_SEARCH_CHARACTERS):
            reason = f"A search needs 1 to {MAX_SEARCH_CHARACTERS} characters."
            return encode(Problem(error_codes.BAD_TEXT, reason, "Search for a word.", request.id))
        try:
            with self._reading(connection_id) as reading:
                return _answer(reading, request, words)
        except TimeoutError:
            pass
        except (*DATABASE_ERRORS, OSError):
            logger.warning("the history could not be read for a member", exc_info=True)
        return encode(Problem(error_codes.FAULT, _UNREADABLE, "Try again.", request.id))

    @contextlib.contextmanager
    def _reading(self, connection_id: int) -> Iterator[HistoryReading]:
        """Look at the history as this member; raises `TimeoutError` if the room is closing."""
        found: list[tuple[str, EntryLog]] = []
        answered = threading.Event()

        def look(room: Room) -> None:
            if member := room.members.by_connection(connection_id):
                found.append((member.id, self._history.unsaved().copy()))
            answered.set()

        with self._lock:
            if self._is_closed:
                raise TimeoutError
            self._waiting.add(answered)
        self._call_room(look)
        answered.wait(_ROOM_TIMEOUT_S)
        with self._lock:
            self._waiting.discard(answered)
        if not found:
            raise TimeoutError
        ((viewer, unsaved),) = found
        with HistoryReading(viewer, unsaved, self._history.stored_at) as reading:
            yield reading


def _answer(reading: HistoryReading, request: Earlier | Search, words: list[str]) -> bytes:
    if isinstance(request, Earlier):
        messages, more = reading.before(request.before, request.count)
    else:
        before = MAX_SEQ if request.before is None else request.before
        messages, more = reading.search(words, before, MAX_ANSWER_MESSAGES)
    fitting = newest_that_fit(messages)
    kind = EarlierMessages if isinstance(request, Earlier) else Found
    return encode(kind(request.id, fitting, more or len(fitting) < len(messages), reading.latest))


def newest_that_fit(messages: list[Spoken]) -> list[Spoken]:
    """Return the last of these messages that fit into one frame with an answer's other fields."""
    left = MAX_FRAME_BYTES - _ENVELOPE_BYTES
    for index in range(len(messages) - 1, -1, -1):
        left -= len(msgspec.json.encode(messages[index])) + 1
        if left < 0:
            return messages[index + 1 :]
    return messages
