"""A thread with its own event loop, for zeroconf."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import selectors
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Any

logger = logging.getLogger(__name__)


class LoopThread:
    """Runs one coroutine until it ends or is stopped; its `finally` blocks run in both cases.

    Call the methods from any thread but its own. `_lock` guards `_stopped`, `_loop` and `_task`.
    """

    def __init__(self, name: str, main: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._main = main
        self._lock = threading.Lock()
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        # A daemon: a name server that hangs must not keep a finished program alive.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; returns at once."""
        self._thread.start()

    def call_soon(self, function: Callable[[], object]) -> None:
        """Call `function` in the loop soon; does nothing before the loop runs or after it ended."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(function)

    def stop(self, timeout_s: float) -> None:
        """Cancel the coroutine and join the thread, at most this long. Calling it twice is harmless."""
        with self._lock:
            if not self._stopped and self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
            self._stopped = True
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            _require_descriptors()
            with contextlib.suppress(asyncio.CancelledError):
                asyncio.run(self._run_main())
        except OSError as error:  # No descriptor is left for a loop.
            logger.warning("discovery does not work: %s", error.strerror or error)
        except Exception:  # The edge of the thread: an exception here is a bug, so log it.
            logger.exception("%s failed", self._thread.name)

    async def _run_main(self) -> None:
        with self._lock:
            if self._stopped:
                return
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            await self._main()
        finally:
            with self._lock:
                self._loop = None


def _require_descriptors() -> None:
    """Raise `OSError` if there are no descriptors for a loop: without them asyncio can't even clean up."""
    with selectors.DefaultSelector():
        for end in socket.socketpair():
            end.close()


async def wait_for_event(event: asyncio.Event, timeout_s: float | None) -> None:
    """Wait until the event is set, at most this long; None: as long as it takes.

    Before Python 3.12, `asyncio.wait_for` loses a cancellation that comes together with the event
    (python/cpython#81839); then nothing could stop the thread.
    """
    waiter = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([waiter], timeout=timeout_s)
    finally:
        waiter.cancel()


async def wait_first(*coroutines: Coroutine[Any, Any, object]) -> None:
    """Run all concurrently until one ends, then cancel the others; raises the exception of that one."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
