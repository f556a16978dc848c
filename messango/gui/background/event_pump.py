"""Brings what other threads have put on queues to the window, a bounded batch at a time."""

from __future__ import annotations

import queue
import time
import tkinter as tk
from collections.abc import Callable
from typing import Any, Final

from messango.gui.background.gc_guard import collect_due

#: Half of this is what an event waits on average; a shorter one costs more than anybody sees.
EVERY_MS: Final = 20

#: A batch ends after so many events or so long, so that keys and pointer are never kept waiting.
MAX_EVENTS: Final = 500
MAX_BATCH_S: Final = 0.015


class Pump:
    """Owns the one timer of the window. Main thread only; other threads only put on the queues.

    `on_round` is called after each batch, told whether it had any events.
    """

    def __init__(self, root: tk.Tk, on_round: Callable[[bool], None]) -> None:
        self._root, self._on_round = root, on_round
        self._sources: dict[int, tuple[queue.SimpleQueue[Any], Callable[[Any], None]]] = {}
        self._timer: str | None = None

    def listen(self, events: queue.SimpleQueue[Any], hear: Callable[[Any], None]) -> None:
        """Give each event of a queue to `hear`."""
        self._sources[id(events)] = (events, hear)

    def forget(self, events: queue.SimpleQueue[Any]) -> None:
        """Listen no more; what is still on the queue is nobody's business."""
        self._sources.pop(id(events), None)

    def start(self) -> None:
        """Begin; the first round comes after a moment."""
        self._timer = self._root.after(EVERY_MS, self._round)

    def stop(self) -> None:
        """Cancel the timer."""
        if self._timer is not None:
            self._root.after_cancel(self._timer)
            self._timer = None

    def _round(self) -> None:
        self._timer = self._root.after(EVERY_MS, self._round)
        heard = False
        deadline = time.monotonic() + MAX_BATCH_S
        for events, hear in list(self._sources.values()):
            heard |= _drain(events, hear, deadline)
        self._on_round(heard)
        collect_due()


def _drain(events: queue.SimpleQueue[Any], hear: Callable[[Any], None], deadline: float) -> bool:
    for count in range(MAX_EVENTS):
        if count and time.monotonic() > deadline:
            return True
        try:
            event = events.get_nowait()
        except queue.Empty:
            return count > 0
        hear(event)
    return True
