"""The files of a conversation under the numbers that people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.events import (
    EarlierReceived,
    FileFailed,
    FileProgress,
    FileSaved,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    SearchResult,
)
from messango.client.files import file_list
from messango.client.files.file_list import FileList, FileStatus
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import FileInfo
from tests.client.received_messages import joined

SHA256 = "ab" * 32


def message(
    seq: int, *, own: bool = False, file: bool = True, caption: str = "", id_: str = ""
) -> MessageReceived:
    """Return a message, with a file of ten bytes unless without."""
    info = FileInfo(f"f{seq}", f"{seq}.txt", 10, SHA256) if file else None
    text = text_with_file(caption, info) if info else caption
    return MessageReceived(seq, id_ or f"id{seq}", "m1", 1.0, "Ann", text, own, False, file=info)


def listed(*events: MessageReceived) -> FileList:
    """Return a list that has seen these."""
    files = FileList()
    for event in events:
        files.handle(event)
    return files


def numbers(files: FileList) -> list[tuple[int, str]]:
    """Return the numbers and names."""
    return [(file.number, file.name) for file in files.all()]


def test_files_are_numbered_as_they_were_seen() -> None:
    """Older ones that come later have later numbers; none changes its number."""
    files = listed(message(5), message(6, file=False, caption="hi"), message(7))
    files.handle(
        EarlierReceived("e", (message(1), message(2, file=False, caption="x"), message(3)), False, 7)
    )
    files.handle(SearchResult("s", (message(1), message(4)), False, 7))
    assert numbers(files) == [(1, "5.txt"), (2, "7.txt"), (3, "1.txt"), (4, "3.txt"), (5, "4.txt")]
    found = files.of_message(3)
    assert found is not None
    assert (found.number, found.sender, found.file) == (4, "Ann", FileInfo("f3", "3.txt", 10, SHA256))
    assert files.get(4) == found
    assert files.get(99) is files.of_message(2) is files.of_transfer("x") is None


def test_a_deleted_file_leaves_its_number_empty() -> None:
    """So that a number that somebody is about to type means no other file."""
    files = listed(message(1), message(2))
    files.handle(MessageDeleted(3, "d", 1, "m1", "Ann", 1.0, False, False))
    files.handle(message(4))
    assert numbers(files) == [(2, "2.txt"), (3, "4.txt")]


def test_an_edit_replaces_the_caption() -> None:
    """The file stays."""
    files = listed(message(1, caption="look"))
    seen = files.get(1)
    assert seen is not None
    assert seen.caption == "look"
    assert seen.file is not None
    text = text_with_file("see", seen.file)
    files.handle(MessageEdited(2, "e", 1, "m1", "Ann", 1.0, text, False, False))
    seen = files.get(1)
    assert seen is not None
    assert seen.caption == "see"


def test_the_course_of_a_download() -> None:
    """Waiting, percent, and where it is saved."""
    files = listed(message(1))
    files.fetching(1, "t1")
    assert [file.status for file in files.moving()] == [FileStatus.WAITING]
    files.handle(FileProgress("t1", "1.txt", 10, 5, upload=False))
    moving = files.of_transfer("t1")
    assert moving is not None
    assert (moving.status, moving.percent, moving.is_moving) == (FileStatus.MOVING, 50, True)
    files.handle(FileProgress("t1", "1.txt", 10, 5, upload=False, waiting=True))
    assert files.moving()[0].status is FileStatus.WAITING
    files.handle(FileSaved("t1", "1.txt", 10, Path("/x/1.txt"), "f1"))
    saved = files.get(1)
    assert saved is not None
    assert (saved.status, saved.percent, saved.path) == (FileStatus.SAVED, 100, Path("/x/1.txt"))
    assert files.moving() == []


def test_a_download_that_fails_can_be_asked_for_again() -> None:
    """What the first one still says changes nothing then."""
    files = listed(message(1))
    files.fetching(1, "t1")
    files.handle(FileFailed("t1", "1.txt", False, "Gone.", "Ask."))
    failed = files.get(1)
    assert failed is not None
    assert (failed.status, failed.reason, failed.hint) == (FileStatus.FAILED, "Gone.", "Ask.")
    files.fetching(1, "t2")
    files.handle(FileFailed("t1", "1.txt", False, "Gone.", ""))
    again = files.get(1)
    assert again is not None
    assert (again.status, again.reason) == (FileStatus.WAITING, "")


def test_the_course_of_an_upload() -> None:
    """It has a number from the beginning, and keeps it when the room announces it."""
    files = listed(message(1))
    files.handle(FileProgress("t1", "mine.txt", 10, 0, upload=True, waiting=True))
    files.handle(FileProgress("t1", "mine.txt", 10, 10, upload=True))
    assert numbers(files) == [(1, "1.txt"), (2, "mine.txt")]
    files.handle(message(2, own=True, id_="t1"))
    sent = files.get(2)
    assert sent is not None
    assert (sent.seq, sent.name, sent.status, sent.own) == (2, "2.txt", FileStatus.SENT, True)
    assert files.sending("t1", "mine.txt", 10) == sent
    assert files.moving() == []


def test_an_upload_that_fails_at_once() -> None:
    """It is listed with its reason; a download that nobody here has asked for is not."""
    files = FileList()
    files.handle(FileFailed("t1", "folder", True, "It is a folder.", ""))
    files.handle(FileFailed("t2", "other", False, "Gone.", ""))
    files.handle(FileSaved("t3", "other", 1, Path("x"), "f"))
    assert [(file.name, file.reason) for file in files.all()] == [("folder", "It is a folder.")]


def test_a_message_that_comes_again_is_one_file() -> None:
    """Also in its present form after it was deleted."""
    files = listed(message(1), message(1))
    assert numbers(files) == [(1, "1.txt")]
    files.handle(message(1, file=False))
    assert numbers(files) == []


def test_the_files_of_a_room_that_begins_again_are_gone() -> None:
    """Its numbers are other messages' now. After a mere break, all stay."""
    files = listed(message(1), message(5))
    files.handle(joined(latest=5))
    assert len(files.all()) == 2
    files.handle(joined(latest=3))
    assert files.all() == []
    files.handle(message(1))
    assert numbers(files) == [(3, "1.txt")]


def test_the_list_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that announces files without end does not fill the memory."""
    monkeypatch.setattr(file_list, "MAX_FILES", 2)
    files = listed(message(1), message(2), message(3))
    assert numbers(files) == [(2, "2.txt"), (3, "3.txt")]
    assert files.of_message(1) is None


def test_percent_is_never_a_hundred_too_early() -> None:
    """And an empty file is complete at once."""
    files = FileList()
    files.handle(FileProgress("t", "x", 1_000_000, 999_999, upload=True))
    files.handle(FileProgress("u", "y", 0, 0, upload=True))
    assert [file.percent for file in files.all()] == [99, 100]
