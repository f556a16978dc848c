"""The host lists the shared files, and removes one by its number or name."""

from __future__ import annotations

import pytest

from messango.protocol.text.command_table import Completion, InvalidInput
from messango.room.host.file_commands import ListFiles, RemoveFile
from messango.room.host.host_command_parser import complete, parse_command
from messango.room.host.host_events import CommandDone, CommandFailed, FileList, StoredFile
from messango.room.host.host_result import result_fields, result_of
from tests.room.batches import RoomHarness
from tests.room.files.shelves import FakeShelf
from tests.room.host_commands import result_of as run

HOLIDAY = StoredFile(1, "a" * 32, "holiday.jpg", 2_100_000, "Ann", 1.0, 9.0)
REPORT = StoredFile(3, "b" * 32, "Report.pdf", 310_000, "Bob B", 2.0, 10.0)
SECOND = StoredFile(4, "c" * 32, "report.pdf", 310_000, "Ann", 3.0, 11.0)


@pytest.fixture
def shelf() -> FakeShelf:
    made = FakeShelf()
    made.listed = (HOLIDAY, REPORT)
    return made


@pytest.fixture
def harness(shelf: FakeShelf) -> RoomHarness:
    return RoomHarness(shelf=shelf)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("files", ListFiles()),
        ("files remove 3", RemoveFile("3")),
        ('FILES Remove "my file.txt"', RemoveFile("my file.txt")),
        ("files remove my file.txt", RemoveFile("my file.txt")),
    ],
)
def test_what_the_host_types(line: str, command: object) -> None:
    assert parse_command(line, ()) == command


@pytest.mark.parametrize("line", ["files remove", "files remove  ", "files delete 3", "files 3"])
def test_what_is_not_valid(line: str) -> None:
    parsed = parse_command(line, ())
    assert isinstance(parsed, InvalidInput)
    assert "files remove 2" in parsed.reason


def test_the_list(harness: RoomHarness) -> None:
    result = run(harness, ListFiles())
    assert result == FileList((HOLIDAY, REPORT), 2_410_000, 10_000_000)


def test_it_goes_through_json() -> None:
    listed = FileList((HOLIDAY, REPORT), 5, 10)
    assert result_of(result_fields(listed)) == listed


@pytest.mark.parametrize("target", ["3", "report.PDF", "rep", "b" * 32])
def test_a_file_is_removed(harness: RoomHarness, shelf: FakeShelf, target: str) -> None:
    assert run(harness, RemoveFile(target)) == CommandDone("“Report.pdf” from “Bob B” was removed.")
    assert shelf.removed == [REPORT.id]


@pytest.mark.parametrize(
    ("target", "code"), [("2", "unknown-file"), ("nothing", "unknown-file"), ("report", "several-members")]
)
def test_nothing_is_guessed(harness: RoomHarness, shelf: FakeShelf, target: str, code: str) -> None:
    shelf.listed = (HOLIDAY, REPORT, SECOND)
    result = run(harness, RemoveFile(target))
    assert isinstance(result, CommandFailed)
    assert result.code == code
    assert shelf.removed == []
    if code == "several-members":
        assert "3 and 4" in result.message


def test_without_files_there_is_nothing_to_remove(harness: RoomHarness, shelf: FakeShelf) -> None:
    shelf.listed = ()
    result = run(harness, RemoveFile("1"))
    assert isinstance(result, CommandFailed)
    assert "No files" in result.message


def test_tab() -> None:
    files = ["holiday.jpg", "Report.pdf"]
    assert complete("files ", (), files) == [Completion("remove ", 0)]
    assert complete("files re", (), files) == [Completion("remove ", 2)]
    assert complete("files x", (), files) == []
    assert complete("files remove rep", (), files) == [Completion("Report.pdf", 3)]
    assert [each.text for each in complete("files remove ", (), files)] == ["Report.pdf", "holiday.jpg"]
