"""Texts about names."""

from __future__ import annotations

import pytest

from messango.client.events import MemberRenamed
from messango.client.members.name_texts import own_name_notice, renamed_text
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
