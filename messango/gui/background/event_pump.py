"""Delivers events from other threads' queues to the window, a bounded batch at a time."""

from __future__ import annotations

import queue
import time
import tkinter as tk
from collections.abc import Callable
from typing import Any, Final

from messango.gui.background.gc_guard import run_due_gc

#: An event waits half of this on average; a shorter interval costs more without being noticeable.
INTERVAL_MS: Final = 20

#: Limits of a batch, so that keys and pointer never wait.
MAX_EVENTS: Final = 500
MAX_BATCH_S: Final = 0.015


class EventPump:
    """Owns the window's only timer. Main thread only; other threads only put events on the queues.

    `on_tick` is called after each batch; its argument is whether the batch had any events.
    """

    def __init__(self, root: tk.Tk, on_tick: Callable[[bool], None]) -> None:
        self._root, self._on_tick = root, on_tick
        self._sources: dict[int, tuple[queue.SimpleQueue[Any], Callable[[Any], None]]] = {}
        self._timer: str | None = None
        self._is_running = False

    def subscribe(self, events: queue.SimpleQueue[Any], handler: Callable[[Any], None]) -> None:
        """Call `handler` with each event of a queue."""
        self._sources[id(events)] = (events, handler)

    def unsubscribe(self, events: queue.SimpleQueue[Any]) -> None:
        """Ignore a queue from now on, with the events that are still on it."""
        self._sources.pop(id(events), None)

    def start(self) -> None:
        """Start the timer; the first tick comes after `INTERVAL_MS`."""
        self._is_running = True
        self._set_timer()

    def stop(self) -> None:
        """Cancel the timer."""
        self._is_running = False
        if self._timer is not None:
            self._root.after_cancel(self._timer)
            self._timer = None

    def _set_timer(self) -> None:
        self._timer = self._root.after(INTERVAL_MS, self._tick)

    def _tick(self) -> None:
        try:
            self._run_batch()
        finally:
            # Only now: Tk draws when no timer is due, so one that is due again at the end of a long batch
            # would leave the window as it is for as long as events come.
            if self._is_running:
                self._set_timer()

    def _run_batch(self) -> None:
        had_events = False
        deadline = time.monotonic() + MAX_BATCH_S
        for events, handler in list(self._sources.values()):
            had_events |= _drain(events, handler, deadline)
        self._on_tick(had_events)
        run_due_gc()


def _drain(events: queue.SimpleQueue[Any], handler: Callable[[Any], None], deadline: float) -> bool:
    for count in range(MAX_EVENTS):
        if count and time.monotonic() > deadline:
            return True
        try:
            event = events.get_nowait()
        except queue.Empty:
            return count > 0
        handler(event)
    return True
