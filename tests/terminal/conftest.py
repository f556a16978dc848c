"""The terminal that a test types at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input

from tests.terminal.terminals import Terminal


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """A terminal that prompt_toolkit takes for its own."""
    with create_pipe_input() as keyboard:
        made = Terminal(keyboard)
        with create_app_session(input=made.keyboard, output=made.output):
            yield made
