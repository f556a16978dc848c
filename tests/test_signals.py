"""Ctrl-C and SIGTERM reach a program that is waiting."""

from __future__ import annotations

import io
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from messango.signals import Stopped, interrupted_status, on_stop_signal, raise_on_stop_signals, stop_signals


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


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


#: What ends the threads that the tests have started.
_STOPS: list[Callable[[], None]] = []


@pytest.fixture
def _handlers() -> Iterator[None]:
    """Restore the handlers."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    unraisablehook = sys.unraisablehook
    wakeup_fd = signal.set_wakeup_fd(-1)
    yield
    while _STOPS:
        _STOPS.pop()()
    signal.set_wakeup_fd(wakeup_fd)
    sys.unraisablehook = unraisablehook
    for number, handler in before.items():
        signal.signal(number, handler)


@posix
@pytest.mark.usefixtures("_handlers")
def test_a_command_without_a_goodbye_is_interrupted() -> None:
    """By the first signal; what it then does is not interrupted by the others that a terminal sends."""
    _STOPS.append(raise_on_stop_signals())
    with pytest.raises(Stopped) as stopped:
        signal.raise_signal(signal.SIGHUP)
    signal.raise_signal(signal.SIGTERM)
    assert interrupted_status(stopped.value) == 129
    with pytest.raises(Stopped) as stopped:
        signal.raise_signal(signal.SIGINT)
    assert interrupted_status(stopped.value) == 130


@posix
@pytest.mark.usefixtures("_handlers")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_a_finalizer_is_not_lost(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python drops what is raised there, so the signal comes again."""

    class Thing:
        def __del__(self) -> None:
            signal.raise_signal(number)

    _STOPS.append(raise_on_stop_signals())
    things = [Thing()]

    def drop_things() -> None:
        things.clear()
        threading.Event().wait(20)

    with pytest.raises(Stopped) as stopped:
        drop_things()
    assert interrupted_status(stopped.value) == 128 + number
    assert capsys.readouterr().err == ""


class _Stream(io.StringIO):
    """A standard error; a signal comes while `input` flushes it, and `input` drops what is raised there."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number: int | None = number

    def flush(self) -> None:
        number, self._number = self._number, None
        if number is not None:
            signal.raise_signal(number)


@posix
@pytest.mark.usefixtures("_handlers")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_the_start_of_a_question_is_not_lost(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person would have to answer it, or to press Ctrl-C once more."""
    reader, writer = os.pipe()
    with os.fdopen(reader, encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        monkeypatch.setattr("sys.stderr", _Stream(number))
        _STOPS.append(raise_on_stop_signals())
        with pytest.raises(Stopped) as stopped:
            input()
    os.close(writer)
    assert interrupted_status(stopped.value) == 128 + number


@posix
@pytest.mark.usefixtures("_handlers")
def test_other_errors_in_a_finalizer_are_reported() -> None:
    """By the hook that was there before."""
    reported: list[object] = []
    sys.unraisablehook = lambda unraisable: reported.append(unraisable.exc_type)

    class Thing:
        def __del__(self) -> None:
            raise ValueError

    _STOPS.append(raise_on_stop_signals())
    things = [Thing()]
    things.clear()
    assert reported == [ValueError]


@posix
@pytest.mark.usefixtures("_handlers")
def test_an_ignored_hangup_stays_ignored() -> None:
    """As `nohup` asks."""
    assert signal.SIGHUP in stop_signals()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert signal.SIGHUP not in stop_signals()
    _STOPS.append(raise_on_stop_signals())
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_the_statuses() -> None:
    """Those of shells; other exceptions have none."""
    assert interrupted_status(KeyboardInterrupt()) == 130
    assert interrupted_status(Stopped(15)) == 143
    assert interrupted_status(EOFError()) is None


def test_other_threads_have_no_handlers() -> None:
    """Signals are the main thread's."""
    before = signal.getsignal(signal.SIGTERM)
    seen: list[object] = []

    def run() -> None:
        with on_stop_signal(seen.append):
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [before]
