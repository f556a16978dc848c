"""Moves events from a thread's queue to an asyncio loop, one batch at a time."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

#: A flood is shown in batches of this size: between two the screen is drawn and keys are read.
BATCH_EVENTS: Final = 200

_JOIN_TIMEOUT_S: Final = 2.0

EventT = TypeVar("EventT")


class EventBridge(Generic[EventT]):
    """Owns the thread that waits for events. `start` and `on_batch` run in the loop's thread."""

    def __init__(
        self,
        events: queue.SimpleQueue[EventT],
        on_batch: Callable[[list[EventT]], None],
        is_last: Callable[[EventT], bool],
        *,
        thread_name: str,
        weigh: Callable[[EventT], int] = lambda _: 1,
    ) -> None:
        """`is_last` is true for the event that ends the thread; every queue must end with one.

        `weigh` returns how many of the events of a batch one of them is worth.
        """
        self._events = events
        self._on_batch = on_batch
        self._is_last = is_last
        self._weigh = weigh
        # One batch at most is on its way, so that keys never wait behind a flood.
        self._ready = threading.Semaphore()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=thread_name, daemon=True)

    def start(self) -> None:
        """Start to call `on_batch` in the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def stop(self) -> None:
        """Deliver no more batches. Any thread; may be called twice."""
        self._stopped.set()
        self._ready.release()

    def join(self) -> None:
        """Wait until the thread has ended: after `stop`, and with the last event in the queue."""
        if self._thread.is_alive():
            self._thread.join(_JOIN_TIMEOUT_S)

    def _run(self) -> None:
        ended = False
        while not ended:
            batch = self._next_batch()
            ended = self._is_last(batch[-1])
            self._ready.acquire()
            if self._stopped.is_set():
                self._ready.release()
                continue
            with contextlib.suppress(RuntimeError):  # The loop was closed at this very moment.
                self._loop.call_soon_threadsafe(self._deliver, batch)

    def _next_batch(self) -> list[EventT]:
        batch = [self._events.get()]
        weight = self._weigh(batch[-1])
        with contextlib.suppress(queue.Empty):
            while weight < BATCH_EVENTS and not self._is_last(batch[-1]):
                batch.append(self._events.get_nowait())
                weight += self._weigh(batch[-1])
        return batch

    def _deliver(self, batch: list[EventT]) -> None:
        self._ready.release()
        self._on_batch(batch)
