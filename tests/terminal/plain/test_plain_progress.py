"""How far a file is, in plain lines."""

from __future__ import annotations

from messango.client.events import FileProgress
from messango.terminal.plain.plain_progress import PlainProgress
from tests.terminal.conversation.test_transfer_progress import Clock


def test_a_line_comes_every_ten_seconds_if_something_has_moved() -> None:
    """A screen reader reads each line."""
    clock = Clock()
    progress = PlainProgress(clock)

    def said(seconds: float, done: int, *, upload: bool = True) -> str:
        clock.now_s += seconds
        return progress.sentence(FileProgress("t1", "a b.txt", 2_000_000, done, upload=upload))

    assert said(0, 0) == ""
    assert said(9, 1_000_000) == ""
    assert said(2, 1_000_000) == "Sending “a b.txt”: 50% of 2.0 MB"
    assert said(11, 1_000_001) == ""
    assert said(1, 1_500_000, upload=False) == "Saving “a b.txt”: 75% of 2.0 MB"
    progress.clear()
    assert said(30, 1_600_000) == ""


def test_an_empty_file_has_no_percent() -> None:
    """Nothing is divided by it."""
    clock = Clock()
    progress = PlainProgress(clock)
    event = FileProgress("t1", "a", 0, 0, upload=True)
    progress.sentence(event)
    clock.now_s += 20
    assert progress.sentence(event) == ""
