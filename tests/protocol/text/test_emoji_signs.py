"""Emoji are found in texts, and each has one plain sign."""

from __future__ import annotations

import pytest

from messango.protocol.text.emoji_signs import emoji_places, plain_sign, with_plain_signs

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("plain text", []),
        ("10:30 (c) # 1 *", []),
        ("© ™ ☺ ↔ é 漢", []),
        ("a🥭b", ["🥭"]),
        ("👩🏽‍💻👍🏽", ["👩🏽‍💻", "👍🏽"]),
        ("🇩🇪🇫🇷🇩", ["🇩🇪", "🇫🇷"]),
        ("❤️ 1️⃣ ☺️", ["❤️", "1️⃣", "☺️"]),
        (f"a{SCOTLAND}b", [SCOTLAND]),
        ("👨‍👩‍👧‍👦", ["👨‍👩‍👧‍👦"]),
        ("🏳️‍🌈🏴‍☠️", ["🏳️‍🌈", "🏴‍☠️"]),
    ],
)
def test_emoji_are_found_whole(text: str, emoji: list[str]) -> None:
    """Each with all of its parts, and no sign that is text."""
    assert [text[start:end] for start, end in emoji_places(text)] == emoji


@pytest.mark.parametrize(
    ("emoji", "sign", "is_boxed"),
    [
        ("🥭", "🥭", False),
        ("👍🏽", "👍", False),
        ("👩🏽‍💻", "👩", False),
        ("❤️", "❤", False),
        ("❤️‍🔥", "❤", False),
        ("1️⃣", "1", True),
        ("🇩🇪", "DE", True),
        (SCOTLAND, "SCT", True),
        ("👨‍👩‍👧‍👦", "👪", False),
        ("👩🏽‍❤️‍👨🏽", "💑", False),
        ("👩‍❤️‍💋‍👨", "💏", False),
        ("🏳️‍🌈", "🌈", False),
        ("🏴‍☠️", "☠", False),
        ("🧑🏽‍🤝‍🧑🏽", "👫", False),
    ],
)
def test_one_sign_for_each(emoji: str, sign: str, *, is_boxed: bool) -> None:
    """The base, the letters of a flag's country, and one picture for a family."""
    assert plain_sign(emoji) == (sign, is_boxed)


def test_texts_where_parts_are_not_joined() -> None:
    """Nothing falls apart, and all other text stays."""
    assert with_plain_signs("hi 🇩🇪 👍🏽, 👩🏽‍💻!") == "hi [DE] 👍, 👩!"
    assert with_plain_signs(SCOTLAND) == "[SCT]"
    assert with_plain_signs("no emoji: ü ☺ 漢") == "no emoji: ü ☺ 漢"
    assert with_plain_signs("🥭❤️") == "🥭❤"


@pytest.mark.parametrize(
    "text", ["🇩" * 8_000, "\u200d" * 8_000, "👩‍" * 4_000, "\U000e0041" * 8_000, "1\ufe0f" * 4_000]
)
def test_any_text_is_read_in_a_moment(text: str) -> None:
    """A stranger's text may be nothing but parts."""
    assert isinstance(with_plain_signs(text), str)
