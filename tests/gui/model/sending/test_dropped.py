"""What was dropped or pasted: files, or a text."""

from __future__ import annotations

import sys
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.gui.model.sending.dropped import (
    MAX_ITEMS,
    Dropped,
    dropped_items,
    dropped_text,
    path_of_file_uri,
    uri_list,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")


def test_paths_and_addresses_of_files_are_files() -> None:
    """As programs write them, with spaces, braces and letters of any script."""
    dropped = dropped_items(["/home/a {b} c.txt", "file:///home/%C3%A9%20x.txt", "file://localhost/home/z"])
    assert dropped.paths == (Path("/home/a {b} c.txt"), Path("/home/é x.txt"), Path("/home/z"))
    assert dropped.text == ""


def test_addresses_of_pages_are_text() -> None:
    """A link from a browser goes into the message field."""
    dropped = dropped_items(["https://example.org/a b", "/home/a"])
    assert dropped == Dropped((Path("/home/a"),), "https://example.org/a b")


def test_a_list_of_addresses_has_comments_and_an_action() -> None:
    """File managers copy both forms."""
    assert uri_list("# from Files\r\nfile:///home/a\r\n").paths == (Path("/home/a"),)
    assert uri_list("cut\nfile:///home/a\nfile:///home/b").paths == (Path("/home/a"), Path("/home/b"))
    assert uri_list("") == Dropped()


def test_a_text_is_a_text_unless_each_line_is_a_file() -> None:
    """Some programs drag files as text."""
    assert dropped_text("file:///home/a\r\nfile:///home/b\r\n").paths == (Path("/home/a"), Path("/home/b"))
    assert dropped_text("See file:///home/a\nthere") == Dropped(text="See file:///home/a\nthere")
    assert dropped_text("/usr/bin") == Dropped(text="/usr/bin")


@pytest.mark.parametrize(
    "uri", ["file:", "file://otherhost/a", "file:relative", "file:///a%00b", "file://[/a"]
)
def test_what_names_no_file_here_is_none(uri: str) -> None:
    """Another computer's files, and what is damaged."""
    assert path_of_file_uri(uri, windows=False) is None


def test_signs_that_were_not_escaped_belong_to_the_name() -> None:
    """Some programs escape only spaces."""
    assert path_of_file_uri("file:///home/what?#1.txt") == Path("/home/what?#1.txt")


def test_addresses_of_windows_have_drives_and_computers() -> None:
    """Both are written with slashes."""
    drive = path_of_file_uri("file:///C:/Users/Ann/a%20b.txt", windows=True)
    share = path_of_file_uri("file://server/share/a.txt", windows=True)
    assert PureWindowsPath(str(drive)) == PureWindowsPath(r"C:\Users\Ann\a b.txt")
    assert PureWindowsPath(str(share)) == PureWindowsPath("//server/share/a.txt")


def test_an_endless_drag_is_cut_off() -> None:
    """Nobody sends so many."""
    assert len(dropped_items(["/a"] * (MAX_ITEMS + 5)).paths) == MAX_ITEMS


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """Whatever another program drags."""
    uri_list(text)
    dropped_text(text)
    dropped_items(text.split())


@given(st.text(alphabet=st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_every_name_survives_its_address(name: str) -> None:
    """As file managers write it."""
    if name not in (".", ".."):
        assert path_of_file_uri(Path("/home", name).as_uri(), windows=False) == Path("/home", name)
