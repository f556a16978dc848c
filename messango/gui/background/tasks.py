"""Runs slow tasks in threads: writing a file, opening a browser."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from messango.errors import InternalError, MessangoError

logger = logging.getLogger(__name__)


class BackgroundTasks:
    """Owns a thread for each task. Main thread only; the threads put callbacks on `completions`.

    The pump calls each of those in the main thread.
    """

    def __init__(self) -> None:
        self.completions: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def submit(self, task: Callable[[], object], on_done: Callable[[MessangoError | None], None]) -> None:
        """Run `task` in a thread; then `on_done` is called in the main thread with its error, or None."""

        def run() -> None:
            error: MessangoError | None = None
            try:
                task()
            except MessangoError as failed:
                error = failed
            except Exception:  # The edge of the thread: this is a bug, and the window says so.
                logger.exception("a task of the window failed")
                error = InternalError()
            self.completions.put(lambda: on_done(error))

        thread = threading.Thread(target=run, name="messango-gui-task", daemon=True)
        self._threads = [earlier for earlier in self._threads if earlier.is_alive()]
        self._threads.append(thread)
        thread.start()

    def finish(self, timeout_s: float) -> None:
        """Wait until all tasks are done, at most `timeout_s` seconds."""
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
