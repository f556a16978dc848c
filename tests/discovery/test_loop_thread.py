"""A thread with its own event loop."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from messango.discovery.loop_thread import LoopThread, wait_first, wait_for_event


class RecordingMain:
    """A coroutine that runs until it is cancelled, and records how far it got."""

    def __init__(self) -> None:
        self.running = threading.Event()
        self.ended = threading.Event()
        self.where = ""

    async def __call__(self) -> None:
        self.where = threading.current_thread().name
        self.running.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0)
            self.ended.set()


def test_stopping_runs_the_cleanup() -> None:
    """The `finally` of the coroutine runs to its end, including awaits; stopping twice is harmless."""
    recording = RecordingMain()
    thread = LoopThread("messango-test", recording)
    thread.start()
    assert recording.running.wait(20)
    thread.stop(20)
    assert recording.ended.is_set()
    thread.stop(20)
    assert recording.where == "messango-test"


def test_a_thread_stopped_before_it_starts_never_runs() -> None:
    """A window may open and close at once."""
    recording = RecordingMain()
    thread = LoopThread("messango-test", recording)
    thread.stop(0)
    thread.start()
    thread.stop(20)
    assert not recording.running.is_set()


def test_a_call_runs_in_the_loop_and_never_after_its_end() -> None:
    """Any thread may call at any time."""
    recording = RecordingMain()
    thread = LoopThread("messango-test", recording)
    called: list[str] = []
    thread.call_soon(lambda: called.append("too early"))
    thread.start()
    assert recording.running.wait(20)
    done = threading.Event()

    def record() -> None:
        called.append(threading.current_thread().name)
        done.set()

    thread.call_soon(record)
    assert done.wait(20)
    thread.stop(20)
    thread.call_soon(lambda: called.append("too late"))
    assert called == ["messango-test"]


def test_an_exception_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A thread that ends by a bug logs it."""

    begun = threading.Event()

    async def failing_main() -> None:
        begun.set()
        raise ZeroDivisionError

    thread = LoopThread("messango-test", failing_main)
    with caplog.at_level(logging.ERROR):
        thread.start()
        assert begun.wait(20)
        thread.stop(20)
    assert "messango-test failed" in caplog.text


def test_a_stop_that_comes_with_the_event_is_not_lost() -> None:
    """`asyncio.wait_for` of Python 3.10 and 3.11 would keep waiting."""

    async def scene() -> bool:
        event = asyncio.Event()
        waiting = asyncio.ensure_future(wait_for_event(event, 20))
        await asyncio.sleep(0)
        event.set()
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled()

    assert asyncio.run(scene())


def test_waiting_ends_with_the_event_or_the_timeout() -> None:
    """Neither raises."""

    async def scene() -> None:
        event = asyncio.Event()
        await wait_for_event(event, 0.01)
        event.set()
        await wait_for_event(event, 1_000)

    asyncio.run(scene())


def test_the_first_to_end_cancels_the_others() -> None:
    """Its exception is raised."""

    async def scene() -> list[str]:
        calls: list[str] = []

        async def endless() -> None:
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                calls.append("cancelled")

        async def failing() -> None:
            await asyncio.sleep(0)
            raise OSError("no such device")

        with pytest.raises(OSError, match="no such device"):
            await wait_first(endless(), failing())
        return calls

    assert asyncio.run(scene()) == ["cancelled"]
