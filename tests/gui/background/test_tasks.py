"""Chores in threads, and their answers."""

from __future__ import annotations

import logging
import threading

import pytest

from messango.errors import MessangoError
from messango.gui.background.tasks import Chores

PATIENCE_S = 30.0


def answer(chores: Chores) -> None:
    """Take the next answer, as the window does."""
    chores.answers.get(timeout=PATIENCE_S)()


def test_a_chore_is_done_in_a_thread_and_answered_in_ours() -> None:
    """Who asked never waits."""
    chores, told, threads = Chores(), list[MessangoError | None](), list[str]()
    chores.do(lambda: threads.append(threading.current_thread().name), told.append)
    answer(chores)
    assert told == [None]
    assert threads == ["messango-gui-chore"]
    chores.finish(PATIENCE_S)


def test_what_goes_wrong_is_told() -> None:
    """In its own words, where it is meant for people."""
    chores, told = Chores(), list[MessangoError | None]()
    error = MessangoError("The disk is full.")

    def fail() -> None:
        raise error

    chores.do(fail, told.append)
    answer(chores)
    assert told == [error]
    chores.finish(PATIENCE_S)


def test_a_fault_of_ours_is_admitted(caplog: pytest.LogCaptureFixture) -> None:
    """And logged."""
    chores, told = Chores(), list[MessangoError | None]()
    with caplog.at_level(logging.ERROR):
        chores.do(lambda: 1 / 0, told.append)
        answer(chores)
    assert "Messango made a mistake of its own." in str(told[0])
    assert "ZeroDivisionError" in caplog.text
    chores.finish(PATIENCE_S)


def test_the_end_does_not_wait_for_ever() -> None:
    """A chore that hangs is left behind when the time is up."""
    chores, release = Chores(), threading.Event()
    chores.do(lambda: release.wait(PATIENCE_S), lambda _: None)
    chores.finish(0.0)
    release.set()
    chores.finish(PATIENCE_S)
