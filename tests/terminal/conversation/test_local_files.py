"""Which files and folders a typed path means, and why some can't be sent."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from messango.client.pictures.metadata.strip import Metadata
from messango.terminal.conversation.local_files import LocalFile, find_files, find_folder, shown_path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with some files, in which the person is, and which is their home too."""
    for name in ("holiday.jpg", "two words.txt", "two", "words.txt", "it's.txt", "say “hi”.txt"):
        (tmp_path / name).write_bytes(b"x" * len(name))
    (tmp_path / "My Pictures").mkdir()
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    return tmp_path


def names(found: list[LocalFile] | str) -> list[str]:
    """Return the names of the files that were found."""
    assert not isinstance(found, str), found
    return [file.name for file in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("holiday.jpg", ["holiday.jpg"]),
        ("~/holiday.jpg", ["holiday.jpg"]),
        ("./holiday.jpg", ["holiday.jpg"]),
        # As it is before words: these would be files too.
        ("two words.txt", ["two words.txt"]),
        ('"two words.txt" holiday.jpg', ["two words.txt", "holiday.jpg"]),
        ("holiday.jpg two", ["holiday.jpg", "two"]),
        ("it's.txt", ["it's.txt"]),
        ("say “hi”.txt", ["say “hi”.txt"]),
    ],
)
def test_a_path_means_the_files_that_are_there(typed: str, found: list[str]) -> None:
    """Whatever is in their names."""
    assert names(find_files(typed)) == found


def test_a_file_has_its_size_and_a_whole_path(folder: Path) -> None:
    """So that it is found also if the program goes to another folder."""
    assert find_files("holiday.jpg") == [LocalFile(folder / "holiday.jpg", 11, Metadata.NONE)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no backslash in names and no shell escapes")
def test_a_path_may_be_pasted_as_a_terminal_writes_it() -> None:
    """With backslashes, on macOS."""
    assert names(find_files(r"two\ words.txt holiday.jpg")) == ["two words.txt", "holiday.jpg"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("holliday.jpg", "There is no file “holliday.jpg” in ~. Tab completes a path."),
        ("/nowhere/a.jpg", "There is no file “/nowhere/a.jpg”. Tab completes a path."),
        ("no such file", "There is no file “no such file” in ~. Tab completes a path."),
        ("holiday.jpg tow", "There is no file “tow” in ~. Tab completes a path."),
        ("My Pictures", "“My Pictures” is a folder. Put it into one file, such as a .zip, to send it."),
        ("a\0b", "“a\\x00b” can't be sent: it has a character that no path can have."),
        ("x" * 300, "can't be sent: File name too long."),
    ],
)
def test_what_can_not_be_sent_is_said(typed: str, sentence: str) -> None:
    """With what to do about it."""
    found = find_files(typed)
    assert isinstance(found, str)
    assert sentence in found


def test_a_file_that_is_too_large_for_the_room_is_said_before_it_goes() -> None:
    """The room names its limit when one joins; without one, the room itself decides."""
    assert names(find_files("two", largest=3)) == ["two"]
    refusal = find_files("two", largest=2)
    assert refusal == "“two” can't be sent. This file is too large: the room takes files of up to 2 bytes."


@pytest.mark.skipif(not hasattr(os, "mkfifo") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_somebody_else_can_not_be_sent(folder: Path) -> None:
    """It is said before anything is sent."""
    (folder / "two").chmod(0)
    assert find_files("two") == "You may not read “two”. Its owner has to allow it."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
def test_a_pipe_is_not_opened(folder: Path) -> None:
    """That would wait for its other end."""
    os.mkfifo(folder / "pipe")
    assert find_files("pipe") == "“pipe” is not a file that can be sent."


def test_a_folder_may_have_blanks(folder: Path) -> None:
    """With quotation marks or without."""
    for typed in ("My Pictures", '"My Pictures"', "~/My Pictures/"):
        assert find_folder(typed) == folder / "My Pictures"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Pictures", "There is no folder “Pictures”. Make it first, or choose another one."),
        ("two", "“two” is not a folder."),
        ("two/more", "“two/more” can't be used: Not a directory."),
    ],
)
def test_where_nothing_can_be_saved_is_said(typed: str, sentence: str) -> None:
    """Before anything is fetched."""
    if sys.platform == "win32" and "/" in typed:
        pytest.skip("Windows says that there is no such folder")
    assert find_folder(typed) == sentence


def test_paths_are_shown_short_and_safe(folder: Path) -> None:
    """The home folder as ~, and nothing that controls a terminal."""
    assert shown_path(folder / "a\x1b[31m.txt") == f"~{os.sep}a\\x1b[31m.txt"
    assert shown_path(Path("/elsewhere/b")) == str(Path("/elsewhere/b"))
