"""Line ends of every kind, and what controls a terminal."""

from __future__ import annotations

import time

import pytest

from messango.protocol.text.control_sequences import normalize_line_ends
from messango.protocol.text.validation import clean_text


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\r\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
)
def test_every_line_end_is_a_newline(end: str) -> None:
    """So that no words are glued together."""
    assert clean_text(f"10%{end}20%{end}") == "10%\n20%\n"
    assert normalize_line_ends(f"10%{end}20%") == "10%\n20%"


def test_empty_lines_stay() -> None:
    """Only a doubled CR before a newline is one line end."""
    assert clean_text("a\r\n\r\nb\r\rc\n\nd") == "a\n\nb\n\nc\n\nd"


@pytest.mark.parametrize(
    "sequence",
    [
        pytest.param("\x1b[1;31m", id="colour"),
        pytest.param("\x1b[m", id="no colour"),
        pytest.param("\x1b[38:2::10:20:30m", id="colour with colons"),
        pytest.param("\x1b[?1049h", id="private mode"),
        pytest.param("\x1b[!p", id="with an intermediate"),
        pytest.param("\x1b[2 q", id="with a space"),
        pytest.param("\x9b2J", id="8-bit CSI"),
        pytest.param("\x1b[\x0031m", id="with a NUL"),
        pytest.param("\x1b]0;title\x07", id="OSC with BEL"),
        pytest.param("\x1b]8;;https://example.org/\x1b\\", id="OSC with ST"),
        pytest.param("\x9d52;c;aGk=\x9c", id="8-bit OSC"),
        pytest.param("\x9d0;title\x07", id="8-bit OSC with BEL"),
        pytest.param("\x1b]P1a2b3c4", id="Linux palette"),
        pytest.param("\x1b]R", id="Linux palette back"),
        pytest.param("\x1bP1$r0m\x1b\\", id="DCS"),
        pytest.param("\x1bPq#0;2;0;0;0\n#0~~\n-\x1b\\", id="Sixel with line ends"),
        pytest.param("\x90q\x9c", id="8-bit DCS"),
        pytest.param("\x1b_Gf=24;AAAA\x1b\\", id="APC"),
        pytest.param("\x9fG\x9c", id="8-bit APC"),
        pytest.param("\x1b^private\x1b\\", id="PM"),
        pytest.param("\x9eprivate\x9c", id="8-bit PM"),
        pytest.param("\x1bXstart\x1b\\", id="SOS"),
        pytest.param("\x98start\x9c", id="8-bit SOS"),
        pytest.param("\x1bktitle\x1b\\", id="title of screen"),
        pytest.param("\x1b(B", id="character set"),
        pytest.param("\x1b#8", id="alignment test"),
        pytest.param("\x1b%G", id="UTF-8"),
        pytest.param("\x1bc", id="reset"),
        pytest.param("\x1b7", id="save cursor"),
        pytest.param("\x1b=", id="keypad"),
        pytest.param("\x1bM", id="reverse index"),
        pytest.param("\x8d", id="8-bit reverse index"),
        pytest.param("\x1b\x1b[A", id="two escapes"),
    ],
)
def test_a_sequence_is_removed_whole(sequence: str) -> None:
    """Nothing of it is left, and nothing around it is lost."""
    assert clean_text(f"one {sequence}two") == "one two"
    assert clean_text(f"{sequence}日本{sequence}") == "日本"


@pytest.mark.parametrize(
    ("unfinished", "kept"),
    [
        ("one \x1b[1;3", "one "),
        ("one \x1b[1;3\ntwo", "one \ntwo"),
        ("one \x1b[日本", "one 日本"),
        ("one \x1b", "one "),
        ("one \x1b日", "one 日"),
        ("one \x1b]0;title\ntwo", "one \ntwo"),
        ("one \x1b]0;title\r\ntwo\x07", "one \ntwo"),
        ("one \x1bP1\u2028two", "one \ntwo"),
        ("one \x1b]0;title\x1b[1mtwo", "one two"),
        ("one \x1b_a\x18two", "one two"),
        ("one \x1bkey", "one ey"),
    ],
)
def test_an_unfinished_sequence(unfinished: str, kept: str) -> None:
    """A string without an end is removed up to the end of its line, and never costs another line."""
    assert clean_text(unfinished) == kept


@pytest.mark.parametrize(
    "piece", ["\x90\n", "\r", "\x1b_", "\x1b[;", "\x1b]", "\x9d\n", "\x1bk\n", "\x1bk", "\x1b "]
)
def test_a_flood_of_beginnings_takes_linear_time(piece: str) -> None:
    """The longest text that fits into a frame takes milliseconds; in quadratic time it would take minutes."""
    text = piece * (65_536 // len(piece))
    before_s = time.process_time()
    clean_text(text)
    assert time.process_time() - before_s < 2.0
