"""Texts about names."""

from __future__ import annotations

import pytest

from messango.client.events import MemberRenamed
from messango.client.name_texts import look_alike_notice, look_alike_notices, own_name_notice, renamed_text
from messango.protocol.frames import Person
from messango.protocol.text.validation import HOST_NAME
from tests.terminal.fake_client import room_joined


def test_what_ones_own_name_became() -> None:
    """Only if it is not the one that was asked for."""
    joined = room_joined()
    assert own_name_notice(joined) == ""
    assert own_name_notice(room_joined(wanted="ann")) == ""
    assert own_name_notice(room_joined(wanted="Host")) == "You are called “ann” here: “Host” was taken."


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (MemberRenamed("Bob", "Ben", you=False), "Ben is now called Bob"),
        (MemberRenamed("Bob Lee", "Ben", you=False), "Ben is now called “Bob Lee”"),
        (MemberRenamed("Bob", "Ben", you=True, wanted="Bob"), "You are now called Bob"),
        (
            MemberRenamed("Bob 2", "Ben", you=True, wanted="Bob"),
            "You are now called “Bob 2”: “Bob” was taken",
        ),
        (MemberRenamed("Ben", "Ben", you=True, wanted="Ben"), "You are still called Ben"),
    ],
)
def test_who_is_called_what_now(event: MemberRenamed, text: str) -> None:
    """And why it is not what we asked for."""
    assert renamed_text(event) == text


def test_who_only_looks_like_somebody() -> None:
    """Each such member is named, ourselves too."""
    people = [
        Person("a", "Ann"),
        Person("b", "\u0410nn", resembles="Ann"),
        Person("c", "H0st", resembles=HOST_NAME),
    ]
    assert look_alike_notices(people, "Ann") == [
        "Careful: “\u0410nn” only looks like “Ann”; they are two members.",
        "Careful: “H0st” only looks like the host's name; they are not the host.",
    ]
    assert "Your name looks like “Ann”" in look_alike_notice("\u0410nn", "Ann", "\u0410nn")
