"""How far files are, in a part of the status line."""

from __future__ import annotations

from pathlib import Path

from messango.client.events import FileFailed, FileProgress, FileSaved
from messango.terminal.chat.progress_bar import progress_text
from messango.terminal.conversation.transfer_progress import TransferProgress
from tests.terminal.conversation.test_transfer_progress import Clock


def sending(clock: Clock, *names: str) -> TransferProgress:
    """Return files of 100 bytes that are on their way, t1 and the following."""
    files = TransferProgress(clock)
    for number, name in enumerate(names, 1):
        files.handle(FileProgress(f"t{number}", name, 100, 0, upload=True, waiting=True))
    return files


def test_a_bar_shows_how_far_a_file_is() -> None:
    """With its name and how fast it moves."""
    clock = Clock()
    files = sending(clock, "holiday.jpg")
    assert progress_text(files, 80, has_blocks=True) == "▕░░░░░░░░░░▏ 0% holiday.jpg waiting"
    files.handle(FileProgress("t1", "holiday.jpg", 100, 0, upload=True))
    clock.now_s += 1
    files.handle(FileProgress("t1", "holiday.jpg", 100, 20, upload=True))
    files.handle(FileProgress("t1", "holiday.jpg", 100, 62, upload=True))
    assert progress_text(files, 80, has_blocks=True) == "▕██████░░░░▏ 62% holiday.jpg 42 bytes/s"
    assert progress_text(files, 40, has_blocks=True) == "▕███░░░▏ 62% holiday.jpg 42 bytes/s"
    assert progress_text(files, 80, has_blocks=False) == "[######....] 62% holiday.jpg 42 bytes/s"


def test_several_files_have_one_bar() -> None:
    """What has arrived meanwhile still counts."""
    clock = Clock()
    files = sending(clock, "a", "b", "c", "d")
    files.handle(FileProgress("t1", "a", 100, 0, upload=True))
    files.handle(FileSaved("t2", "b", 100, Path("b"), "f2"))
    files.handle(FileFailed("t4", "d", True, "No.", ""))
    assert progress_text(files, 80, has_blocks=True) == "▕███░░░░░░░▏ 33% 2 files"


def test_an_empty_file_and_a_boastful_room_break_nothing() -> None:
    """Neither no bytes nor more than there are."""
    files = sending(Clock(), "a")
    files.handle(FileProgress("t1", "a", 0, 0, upload=True))
    assert "0%" in progress_text(files, 80, has_blocks=True)
    files.handle(FileProgress("t1", "a", 10, 99, upload=True))
    assert "100%" in progress_text(files, 80, has_blocks=True)


def test_nothing_on_its_way_has_no_bar() -> None:
    """The status line is as it was."""
    assert progress_text(TransferProgress(Clock()), 80, has_blocks=True) == ""
