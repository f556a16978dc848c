"""The thread that removes files whose time is over, and writes what need not be written at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

logger = logging.getLogger(__name__)

#: The longest wait: the clock that files go by may be set meanwhile.
_MAX_WAIT_S: Final = 600.0


class Housekeeper:
    """Owns its thread, which starts with the first `wake`, and what wakes it. Any thread may call."""

    def __init__(self, tidy: Callable[[], float | None]) -> None:
        """`tidy` returns in how many seconds it should run again, or None."""
        self._tidy = tidy
        self._work = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def wake(self) -> None:
        """Run `tidy` soon; never waits."""
        self._work.set()
        with self._lock:
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="messango-files", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Begin to end the thread: what takes long looks at `is_stopping`. Never waits."""
        with self._lock:
            self._stopping = True
        self._work.set()

    def close(self) -> None:
        """Join the thread. Twice is harmless."""
        self.stop()
        thread = self._thread
        if thread is not None:
            thread.join()

    @property
    def is_stopping(self) -> bool:
        """Whether what takes long should end."""
        return self._stopping

    def _run(self) -> None:
        while not self._stopping:
            self._work.clear()
            wait_s: float | None = None
            try:
                wait_s = self._tidy()
            except Exception:  # The edge of the thread: the room goes on without tidying.
                logger.exception("tidying the store of files failed")
            self._work.wait(_MAX_WAIT_S if wait_s is None else min(wait_s, _MAX_WAIT_S))
