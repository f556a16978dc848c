"""Ctrl-C and SIGTERM reach a program that waits."""

from __future__ import annotations

import os
import queue
import signal
import sys

import pytest

from messango.signals import on_stop_signal


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process that is sent a signal so")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_noticed_while_the_main_thread_waits(number: signal.Signals) -> None:
    """However often it comes, each wait ends, and afterwards all is as it was."""
    before = signal.getsignal(number)
    received: queue.SimpleQueue[None] = queue.SimpleQueue()
    with on_stop_signal(lambda: received.put(None)):
        for _ in range(200):
            os.kill(os.getpid(), number)
            received.get(timeout=20)
    assert signal.getsignal(number) is before


def test_other_signals_are_not_ours() -> None:
    """A child that ends does not close the room."""
    if not hasattr(signal, "SIGCHLD"):
        pytest.skip("there is no such signal here")
    received: queue.SimpleQueue[None] = queue.SimpleQueue()
    before = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    try:
        with on_stop_signal(lambda: received.put(None)):
            os.kill(os.getpid(), signal.SIGCHLD)
            os.kill(os.getpid(), signal.SIGTERM)
            received.get(timeout=20)
        assert received.empty()
    finally:
        signal.signal(signal.SIGCHLD, before)
