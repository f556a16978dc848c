"""Tk's interpreters live until the main thread lets go of them."""

from __future__ import annotations

from types import SimpleNamespace

from tests.support.interpreters import Interpreters


def test_one_that_is_in_use_is_held() -> None:
    """And let go of when nothing else refers to it."""
    interpreters, interpreter = Interpreters(), SimpleNamespace()
    interpreters.hold(interpreter)
    interpreters.release_unused()
    assert len(interpreters) == 1
    del interpreter
    interpreters.release_unused()
    assert len(interpreters) == 0
