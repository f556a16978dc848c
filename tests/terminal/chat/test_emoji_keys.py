"""Emoji by their names in the terminal: typed whole, or completed with Tab; what is pasted stays."""

from __future__ import annotations

import pytest

from messango.client.typed.completion import complete
from tests.terminal.fake_client import FakeClient, room_joined
from tests.terminal.terminals import CTRL_D, Terminal


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("I like :mango:!", "I like 🥭!"),
        ("see you at 10:30:45", "see you at 10:30:45"),
        ("std::heart: `:heart:`", "std::heart: `:heart:`"),
        ("so :tad\t", "so 🎉"),
        ("\x1b[200~a :mango:\x1b[201~ b", "a :mango: b"),
    ],
)
def test_the_second_colon_makes_the_emoji(terminal: Terminal, typed: str, sent: str) -> None:
    """Not in a time, in code or in a pasted text."""
    client = FakeClient(room_joined())
    terminal.type_when("You are in", f"{typed}\r{CTRL_D}")
    assert terminal.chat(client) == 0
    assert client.sent == [sent]


def test_several_emoji_are_listed_with_their_names(terminal: Terminal) -> None:
    """As several names of members are; a flag as its letters."""
    client = FakeClient(room_joined())
    terminal.type_when("You are in", ":heart_\t")
    terminal.type_when("😍:heart_eyes:", f"\x7f\x7f\x7f\x7f\x7f\x7f\x7f{CTRL_D}")
    assert terminal.chat(client) == 0


def test_names_come_before_emoji() -> None:
    """Tab offers an emoji only for a name behind a colon."""
    assert [one.text for one in complete("hi bo", ["bob"])] == ["bob "]
    assert [one.text for one in complete("hi :mango", ["bob"])] == ["🥭"]
    assert complete("10:ma", ["bob"]) == []
