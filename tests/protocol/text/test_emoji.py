"""One emoji is a reaction; letters, several emoji and pieces of one are not."""

from __future__ import annotations

import pytest

from messango.protocol.text.emoji import clean_emoji


@pytest.mark.parametrize(
    "emoji",
    [
        "👍",
        "👍🏽",
        "❤️",
        "👨‍👩‍👧‍👦",
        "👩🏽‍❤️‍💋‍👨🏿",
        "🏳️‍🌈",
        "🇩🇪",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "1️⃣",
        "#️⃣",
        "🤷‍♀️",
        "🤷‍♀",
        "\U0001faea",
    ],
)
def test_an_emoji_stays_as_it_is(emoji: str) -> None:
    """Sequences of each kind are one emoji."""
    assert clean_emoji(emoji) == emoji


def test_a_sign_becomes_a_picture() -> None:
    """The same heart of two keyboards is the same reaction."""
    assert clean_emoji("❤") == "❤️"


@pytest.mark.parametrize(
    "text",
    ["", "a", "1", "👍👍", "👍 ", "👍\n", "\u200d", "👍\u200d", "🇩", "\ufe0f", "好", "★", ":)", "\ud83d"],
)
def test_what_is_not_one_emoji(text: str) -> None:
    """Letters, digits, two emoji and incomplete ones are not."""
    assert clean_emoji(text) is None


def test_a_long_sequence() -> None:
    """64 bytes is the limit, however many pictures are joined."""
    assert clean_emoji("\u200d".join(["👩"] * 9)) == "\u200d".join(["👩"] * 9)
    assert clean_emoji("\u200d".join(["👩"] * 10)) is None
