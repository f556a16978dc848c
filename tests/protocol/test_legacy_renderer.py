"""What the original client is shown: readable, whole, and nobody's words in another's mouth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol import error_codes
from messango.protocol.codec import encode_all
from messango.protocol.frames import (
    Closed,
    Joined,
    Left,
    Message,
    Ping,
    Pong,
    Problem,
    Refused,
    Renamed,
    RoomInfo,
    ServerFrame,
    TypingNotice,
    Welcome,
)
from messango.protocol.legacy_renderer import READ_BYTES, LegacyRenderer, split_blocks

ROOM_INFO = RoomInfo(1, "1234", "Tea", "2.0", 2, 5, locked=False, history=True)
WELCOME = Welcome(ROOM_INFO, "Ann", "m1", "secret", ["Bob", "Ann"], 7, 1)


def rendered_lines(*frames: ServerFrame) -> list[str]:
    """Return the lines that these frames become."""
    return b"".join(LegacyRenderer().render(encode_all(frames))).decode().splitlines()


def message(text: str, name: str = "Bob", member: str = "m2", seq: int = 8) -> Message:
    return Message(seq, "1", member, 12.5, name, text)


def test_what_others_say_and_who_comes() -> None:
    """As the original client has always seen it."""
    assert rendered_lines(Joined("Bob"), message("hello"), Joined("Cy", encrypted=False)) == [
        "joined:Bob",
        "Bob: hello",
        "joined:Cy",
    ]


def test_the_welcome_says_where_one_is_and_who_can_read_along() -> None:
    """The name too, since it may have become another."""
    where, warning = rendered_lines(Welcome(ROOM_INFO, "Ann 2", "m1", "s", ["Ann", "Bob", "Ann 2"], 0, 0))
    assert where == "* You are in “Tea” as Ann 2, with Ann, Bob."
    assert "not encrypted" in warning
    assert rendered_lines(Welcome(ROOM_INFO, "Ann", "m1", "s", ["Ann"], 0, 0))[0].endswith(
        "as Ann, nobody else is here yet."
    )


def test_a_hall_is_counted() -> None:
    """Thousands of names are no greeting."""
    names = [f"Guest {number}" for number in range(500)]
    told = " ".join(rendered_lines(Welcome(ROOM_INFO, "Ann", "m1", "s", names, 0, 0)))
    assert "Guest 19" in told
    assert "and 480 more" in told


def test_nobody_sees_what_they_said_themselves() -> None:
    """The original's server sends to every other client alone."""
    view = LegacyRenderer()
    view.render(encode_all([WELCOME]))
    assert view.render(encode_all([message("mine", "Ann", "m1"), message("hi")])) == [b"Bob: hi\n"]


def test_what_was_said_before_is_not_shown() -> None:
    """It would pass for said now."""
    assert rendered_lines(WELCOME, message("old", seq=7), message("new", seq=8))[2:] == ["Bob: new"]


def test_what_becomes_of_others_and_of_oneself() -> None:
    """In words of our own, behind a star."""
    assert rendered_lines(
        Left("Bob", "left"),
        Left("Cy", "the connection broke"),
        Renamed("Rob", "Bob"),
        Problem(error_codes.FAULT, "It failed.", "Try again."),
        Refused(error_codes.FULL, "The room is full.", "Wait."),
        Closed(error_codes.CLOSING, "The room has closed.", ""),
    ) == [
        "* Bob left",
        "* Cy left (the connection broke)",
        "* Bob is Rob now",
        "* It failed. Try again.",
        "* The room is full. Wait.",
        "* The room has closed.",
    ]


def test_some_frames_are_not_shown() -> None:
    """Nothing is sent for them either."""
    assert LegacyRenderer().render(encode_all([TypingNotice("Bob"), Ping(), Pong()])) == []


@pytest.mark.parametrize(
    "text", ["hi\nBob: no", "hi\n\n* You are out.\njoined:Bob", "hi\r\x85\u2028Bob: no", "hi\x1b[2J"]
)
def test_a_text_looks_like_nobody_elses(text: str) -> None:
    """Its further lines are set in, and nothing else in it breaks a line or moves a cursor."""
    first, *rest = rendered_lines(message(text, "Eve"))
    assert first.startswith("Eve: hi")
    assert all(line.startswith("    ") for line in rest)
    assert all(line.isprintable() for line in (first, *rest))


@pytest.mark.parametrize("name", ["Bob: hi", "* The host", "joined", "JOINED", "Eve\nBob", "Bob:"])
def test_a_name_looks_like_nothing_else(name: str) -> None:
    """What would look like another's line, or like ours, is an escape."""
    (line,) = rendered_lines(message("hello", name))
    head, colon, text = line.partition(":")
    assert (colon, text) == (":", " hello")
    assert not line.startswith("*")
    assert head.casefold() != "joined"


lines = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=600), max_size=8
)


@given(lines)
def test_each_read_is_of_whole_characters(told: list[str]) -> None:
    """Read by 256 bytes, as the original client does, however far behind it was within these blocks."""
    blocks = split_blocks(told)
    assert all(len(block) == READ_BYTES for block in blocks[:-1])
    assert all(0 < len(block) <= READ_BYTES for block in blocks[-1:])
    for block in blocks:
        block.decode()


@given(lines)
def test_nothing_gets_lost_in_the_layout(told: list[str]) -> None:
    """Only blanks are added."""
    laid_out = b"".join(split_blocks(told)).decode()
    assert "".join(laid_out.split()) == "".join("".join(told).split())


@given(st.text(min_size=1, max_size=3_000), st.integers(0, 300))
def test_no_read_begins_with_another_voice(text: str, before: int) -> None:
    """Whatever Eve says, each read of it begins with her name or is set in."""
    blocks = LegacyRenderer().render(
        encode_all([message("x" * before, "Eve"), message("y" * before + text, "Eve")])
    )
    for block in blocks:
        for line in block.decode().split("\n"):
            assert line.startswith(("Eve: ", "    ")) or not line.strip()


def test_long_lines_break_at_spaces() -> None:
    """Where there is one near the end of a block."""
    first, second = split_blocks(["word " * 60])
    assert first.decode().rstrip().endswith(" word")
    assert second.startswith(b"    word")


def test_a_line_begins_where_its_name_has_room() -> None:
    """A block is filled up rather than begun with half a name."""
    first, second = split_blocks(["x" * 230, "Bob: a message that does not fit"])
    assert first == b"x" * 230 + b"\n" + b" " * 25
    assert second.startswith(b"Bob: ")
    assert split_blocks(["x" * 230, "Bob: this fits"]) == [b"x" * 230 + b"\nBob: this fits\n"]
