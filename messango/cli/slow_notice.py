"""Says that something goes on which takes longer than people expect."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from messango.cli.standard_streams import write_error

P = ParamSpec("P")
R = TypeVar("R")

#: A room on a good network has been found before; a person who reads nothing for longer doubts the program.
SAY_AFTER_S: Final = 1.0


class SlowNotice:
    """Writes a sentence to standard error if the block takes long. One thread, which ends with the block."""

    def __init__(self, text: str, after_s: float = SAY_AFTER_S) -> None:
        self._timer = threading.Timer(after_s, write_error, [text])
        self._timer.name = "messango-slow-notice"
        self._timer.daemon = True

    def __enter__(self) -> SlowNotice:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def before(self, ask: Callable[P, R]) -> Callable[P, R]:
        """Return a function that asks the person something: nothing is written below the question."""

        @functools.wraps(ask)
        def ask_quietly(*args: P.args, **kwargs: P.kwargs) -> R:
            self._timer.cancel()
            return ask(*args, **kwargs)

        return ask_quietly
