"""The files of a conversation by their numbers, and those that are on their way."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.events import FileFailed, FileProgress, FileSaved
from messango.terminal.conversation.room_files import MAX_FILES, FileState, RoomFile, RoomFiles
from messango.terminal.conversation.transfer_rate import TransferRate
from tests.terminal.conversation.messages import shared


class Clock:
    """A clock that a test moves."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def files() -> RoomFiles:
    """A conversation of which bob has sent two files."""
    files = RoomFiles(Clock())
    files.add(shared(1, "bob", "holiday.jpg", 2_100_000))
    files.add(shared(4, "bob", "plan.odt", 1_000))
    return files


def get(files: RoomFiles, number: int) -> RoomFile:
    """Return a file that is there."""
    file = files.get(number)
    assert file is not None
    return file


def test_a_file_keeps_its_number(files: RoomFiles) -> None:
    """Those that come later get the next ones, also older ones that a search has found."""
    files.add(shared(2, "cy", "between.txt"))
    files.add(shared(1, "bob", "holiday.jpg", 2_100_000))
    assert [(file.number, file.name, file.sender) for file in files.listed] == [
        (1, "holiday.jpg", "bob"),
        (2, "plan.odt", "bob"),
        (3, "between.txt", "cy"),
    ]
    assert files.of_message(4) is files.get(2)
    assert files.with_id("f4") is files.get(2)


def test_a_download_goes_on_until_it_is_saved(files: RoomFiles) -> None:
    """And tells which message looks different then."""
    files.download_began("t1", get(files, 1))
    assert [file.state for file in files.moving] == [FileState.MOVING]
    assert files.handle(FileProgress("t1", "holiday.jpg", 2_100_000, 1_000_000, upload=False)) is None
    assert get(files, 1).done == 1_000_000
    saved = FileSaved("t1", "holiday.jpg", 2_100_000, Path("/a/holiday.jpg"), "f1")
    assert files.handle(saved) == 1
    assert get(files, 1).state is FileState.SAVED
    assert get(files, 1).path == Path("/a/holiday.jpg")
    assert files.moving == []


@pytest.mark.parametrize(("code", "state"), [("fault", FileState.OFFERED), ("unknown-entry", FileState.GONE)])
def test_a_failed_download_can_be_tried_again_unless_the_file_is_gone(
    files: RoomFiles, code: str, state: FileState
) -> None:
    """The room keeps files for a week."""
    files.download_began("t1", get(files, 1))
    assert files.handle(FileFailed("t1", "holiday.jpg", False, "No.", "", code)) == 1
    assert get(files, 1).state is state


def test_an_upload_has_a_number_before_the_room_has_it(files: RoomFiles) -> None:
    """And keeps it: its message has the transfer's id."""
    assert files.upload_began("i9", "mine.txt", 10).number == 3
    files.handle(shared(9, "ann", "mine.txt", 10))
    assert [(file.number, file.seq, file.own, file.state) for file in files.listed][2:] == [
        (3, 9, True, FileState.OFFERED)
    ]
    assert files.moving == []


def test_a_member_who_copies_our_id_ends_no_upload(files: RoomFiles) -> None:
    """Only an own message is the receipt."""
    files.upload_began("i9", "mine.txt", 10)
    files.handle(shared(9, "bob", "mine.txt", 10))
    assert [file.number for file in files.moving] == [3]


def test_a_failed_upload_stays_in_the_list(files: RoomFiles) -> None:
    """So that one sees that it is not in the room."""
    files.upload_began("t1", "mine.txt", 10)
    files.handle(FileFailed("t1", "mine.txt", True, "No.", ""))
    assert get(files, 3).state is FileState.FAILED


def test_a_deleted_message_takes_its_file_with_it(files: RoomFiles) -> None:
    """Its number is not given again."""
    files.remove(4)
    files.add(shared(5, "bob", "new.txt"))
    assert [file.number for file in files.listed] == [1, 3]


def test_numbers_that_begin_again_leave_what_is_on_its_way(files: RoomFiles) -> None:
    """The room has lost its history."""
    files.download_began("t1", get(files, 2))
    files.upload_began("t2", "mine.txt", 10)
    files.clear()
    assert [file.name for file in files.listed] == ["plan.odt", "mine.txt"]
    files.add(shared(1, "bob", "other.txt"))
    assert files.of_message(1) is files.get(4)


def test_a_room_can_not_fill_the_memory(files: RoomFiles) -> None:
    """Of too many files the first are forgotten, but none that is on its way."""
    files.download_began("t1", get(files, 1))
    for seq in range(10, 10 + MAX_FILES):
        files.add(shared(seq, "bob", "x"))
    assert len(files.listed) == MAX_FILES
    assert files.get(1) is not None
    assert files.get(2) is None
    assert files.of_message(4) is None


def test_of_several_the_sum_is_shown_until_all_are_there(files: RoomFiles) -> None:
    """The bar does not jump back when the first is saved."""
    files.download_began("t1", get(files, 1))
    files.download_began("t2", get(files, 2))
    files.handle(FileSaved("t1", "holiday.jpg", 2_100_000, Path("a"), "f1"))
    assert [(file.size, file.done) for file in files.batch] == [(2_100_000, 2_100_000), (1_000, 0)]
    files.handle(FileFailed("t2", "plan.odt", False, "No.", ""))
    files.download_began("t3", get(files, 2))
    assert [file.number for file in files.batch] == [2]


def test_a_transfer_of_somebody_else_is_ignored(files: RoomFiles) -> None:
    """The client reports all of its transfers."""
    assert files.handle(FileProgress("t9", "x", 1, 1, upload=False)) is None
    assert files.handle(FileSaved("t9", "x", 1, Path("x"), "f9")) is None


def test_the_rate_is_that_of_the_last_seconds() -> None:
    """Nothing is said before half a second, and an old burst does not count."""
    clock = Clock()
    rate = TransferRate(clock)
    seen = []
    rate.add(1_000)
    seen.append(rate.bytes_per_second)
    clock.now_s += 1
    seen.append(rate.bytes_per_second)
    clock.now_s += 9
    rate.add(400)
    seen.append(rate.bytes_per_second)
    rate.reset()
    seen.append(rate.bytes_per_second)
    assert seen == [None, 1_000, 100, None]


def test_bytes_that_were_there_before_do_not_count_as_speed() -> None:
    """A transfer that goes on after a break begins where it was."""
    clock = Clock()
    files = RoomFiles(clock)
    files.add(shared(1, "bob", "a", 1_000))
    files.download_began("t1", get(files, 1))
    files.handle(FileProgress("t1", "a", 1_000, 600, upload=False))
    files.handle(FileProgress("t1", "a", 1_000, 700, upload=False))
    clock.now_s += 1
    assert files.rate.bytes_per_second == 100
