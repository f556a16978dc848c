"""Emoji within texts, and one plain sign for each where a display can't join its parts into one picture.

UTS 51 lets a program show the parts one by one. That is letters for a flag, and a coloured square behind a
thumb; the sign of `plain_sign` says more.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from messango.protocol.text.emoji import EMOJI_IN_TEXT, is_emoji

_LETTER_A: Final = 0x1F1E6
_TAG_BASE: Final = 0xE0000
_SELECTOR: Final = "\ufe0f"
_ZWJ: Final = "\u200d"
_KEYCAP: Final = "\u20e3"
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_REGION: Final = re.compile("[\U000e0020-\U000e007e]+")
_TONES: Final = re.compile("[\U0001f3fb-\U0001f3ff]")

#: What makes a person in a ZWJ sequence; two and more of them are a couple or a family.
_PEOPLE: Final = frozenset("👨👩🧑👦👧🧒👶")
_FLAGS: Final = frozenset("🏳🏴")
_HEART, _KISS, _HANDS = "❤", "💋", "🤝"


class Sign(NamedTuple):
    """A plain sign: one character, or the letters of a flag's country or a key's digit, in a box."""

    text: str
    is_boxed: bool = False


def emoji_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield the beginning and end of each emoji of a text; signs that are text by themselves are not."""
    if text.isascii():
        return
    for match in EMOJI_IN_TEXT.finditer(text):
        if is_emoji(match.group()):
            yield match.span()


@functools.lru_cache(maxsize=2048)
def plain_sign(emoji: str) -> Sign:
    """Return one sign for an emoji of any number of parts."""
    if _FLAG.fullmatch(emoji):
        return Sign("".join(chr(ord("A") + ord(letter) - _LETTER_A) for letter in emoji), is_boxed=True)
    if region := _REGION.search(emoji):
        letters = "".join(chr(ord(tag) - _TAG_BASE) for tag in region.group()).upper()
        if letters.isalnum():
            return Sign(letters[2:] or letters, is_boxed=True)
    if _KEYCAP in emoji:
        return Sign(emoji[0], is_boxed=True)
    parts = [_TONES.sub("", part).rstrip(_SELECTOR)[:1] for part in emoji.split(_ZWJ)]
    if sum(part in _PEOPLE for part in parts) > 1:
        together = {_KISS: "💏", _HEART: "💑", _HANDS: "👫"}
        return Sign(next((sign for part, sign in together.items() if part in parts), "👪"))
    if len(parts) > 1 and parts[0] in _FLAGS:
        return Sign(parts[1])  # the rainbow of the rainbow flag
    return Sign(parts[0] or emoji[0])


def has_own_sign(emoji: str) -> bool:
    """Return whether the plain sign of an emoji says all that the emoji does."""
    sign = plain_sign(emoji)
    return sign.is_boxed or sign.text == emoji.rstrip(_SELECTOR)


def with_plain_signs(text: str) -> str:
    """Return a text with a plain sign for each emoji of several parts; boxed ones are in brackets."""
    shown, position = [], 0
    for start, end in emoji_places(text):
        emoji = text[start:end]
        if len(emoji) > 1:
            sign = plain_sign(emoji)
            shown += [text[position:start], f"[{sign.text}]" if sign.is_boxed else sign.text]
            position = end
    return "".join([*shown, text[position:]]) if shown else text
