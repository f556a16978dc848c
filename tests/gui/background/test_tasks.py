"""Tasks in threads, and their completions."""

from __future__ import annotations

import logging
import threading

import pytest

from messango.errors import MessangoError
from messango.gui.background.tasks import BackgroundTasks

TIMEOUT_S = 30.0


def run_completion(tasks: BackgroundTasks) -> None:
    """Run the next completion, as the window does."""
    tasks.completions.get(timeout=TIMEOUT_S)()


def test_task_runs_in_a_thread_and_completes_in_ours() -> None:
    """The caller never waits."""
    tasks, errors, threads = BackgroundTasks(), list[MessangoError | None](), list[str]()
    tasks.submit(lambda: threads.append(threading.current_thread().name), errors.append)
    run_completion(tasks)
    assert errors == [None]
    assert threads == ["messango-gui-task"]
    tasks.finish(TIMEOUT_S)


def test_error_is_passed_to_the_completion() -> None:
    """If it is meant for people."""
    tasks, errors = BackgroundTasks(), list[MessangoError | None]()
    error = MessangoError("The disk is full.")

    def fail() -> None:
        raise error

    tasks.submit(fail, errors.append)
    run_completion(tasks)
    assert errors == [error]
    tasks.finish(TIMEOUT_S)


def test_bug_is_logged_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    """As an internal error."""
    tasks, errors = BackgroundTasks(), list[MessangoError | None]()
    with caplog.at_level(logging.ERROR):
        tasks.submit(lambda: 1 / 0, errors.append)
        run_completion(tasks)
    assert "because of a bug in Messango" in str(errors[0])
    assert "ZeroDivisionError" in caplog.text
    tasks.finish(TIMEOUT_S)


def test_finish_has_a_timeout() -> None:
    """It does not wait for a task that hangs."""
    tasks, release = BackgroundTasks(), threading.Event()
    tasks.submit(lambda: release.wait(TIMEOUT_S), lambda _: None)
    tasks.finish(0.0)
    release.set()
    tasks.finish(TIMEOUT_S)
