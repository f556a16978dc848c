"""What `within` does in the caller's thread, and when it gives up."""

from __future__ import annotations

import threading

import pytest

from messango.app.within import within


def test_the_callers_thread_does_something_meanwhile() -> None:
    """As `send` loads what it needs next, while the network answers."""
    done = threading.Event()
    threads: list[threading.Thread] = []

    def load() -> None:
        threads.append(threading.current_thread())
        done.set()

    assert within(5.0, lambda: done.wait(5.0), meanwhile=load)
    assert threads == [threading.current_thread()]


def test_it_raises_what_the_function_raises() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        within(5.0, fail)


def test_it_gives_up_when_the_time_is_up() -> None:
    """The thread goes on; here until the test ends it."""
    end = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.01, lambda: end.wait(5.0))
    end.set()
