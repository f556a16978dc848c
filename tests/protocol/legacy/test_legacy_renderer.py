"""The text for the original client: readable, complete, and no member can fake another's line."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol import error_codes
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import (
    Closed,
    Deleted,
    Edited,
    Joined,
    Left,
    Message,
    Person,
    Ping,
    Pong,
    Problem,
    Quote,
    Reacted,
    Refused,
    Renamed,
    RoomInfo,
    ServerFrame,
    Told,
    TypingNotice,
    Welcome,
)
from messango.protocol.legacy.legacy_renderer import READ_BYTES, LegacyRenderer, split_blocks
from tests.support.original_client import shown

ROOM_INFO = RoomInfo(1, "1f" * 16, "Tea", "2.0", 2, 5, locked=False, history=True)
WELCOME = Welcome(ROOM_INFO, "Ann", "m1", "secret", ["Bob", "Ann"], 7, 1)


def rendered_lines(*frames: ServerFrame) -> list[str]:
    """Return the rendered lines of these frames."""
    return b"".join(LegacyRenderer().render(encode_all(frames))).decode().splitlines()


def message(text: str, name: str = "Bob", member: str = "m2", seq: int = 8) -> Message:
    return Message(seq, "1", member, 12.5, name, text)


def test_messages_and_joins() -> None:
    """A message is in the format of the original server; the client shows a join in words of its own."""
    view = LegacyRenderer()
    assert view.render(encode_all([message("hello")])) == [b"Bob: hello"]
    (block,) = view.render(encode_all([Joined("Bob", encrypted=False)]))
    assert block == b"joined:Bob:\n"
    assert shown(block.decode()) == "Bob has joined\n"


def test_a_join_among_other_lines() -> None:
    """The client would not show the lines after its second colon, so it is a notice."""
    assert rendered_lines(Joined("Bob"), message("hello"), Joined("Cy")) == [
        "* Bob has joined",
        "Bob: hello",
        "* Cy has joined",
    ]


@pytest.mark.parametrize(
    "frames",
    [
        [WELCOME],
        [message("hi")],
        [message("time: 10:30"), message("http://example.org:80/")],
        [message("one\n\ntwo\n")],
        [message("x" * 2_000 + " end"), message("word " * 200)],
        [message("x" * (READ_BYTES - 5))],
        [message("x" * (READ_BYTES - 6)), message("y")],
        [Left("Bob", "left"), Renamed("Rob", "Bob")],
        [Refused(error_codes.FULL, "The room is full.", "Wait.")],
    ],
)
def test_no_empty_line_follows_a_line(frames: list[ServerFrame]) -> None:
    """The client ends each read with a line break of its own; only a text's own empty lines are left."""
    screen = "".join(shown(block.decode()) for block in LegacyRenderer().render(encode_all(frames)))
    assert [line for line in screen.splitlines() if not line.strip()] == ["    "] * screen.count("one")


def test_lines_for_telnet() -> None:
    """A person who uses telnet gets lines, each with its end."""
    view = LegacyRenderer()
    assert view.render_lines(encode_all([Joined("Bob"), message("a\nb")])) == [b"joined:Bob\nBob: a\n    b\n"]
    assert view.render_lines(encode_all([Ping()])) == []


def test_the_welcome() -> None:
    """The room, the member's name, which may have changed, and a warning about encryption."""
    where, warning = rendered_lines(Welcome(ROOM_INFO, "Ann 2", "m1", "s", ["Ann", "Bob", "Ann 2"], 0, 0))
    assert where == "* You are in “Tea” as “Ann 2”, with Ann and Bob."
    assert "not encrypted" in warning
    assert rendered_lines(Welcome(ROOM_INFO, "Ann", "m1", "s", ["Ann"], 0, 0))[0].endswith(
        "as Ann, nobody else is here yet."
    )


def test_a_long_list_of_names_is_shortened() -> None:
    """Thousands of names would be useless."""
    names = [f"Guest {number}" for number in range(500)]
    rendered = " ".join(rendered_lines(Welcome(ROOM_INFO, "Ann", "m1", "s", names, 0, 0)))
    assert "Guest 19" in rendered
    assert "and 480 others" in rendered


def test_own_messages_are_not_sent_back() -> None:
    """As by the original server."""
    view = LegacyRenderer()
    view.render(encode_all([WELCOME]))
    assert view.render(encode_all([message("mine", "Ann", "m1"), message("hi")])) == [b"Bob: hi"]


def test_history_is_not_shown() -> None:
    """Without times, old messages would look new."""
    assert rendered_lines(WELCOME, message("old", seq=7), message("new", seq=8))[2:] == ["Bob: new"]


def test_notices_begin_with_a_star() -> None:
    """Leaving, renaming, refusals and the end."""
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
        "* Bob is now called Rob",
        "* It failed. Try again.",
        "* The room is full. Wait.",
        "* The room has closed.",
    ]


def test_some_frames_are_not_shown() -> None:
    """Nothing is sent for them."""
    assert LegacyRenderer().render(encode_all([TypingNotice("Bob"), Ping(), Pong()])) == []


@pytest.mark.parametrize(
    "text", ["hi\nBob: no", "hi\n\n* You are out.\njoined:Bob", "hi\r\x85\u2028Bob: no", "hi\x1b[2J"]
)
def test_a_text_cannot_fake_a_line(text: str) -> None:
    """Its further lines are indented, and nothing else in it breaks a line or moves a cursor."""
    first, *rest = rendered_lines(message(text, "Eve"))
    assert first.startswith("Eve: hi")
    assert all(line.startswith("    ") for line in rest)
    assert all(line.isprintable() for line in (first, *rest))


@pytest.mark.parametrize(
    "name", ["Bob: hi", "* The host", "joined", "JOINED", "Eve left. Bob", "Eve\nBob", "Bob:"]
)
def test_a_name_cannot_fake_a_line(name: str) -> None:
    """Between quotation marks, a name ends where it ends."""
    (line,) = rendered_lines(message("hello", name))
    quoted = " ".join(name.split())
    assert line == f"“{quoted}”: hello"
    assert f"* “{quoted}” left" in rendered_lines(Left(name, "left"))
    (block,) = LegacyRenderer().render(encode_all([Joined(name)]))
    assert shown(block.decode()).strip("* \n") == f"“{quoted}” has joined"


def test_who_is_host_and_who_only_looks_like_another() -> None:
    """The person at the original client reads it too: on joining, and when somebody joins or is renamed."""
    fake = "\u0410nn"
    warning = f"* Careful: “{fake}” only looks like “Ann”; they are two members."
    people = [Person("m2", "Bob", host=True), Person("m1", "Ann"), Person("m3", fake, resembles="Ann")]
    welcome = msgspec.structs.replace(WELCOME, members=["Bob", "Ann", fake], people=people)
    frames: list[ServerFrame] = [
        welcome,
        Joined(fake, resembles="Ann"),
        Joined("Cy", host=True),
        Renamed("Bob Lee", "Bob", "m2"),
        Renamed(fake, "Dan", "m3", resembles="Ann"),
    ]
    lines = b"".join(LegacyRenderer().render_lines(encode_all(frames))).decode().splitlines()
    assert lines[0] == f"* You are in “Tea” as Ann, with Bob (host) and {fake}."
    assert lines[2:] == [
        warning,
        f"joined:{fake}",
        warning,
        "joined:Cy",
        "* Cy is the host.",
        "* Bob is now called “Bob Lee”",
        f"* Dan is now called {fake}",
        warning,
    ]


def test_a_colon_in_a_name_does_not_split_its_line() -> None:
    """Behind `joined:`, the client would show only what comes before the second colon."""
    assert LegacyRenderer().render(encode(Joined("Eve: x"))) == ["* “Eve: x” has joined".encode()]
    assert LegacyRenderer().render(encode(Joined("joined"))) == ["joined:“joined”:\n".encode()]


lines = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=600), max_size=8
)


@given(lines)
def test_each_read_has_whole_characters(rendered: list[str]) -> None:
    """In reads of 256 bytes, wherever within these blocks the client is."""
    blocks = split_blocks(rendered)
    assert all(len(block) == READ_BYTES for block in blocks[:-1])
    assert all(0 < len(block) <= READ_BYTES for block in blocks[-1:])
    for block in blocks:
        block.decode()


@given(lines)
def test_blocks_add_only_spaces(rendered: list[str]) -> None:
    """No text is lost."""
    laid_out = b"".join(split_blocks(rendered)).decode()
    assert "".join(laid_out.split()) == "".join("".join(rendered).split())


@given(st.text(min_size=1, max_size=3_000), st.integers(0, 300))
def test_no_read_begins_with_a_faked_line(text: str, before: int) -> None:
    """Each read of Eve's text begins with her name or is indented."""
    blocks = LegacyRenderer().render(
        encode_all([message("x" * before, "Eve"), message("y" * before + text, "Eve")])
    )
    for block in blocks:
        for line in block.decode().split("\n"):
            assert line.startswith(("Eve: ", "    ")) or not line.strip()


def test_long_lines_break_at_spaces() -> None:
    """If there is one near the end of a block."""
    first, second = split_blocks(["word " * 60])
    assert first.decode().rstrip().endswith(" word")
    assert second.startswith(b"    word")


def test_a_line_begins_with_enough_space() -> None:
    """Otherwise the block is padded."""
    first, second = split_blocks(["x" * 230, "Bob: a message that does not fit"])
    assert first == b"x" * 230 + b" " * 26
    assert second.startswith(b"Bob: ")
    assert split_blocks(["x" * 230, "Bob: this fits"]) == [b"x" * 230 + b"\nBob: this fits"]


def test_what_can_be_said_in_a_line() -> None:
    """Answers, edits, deletions and reactions are lines; private messages and what is taken back are not."""
    answer = Message(9, "2", "m2", 12.5, "Bob", "yes", reply=Quote(3, "Cy", "lunch?"))
    change = (10, "3", 9, "m2", "Bob", 12.5)
    assert rendered_lines(answer, Edited(*change, "no\nnever"), Reacted(*change, "👍", on=True)) == [
        "Bob, answering Cy: yes",
        "* Bob edited: no",
        "    never",
        "* Bob reacted with 👍 to Bob: “no never”",
    ]
    assert rendered_lines(Deleted(*change)) == ["* Bob deleted a message"]
    told = Told(9, "2", "m2", 12.5, "Bob", "secret", to="m1", to_name="Ann")
    gone = Message(9, "2", "m2", 12.5, "Bob", "", deleted=True)
    assert rendered_lines(told, gone, Reacted(*change, "👍", on=False), Edited(*change, "")) == []


def test_a_line_says_whose_message_was_deleted_by_the_host() -> None:
    """And nothing of its text, not even after a reaction."""
    said = Message(9, "2", "m2", 12.5, "Bob", "lunch?")
    deleted = Deleted(10, "3", 9, "m3", "Cy", 12.5)
    assert rendered_lines(said, deleted) == ["Bob: lunch?", "* Cy deleted a message by Bob"]
    again = Reacted(11, "4", 9, "m3", "Cy", 12.5, "👍", on=True)
    assert rendered_lines(said, deleted, again)[-1] == "* Cy reacted with 👍"
