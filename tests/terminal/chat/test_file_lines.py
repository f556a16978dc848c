"""How a message with a file looks on the screen."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from wcwidth import wcswidth

from messango.client.events import AnyReceived, FileProgress, FileSaved
from messango.terminal.chat.message_lines import MessageLines
from messango.terminal.conversation.conversation import Conversation
from tests.terminal.conversation.messages import deleted, joined, shared
from tests.terminal.fake_client import NOON

_CLOCK = time.strftime("%H:%M", time.localtime(NOON))


def rows(message: AnyReceived, columns: int = 80, conversation: Conversation | None = None) -> list[str]:
    """Return the rows of a message that has just come."""
    if conversation is None:
        conversation = Conversation()
        conversation.handle(joined())
    conversation.handle(message)
    lines = MessageLines(lambda: columns, conversation).lines(message)
    return ["".join(text for _, text in line) for line in lines]


def test_a_file_stands_below_the_line_about_it() -> None:
    """With what saves it; a file alone stands beside the name."""
    assert rows(shared(1, "bob", "sea.jpg", 2_100_000, "the sea")) == [
        f"{_CLOCK} bob  the sea",
        "      [file 1] sea.jpg (2.1 MB)  /get 1",
    ]
    assert rows(shared(1, "bob", "sea.jpg", 5)) == [f"{_CLOCK} bob  [file 1] sea.jpg (5 bytes)  /get 1"]


def test_an_own_file_needs_no_command() -> None:
    """It is here."""
    assert rows(shared(1, "ann", "sea.jpg", 5)) == [f"{_CLOCK} › ann  [file 1] sea.jpg (5 bytes)"]


def test_an_action_may_be_about_a_file() -> None:
    """Only what the sender wrote can be one."""
    assert rows(shared(1, "bob", "a.txt", 5, "/me waves"))[0] == f"{_CLOCK} * bob waves"


def test_a_saved_file_says_so() -> None:
    """The row changes in its place."""
    conversation = Conversation()
    message = shared(1, "bob", "sea.jpg", 5)
    rows(message, conversation=conversation)
    conversation.files.fetching(1, "t1")
    assert rows(message, conversation=conversation)[0].endswith("(5 bytes)")
    conversation.handle(FileProgress("t1", "sea.jpg", 5, 1, upload=False))
    effect = conversation.handle(FileSaved("t1", "sea.jpg", 5, Path("sea.jpg"), "f1"))
    assert effect.changed == (1,)
    assert rows(message, conversation=conversation)[0].endswith("(5 bytes)  saved")


def test_a_deleted_message_has_no_file() -> None:
    """It is gone from the room too."""
    conversation = Conversation()
    rows(shared(1, "bob", "sea.jpg", 5, "the sea"), conversation=conversation)
    conversation.handle(deleted(2, 1, "bob"))
    message = conversation.messages.get(1)
    assert message is not None
    lines = MessageLines(lambda: 80, conversation).lines(message)
    assert "".join(text for line in lines for _, text in line) == f"{_CLOCK} bob (deleted)  "


@pytest.mark.parametrize(
    "name",
    [
        "a name of several words that is long.jpg",
        "休日の計画をたくさん書いたとても長い名前の書類.txt",
        "שלום עולם ועוד כמה מילים.txt",
        "x" * 255,
    ],
)
def test_a_long_name_wraps_in_a_narrow_terminal(name: str) -> None:
    """Its ending is never left out; only a single long word is wider than the terminal."""
    found = rows(shared(1, "bob", name, 2_100_000, "look"), columns=40)
    assert found[0] == f"{_CLOCK} bob  look"
    text = " ".join(row.strip() for row in found[1:])
    assert text.startswith("[file 1] ")
    assert text.endswith("/get 1")
    assert name[-6:] in text.replace("\u200e", "")
    assert all(wcswidth(row) <= 40 for row in found) or " " not in name


def test_what_stands_behind_a_name_from_right_to_left_stays_behind_it() -> None:
    """A terminal that orders text would draw the size before the name."""
    assert "שלום\u200e (" in rows(shared(1, "bob", "שלום", 5))[0]


def test_a_name_can_not_control_the_terminal() -> None:
    """The client has cleaned it before; this is the last line."""
    assert "\x1b" not in rows(shared(1, "bob", "a\x1b[31m", 5))[0]


def test_a_text_that_does_not_name_its_file_is_shown_whole() -> None:
    """A faulty server may send one."""
    message = replace(shared(1, "bob", "sea.jpg", 5), text="[file] other.exe (5 bytes)")
    assert rows(message) == [
        f"{_CLOCK} bob  [file] other.exe (5 bytes)",
        "      [file 1] sea.jpg (5 bytes)  /get 1",
    ]
