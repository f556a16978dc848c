"""Does something that may take too long, such as asking the system for a host's address, within a time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

R = TypeVar("R")

#: On Windows, Ctrl-C can't interrupt a wait without a timeout.
_WAIT_S: Final = 0.5


def within(
    timeout_s: float, function: Callable[[], R], *, meanwhile: Callable[[], object] | None = None
) -> R:
    """Return what `function` returns, or raise what it raises; raises `TimeoutError` when the time is up.

    It runs in a thread, which goes on after that: nothing can end it. Ctrl-C ends the wait. The caller's own
    thread does what is to be done `meanwhile`.
    """
    results: queue.SimpleQueue[tuple[list[R], BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(([function()], None))
        except BaseException as error:  # noqa: BLE001 (the edge of the thread: the caller raises it)
            results.put(([], error))

    deadline_s = time.monotonic() + timeout_s
    threading.Thread(target=run, name="messango-within", daemon=True).start()
    if meanwhile is not None:
        meanwhile()
    while True:
        left_s = deadline_s - time.monotonic()
        try:
            values, error = results.get(timeout=max(0.0, min(left_s, _WAIT_S)))
        except queue.Empty:
            if left_s <= 0:
                raise TimeoutError from None
            continue
        if error is not None:
            raise error
        return values[0]
