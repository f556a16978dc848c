"""Which files on this computer typed paths mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.typed.local_paths import expand_path, path_exists, paths_meant


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with some files in it."""
    for name in ("a.jpg", "b.jpg", "two words.txt"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("two words.txt", ("two words.txt",)),
        ("a.jpg b.jpg", ("a.jpg", "b.jpg")),
        ('"two words.txt" a.jpg', ("two words.txt", "a.jpg")),
        ("a.jpg gone.jpg", ("a.jpg", "gone.jpg")),
        ("no such file.txt", ("no such file.txt",)),
        ("", ("",)),
    ],
)
def test_the_reading_counts_whose_files_are_there(typed: str, meant: tuple[str, ...]) -> None:
    """A text with blanks is one path or several, as the disk says."""
    assert paths_meant(typed) == meant


def test_a_path_that_no_system_has_is_not_there() -> None:
    """It can't even be asked about."""
    assert not path_exists("a\0b")
    assert not path_exists("a" * 100_000)


def test_the_home_folder_is_a_tilde() -> None:
    """Of a user whom the system does not know, it is a name like any other."""
    assert expand_path("~/x") == Path.home() / "x"
    assert expand_path("~nobody-of-this-name/x") == Path("~nobody-of-this-name/x")
