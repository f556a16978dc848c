"""Does in threads what would hold the window up: writes a file, opens a browser."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from messango.errors import InternalError, MessangoError

logger = logging.getLogger(__name__)


class BackgroundTasks:
    """Owns a thread for each chore. Main thread only, but what is on `completions` was put there by the
    threads.

    Whoever listens to `completions` calls each of them.
    """

    def __init__(self) -> None:
        self.completions: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def submit(self, task: Callable[[], object], on_done: Callable[[MessangoError | None], None]) -> None:
        """Do it in a thread; `on_done` is told, in the main thread, what went wrong or that nothing did."""

        def run() -> None:
            error: MessangoError | None = None
            try:
                task()
            except MessangoError as failed:
                error = failed
            except Exception:  # The edge of the thread: a fault here is ours, and is admitted.
                logger.exception("a chore of the window failed")
                error = InternalError()
            self.completions.put(lambda: on_done(error))

        thread = threading.Thread(target=run, name="messango-gui-task", daemon=True)
        self._threads = [earlier for earlier in self._threads if earlier.is_alive()]
        self._threads.append(thread)
        thread.start()

    def finish(self, timeout_s: float) -> None:
        """Wait, within bounds, until all is done."""
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
