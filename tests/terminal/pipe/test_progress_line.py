"""The line that shows how far a file is."""

from __future__ import annotations

import io

import pytest

from messango.client.events import FileProgress
from messango.terminal.pipe.progress_line import ProgressLine, progress_text


def progress(done: int, *, name: str = "report.pdf", size: int = 200_000_000) -> FileProgress:
    """Return how far an upload is."""
    return FileProgress("t1", name, size, done, upload=True)


class Terminal(io.StringIO):
    """Standard error in a terminal."""

    def isatty(self) -> bool:
        return True


def test_only_a_terminal_and_only_a_long_transfer_gets_a_line() -> None:
    """Nothing before a second is over; and it is taken away before anything else is written."""
    now = [0.0]
    terminal, pipe = Terminal(), io.StringIO()
    lines = [ProgressLine(out, columns=lambda: 80, clock=lambda: now[0]) for out in (terminal, pipe)]
    for line in lines:
        line.show(progress(1))
        line.clear()
    assert terminal.getvalue() == ""
    now[0] = 1.0
    for line in lines:
        line.show(progress(50_000_000))
        line.clear()
    assert "25%  50 MB of 200 MB" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert pipe.getvalue() == ""


@pytest.mark.parametrize(("done", "size"), [(0, 0), (0, 10), (10, 10), (3, 10)])
def test_any_share_can_be_shown(done: int, size: int) -> None:
    """An empty file is complete."""
    text = progress_text(progress(done, size=size), 79)
    assert ("100%" in text) == (done == size)


@pytest.mark.parametrize("columns", [0, 1, 20, 50, 79])
def test_it_fits_into_the_terminal(columns: int) -> None:
    """A long name is cut, also one with wide characters; a terminal sequence in it does nothing."""
    for name in ("x" * 300, "漢字" * 60, "\x1b[2Jname.txt"):
        text = progress_text(progress(5, name=name), columns)
        assert len(text) <= columns
        assert "\x1b" not in text
