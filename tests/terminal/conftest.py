"""The terminal of a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input

from tests.terminal.terminals import Terminal


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """A terminal that prompt_toolkit uses as its own."""
    with create_pipe_input() as keyboard:
        new_terminal = Terminal(keyboard)
        with create_app_session(input=new_terminal.keyboard, output=new_terminal.output):
            yield new_terminal
