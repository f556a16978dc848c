"""What other code prints while a screen is open, such as log lines, appears above the prompt."""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Callable, Iterator


class LineOutput(io.TextIOBase):
    """Passes whole lines on. Any thread may write; `_lock` guards what is not a whole line yet.

    Not prompt_toolkit's `patch_stdout`: if the terminal goes away while that prints, its task never ends, and
    the prompt waits for it.
    """

    def __init__(self, on_lines: Callable[[list[str]], None]) -> None:
        super().__init__()
        self._on_lines = on_lines
        self._lock = threading.Lock()
        self._unfinished = ""

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Pass on the lines that are whole now; the rest waits for its line end."""
        with self._lock:
            *lines, self._unfinished = (self._unfinished + text).split("\n")
        if lines:
            self._on_lines(lines)
        return len(text)

    def end_line(self) -> None:
        """Pass on what waits for its line end."""
        if self._unfinished:
            self.write("\n")


@contextlib.contextmanager
def redirected_output(on_lines: Callable[[list[str]], None]) -> Iterator[None]:
    """Pass the lines that are printed during the block to `on_lines`, in the thread that prints them."""
    output = LineOutput(on_lines)
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        yield
        output.end_line()
