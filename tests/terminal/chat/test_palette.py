"""Colours that are readable everywhere."""

from __future__ import annotations

import re

import pytest

from messango.terminal.chat.palette import NAME_COLORS, chat_style, name_style


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("color", NAME_COLORS)
def test_a_color_is_readable_on_black_and_on_white(color: str) -> None:
    """The WCAG contrast is at least 4 to both."""
    assert (_luminance(color) + 0.05) / 0.05 >= 4
    assert 1.05 / (_luminance(color) + 0.05) >= 4


def test_a_name_keeps_its_color() -> None:
    """In every run, and in capitals too; different names use all colours."""
    assert name_style("Ann") == name_style("ann") == "class:name class:name-7"
    assert len({name_style(f"name {number}") for number in range(100)}) == len(NAME_COLORS)


def test_without_color_there_is_none() -> None:
    """NO_COLOR leaves only bold and reverse."""
    rules = " ".join(rule for _, rule in chat_style(color=False).style_rules)
    assert not re.search("#|ansi|bg:", rules)
    assert "#" in " ".join(rule for _, rule in chat_style(color=True).style_rules)
