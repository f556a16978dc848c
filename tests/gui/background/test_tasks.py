"""Chores in threads, and their answers."""

from __future__ import annotations

import logging
import threading

import pytest

from messango.errors import MessangoError
from messango.gui.background.tasks import BackgroundTasks

TIMEOUT_S = 30.0


def run_completion(tasks: BackgroundTasks) -> None:
    """Take the next answer, as the window does."""
    tasks.completions.get(timeout=TIMEOUT_S)()


def test_a_chore_is_done_in_a_thread_and_answered_in_ours() -> None:
    """Who asked never waits."""
    tasks, errors, threads = BackgroundTasks(), list[MessangoError | None](), list[str]()
    tasks.submit(lambda: threads.append(threading.current_thread().name), errors.append)
    run_completion(tasks)
    assert errors == [None]
    assert threads == ["messango-gui-task"]
    tasks.finish(TIMEOUT_S)


def test_what_goes_wrong_is_told() -> None:
    """In its own words, where it is meant for people."""
    tasks, errors = BackgroundTasks(), list[MessangoError | None]()
    error = MessangoError("The disk is full.")

    def fail() -> None:
        raise error

    tasks.submit(fail, errors.append)
    run_completion(tasks)
    assert errors == [error]
    tasks.finish(TIMEOUT_S)


def test_a_fault_of_ours_is_admitted(caplog: pytest.LogCaptureFixture) -> None:
    """And logged."""
    tasks, errors = BackgroundTasks(), list[MessangoError | None]()
    with caplog.at_level(logging.ERROR):
        tasks.submit(lambda: 1 / 0, errors.append)
        run_completion(tasks)
    assert "because of a bug in Messango" in str(errors[0])
    assert "ZeroDivisionError" in caplog.text
    tasks.finish(TIMEOUT_S)


def test_the_end_does_not_wait_for_ever() -> None:
    """A chore that hangs is left behind when the time is up."""
    tasks, release = BackgroundTasks(), threading.Event()
    tasks.submit(lambda: release.wait(TIMEOUT_S), lambda _: None)
    tasks.finish(0.0)
    release.set()
    tasks.finish(TIMEOUT_S)
