"""What Tab makes of the beginning of a path."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from messango.terminal.conversation.path_completion import complete_path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the expected paths have slashes")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with some files, in which the person is."""
    for name in (
        "holiday.jpg",
        "Hotel.pdf",
        ".hidden",
        "My notes.txt",
        'a "b".txt',
        "esc\x1b[0m",
        "new\nline",
    ):
        (tmp_path / name).touch()
    for name in ("My Pictures", "docs", ".config"):
        (tmp_path / name).mkdir()
    (tmp_path / "My Pictures" / "sea.png").touch()
    (tmp_path / "docs" / "plan.odt").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def completed(typed: str, *, folders_only: bool = False) -> list[str]:
    """Return what Tab may make of a typed text."""
    return [
        typed[: len(typed) - one.replaces] + one.text
        for one in complete_path(typed, folders_only=folders_only)
    ]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("hol", ["holiday.jpg "]),
        # The case counts if that leaves something.
        ("ho", ["holiday.jpg "]),
        ("hot", ["Hotel.pdf "]),
        ("do", ["docs/"]),
        ("docs/", ["docs/plan.odt "]),
        ("./docs/p", ["./docs/plan.odt "]),
        ("My", ['"My Pictures/', '"My notes.txt" ']),
        ("My P", ['"My Pictures/']),
        ('"My Pictures/', ['"My Pictures/sea.png" ']),
        ("'My n", ["'My notes.txt' "]),
        (r"My\ n", ['"My notes.txt" ']),
        ('a "b', ["'a \"b\".txt' "]),
        (".h", [".hidden "]),
        (".c", [".config/"]),
        ("holiday.jpg do", ["holiday.jpg docs/"]),
        ('"My notes.txt" "My P', ['"My notes.txt" "My Pictures/']),
        ("nothing", []),
        ("nowhere/", []),
        ("holiday.jpg/", []),
        ("esc", []),
        ("new", []),
        ("~", ["~/"]),
    ],
)
def test_tab_completes_a_path(typed: str, offered: list[str]) -> None:
    """Quoted if it has blanks, with a slash behind a folder, and nothing that the field would change."""
    assert completed(typed) == offered


def test_hidden_files_are_offered_after_a_dot() -> None:
    """And everything else without a beginning."""
    labels = [one.label for one in complete_path("")]
    assert "holiday.jpg" in labels
    assert not any(label.startswith(".") for label in labels)
    assert {".hidden", ".config/"} <= {one.label for one in complete_path(".")}


def test_for_a_folder_only_folders_are_offered() -> None:
    """For /get."""
    assert completed("", folders_only=True) == ['"My Pictures/', "docs/"]


def test_a_choice_is_listed_without_its_folder() -> None:
    """A long path would be read again and again."""
    assert [one.label for one in complete_path("docs/")] == ["plan.odt"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems store names as text")
def test_a_name_that_is_not_text_is_left_out(folder: Path) -> None:
    """The terminal could not show it."""
    (folder / os.fsdecode(b"zz\xff")).touch()
    assert completed("zz") == []
