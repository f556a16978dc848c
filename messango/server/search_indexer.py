"""The thread that keeps the search index current, in small steps, while the room talks."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from messango.room.history.file.check import open_read_only
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.reading.search_index import SearchIndex

logger = logging.getLogger(__name__)

#: Between two updates: however much is said, it wakes up once in this time. What is not in the index yet is
#: searched without it.
_PAUSE_S: Final = 1.0

#: Between two times that the words of removed texts are removed from the file.
_PURGE_EVERY_S: Final = 60.0

#: Between two steps of one update, so that the room's thread gets its turn.
_STEP_PAUSE_S: Final = 0.02


class SearchIndexer:
    """Owns its thread, which sleeps while nothing is said. `notify` and `close` are for any thread."""

    def __init__(self, stored_at: Callable[[], Path | None]) -> None:
        """`stored_at` returns the history's file, or None while there is none."""
        self._stored_at = stored_at
        self._has_news = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        #: While it is updated.
        self._index: SearchIndex | None = None
        self._has_leftovers = False
        self._purged_at_s = float("-inf")

    def start(self) -> None:
        """Start the thread; it begins with what the index lacks."""
        self._has_news.set()
        self._thread = threading.Thread(target=self._run, name="messango-search-index", daemon=True)
        self._thread.start()

    def notify(self) -> None:
        """Let the thread know that entries were stored. Never waits."""
        if not self._has_news.is_set():
            self._has_news.set()

    def close(self) -> None:
        """Stop, and join the thread. Twice is harmless."""
        self._closing.set()
        self._has_news.set()
        if (index := self._index) is not None:
            with contextlib.suppress(*DATABASE_ERRORS):  # It may just have been closed.
                index.interrupt()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._has_news.clear()
            try:
                self._update()
            except (*DATABASE_ERRORS, OSError) as error:
                # Without the index a search takes longer and finds less; the next one may succeed.
                logger.info("the search index could not be updated: %s", error)
            except Exception:  # The edge of the thread: log a bug.
                logger.exception("the search index could not be updated")
            if not self._closing.wait(_PAUSE_S):
                self._has_news.wait(_PURGE_EVERY_S if self._has_leftovers else None)

    def _update(self) -> None:
        path = self._stored_at()
        if path is None:
            return
        with (
            contextlib.closing(open_read_only(path)) as history,
            contextlib.closing(SearchIndex.open(path, history)) as index,
        ):
            self._index = index
            try:
                self._update_index(index)
            finally:
                self._index = None

    def _update_index(self, index: SearchIndex) -> None:
        while index.update_step() and not self._closing.wait(_STEP_PAUSE_S):
            pass
        self._has_leftovers = self._has_leftovers or index.has_leftovers
        now_s = time.monotonic()
        if self._has_leftovers and now_s - self._purged_at_s >= _PURGE_EVERY_S:
            index.purge()
            self._has_leftovers, self._purged_at_s = False, now_s
