"""What `/send`, `/get` and `/cancel` mean, with every kind of path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.client.typed.commands import UserCommand, parse_input
from messango.client.typed.completion import complete
from messango.client.typed.file_commands import path_readings, quoted_path
from messango.client.typed.requests import CancelTransfer, GetFiles, SendFiles, ShowFiles
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.protocol.text.command_table import InvalidInput


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/send a b.jpg", SendFiles("a b.jpg")),
        ("/send a b.jpg -- the sea -- again", SendFiles("a b.jpg", "the sea -- again")),
        ("/send a b.jpg\nthe sea\nagain", SendFiles("a b.jpg", "the sea\nagain")),
        ("/send a--b.txt", SendFiles("a--b.txt")),
        ('/send "a -- b.txt" -- it', SendFiles('"a -- b.txt"', "it")),
        ("/send 'a -- b' \"c -- d\" -- it", SendFiles("'a -- b' \"c -- d\"", "it")),
        ("/send it's.txt -- that's it", SendFiles("it's.txt", "that's it")),
        ("/send a.txt --", SendFiles("a.txt")),
        ("/send --keep-metadata a.jpg", SendFiles("a.jpg", keep_metadata=True)),
        ("/send --keep-metadata.jpg", SendFiles("--keep-metadata.jpg")),
        ("/files", ShowFiles()),
        ("/get", GetFiles()),
        ("/get 3", GetFiles((3,))),
        ("/get 1,3", GetFiles((1, 3))),
        ("/get 1, 3 - 5, 4", GetFiles((1, 3, 4, 5))),
        ("/get 3 ~/My Pictures", GetFiles((3,), folder="~/My Pictures")),
        ("/get 3 2026-photos", GetFiles((3,), folder="2026-photos")),
        ("/get ALL", GetFiles(every=True)),
        ("/get all here", GetFiles(every=True, folder="here")),
        ("/cancel", CancelTransfer()),
        ("/cancel 3", CancelTransfer((3,))),
        ("/cancel all", CancelTransfer(every=True)),
    ],
)
def test_commands_about_files(typed: str, wanted: UserCommand) -> None:
    """Only ` -- ` or a new line ends the paths, and a folder may have spaces."""
    assert parse_input(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("/send", "PATH"),
        ("/send --", "Which file?"),
        ("/send --keep-metadata", "Which file?"),
        (f"/send a -- {'x' * (MAX_TEXT_CHARACTERS + 1)}", "too long"),
        ("/get holiday.jpg", "not the number of a file"),
        ("/get allotment", "not the number of a file"),
        ("/get 1 3", "1,3 or 1-3"),
        ("/get 1-5000", "more than 1,000"),
        ("/cancel it", "not the number of a file"),
        ("/msg bob /send secret.pdf", "nothing was sent"),
        ("/upload x", "/send"),
        ("/download 3", "/get"),
    ],
)
def test_what_can_not_be_meant_is_refused(typed: str, part: str) -> None:
    """With what to type instead; a file in a private message is never sent to all."""
    refused = parse_input(typed, ["bob"])
    assert isinstance(refused, InvalidInput)
    assert part in refused.reason


@pytest.mark.parametrize(
    ("paths", "readings"),
    [
        ("a.jpg", [("a.jpg",)]),
        ("a b.jpg", [("a b.jpg",), ("a", "b.jpg")]),
        ("it's.txt", [("it's.txt",)]),
        (r"my\ file.jpg", [(r"my\ file.jpg",), ("my file.jpg",)]),
        (r"'it'\''s.jpg' b", [(r"'it'\''s.jpg' b",), ("it's.jpg", "b")]),
        ("'a b' \"c d\"", [("'a b' \"c d\"",), ("a b", "c d")]),
        ("“a b” c", [("“a b” c",), ("a b", "c")]),
        ("file:///home/a%20b", [("/home/a b",)]),
        ("file:///C:/a.txt", [("C:/a.txt",)]),
    ],
)
def test_a_pasted_path_is_read_as_the_shell_reads_it(paths: str, readings: list[tuple[str, ...]]) -> None:
    """As it is first, because names may have everything in them; then as words."""
    assert path_readings(paths, backslash_escapes=True) == readings


def test_on_windows_a_backslash_separates_folders() -> None:
    """And quotation marks end a path with spaces."""
    typed = r'"C:\a b\c.jpg" D:\x.txt'
    assert path_readings(typed, backslash_escapes=False)[1] == (r"C:\a b\c.jpg", r"D:\x.txt")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30))
def test_a_quoted_path_means_itself(path: str) -> None:
    """Whatever is in it, as long as there is a kind of quotation mark that is not, and a line behind it."""
    path = path.strip()
    is_special = "'" in path and ('"' in path or "\\" in path)
    if not path or is_special or path.startswith("--") or path.lower().startswith("file:"):
        return
    for escapes in (True, False):
        command = parse_input(f"/send {quoted_path(path, backslash_escapes=escapes)} -- it")
        assert isinstance(command, SendFiles)
        assert command.text == "it"
        assert (path,) in path_readings(command.paths, backslash_escapes=escapes)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_path_can_be_read(paths: str) -> None:
    """No text raises, and no reading is empty."""
    for escapes in (True, False):
        assert all(path_readings(paths, backslash_escapes=escapes))


@pytest.mark.parametrize("before", ["/send bo", "/get bo", "/cancel "])
def test_tab_offers_no_member_where_a_file_is_meant(before: str) -> None:
    """A path would become a name."""
    assert complete(before, ["bob"]) == []
