"""Standard input as one message, or as a file."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest

from messango.client.files.uploads.text_file import input_file
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.terminal.pipe import whole_input
from messango.terminal.pipe.whole_input import InputUnusable, read_whole


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"one\ntwo\n", "one\ntwo"),
        ("\ufeffgr\u00fc\u00dfe".encode(), "gr\u00fc\u00dfe"),
        ("hi".encode("utf-16"), "hi"),
        (b"bad \xff byte", "bad \ufffd byte"),
        (b"\x1b[31mred\x1b[0m", "red"),
        (b"x" * MAX_TEXT_CHARACTERS, "x" * MAX_TEXT_CHARACTERS),
    ],
)
def test_a_text(tmp_path: Path, data: bytes, text: str) -> None:
    """All lines are one message; how it is encoded, and what a terminal would do with it, is gone."""
    assert read_whole(io.BytesIO(data), tmp_path / "input") == text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [MAX_TEXT_CHARACTERS + 1, 100_000, 3_000_000])
def test_a_long_text_becomes_a_file(tmp_path: Path, size: int) -> None:
    """Byte by byte as it was."""
    data = b"0123456789" * (size // 10) + b"x" * (size % 10)
    path = read_whole(io.BytesIO(data), tmp_path / "input")
    assert isinstance(path, Path)
    assert path.read_bytes() == data


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08\0packed", b"\0"])
def test_what_is_not_a_text_becomes_a_file(tmp_path: Path, data: bytes) -> None:
    """Nobody reads packed data as a message; its name does not say that it is a text."""
    path = read_whole(io.BytesIO(data), tmp_path / "input")
    assert isinstance(path, Path)
    file = input_file(path, datetime.datetime(2026, 11, 22, 14, 2, tzinfo=datetime.timezone.utc))
    assert (path.read_bytes(), file.name) == (data, "data 2026-11-22 14.02.bin")


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\x1b[0m\n"])
def test_nothing_to_send(tmp_path: Path, data: bytes) -> None:
    """It is an error, status 1: the program before the pipe may have failed."""
    with pytest.raises(InputUnusable, match="nothing to send") as caught:
        read_whole(io.BytesIO(data), tmp_path / "input")
    assert caught.value.exit_status == 1


def test_an_endless_input_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not fill the disk."""
    monkeypatch.setattr(whole_input, "MAX_INPUT_BYTES", 1_000_000)
    with pytest.raises(InputUnusable, match="never ends"):
        read_whole(io.BytesIO(b"x" * 9_000_000), tmp_path / "input")
    assert (tmp_path / "input").stat().st_size <= 1_000_000


def test_an_input_that_can_not_be_read(tmp_path: Path) -> None:
    """A sentence, not a traceback."""

    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(InputUnusable, match="Input/output error"):
        read_whole(Broken(), tmp_path / "input")
