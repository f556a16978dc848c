"""Ctrl-C and SIGTERM reach a program that is waiting."""

from __future__ import annotations

import os
import queue
import signal
import sys

import pytest

from messango.signals import on_stop_signal


@pytest.mark.skipif(sys.platform == "win32", reason="On Windows, os.kill ends the process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGINT)])
def test_a_signal_ends_a_wait_of_the_main_thread(number: signal.Signals) -> None:
    """Each of 200 signals ends one wait, and the old handler is restored afterwards."""
    before = signal.getsignal(number)
    received: queue.SimpleQueue[int] = queue.SimpleQueue()
    with on_stop_signal(received.put):
        for _ in range(200):
            os.kill(os.getpid(), number)
            assert received.get(timeout=20) == number
    assert signal.getsignal(number) is before


def test_other_signals_are_ignored() -> None:
    """SIGCHLD does not close the room."""
    if not hasattr(signal, "SIGCHLD"):
        pytest.skip("this system has no SIGCHLD")
    received: queue.SimpleQueue[int] = queue.SimpleQueue()
    before = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    try:
        with on_stop_signal(received.put):
            os.kill(os.getpid(), signal.SIGCHLD)
            os.kill(os.getpid(), signal.SIGTERM)
            assert received.get(timeout=20) == signal.SIGTERM
    finally:
        signal.signal(signal.SIGCHLD, before)
