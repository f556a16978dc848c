"""Bold, italic and struck words: `*bold*`, `_italic_`, `~struck~`, as in WhatsApp and Slack.

A mark counts at the border of a word only, so `snake_case_names`, `2*3*4` and `~/path/~` stay as they are. It
opens before a character and closes after one, in the same line. Also `**bold**` and `~~struck~~`, which
people know from Markdown; but not `__init__`. A backslash before a mark makes it a character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

BOLD, ITALIC, STRUCK = "*", "_", "~"

_MARK: Final = re.compile(r"\\(?P<escaped>[*_~`])|(?P<mark>\*+|_+|~+)")
_MARKS: Final = frozenset(("*", "**", "_", "~", "~~"))
_CONTENT: Final = re.compile(r"[^*_~\s]")

#: What may stand before an opening mark, and after a closing one, besides spaces and other marks.
_BEFORE: Final = frozenset("([{<\"'|*_~")
_AFTER: Final = frozenset(")]}>\"'|*_~.,;:!?")
#: These end a sentence, but also join the parts of a name: `_init_.py`.
_JOINING: Final = frozenset(".,;:!?")
_CATEGORIES: Final = frozenset(("Ps", "Pe", "Pi", "Pf", "Po", "Pd", "So", "Cf", "Mn"))

#: Letters of scripts without spaces between words: Thai to Tibetan, Burmese, Khmer, Chinese, Japanese.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)

#: So many marks may be open at the same time; more would only be a hostile text.
_MAX_OPEN: Final = 12


class Emphasis(NamedTuple):
    """Emphasized text: `kind` is `BOLD`, `ITALIC` or `STRUCK`; the marks are before and after the text."""

    kind: str
    start: int
    text_start: int
    text_end: int
    end: int


class _Opener(NamedTuple):
    mark: str
    start: int
    end: int


def find_emphasis(text: str, start: int, end: int, is_literal: bytearray) -> Iterator[Emphasis | int]:
    """Yield the emphasized parts of a line, and the place of each backslash that makes a mark a character.

    The line is `text[start:end]`. Where `is_literal` is not 0 there are no marks, but code or a link.
    """
    openers: list[_Opener] = []
    for match in _MARK.finditer(text, start, end):
        if is_literal[match.start()]:
            continue
        opens, closes = _sides(text, match, start, end)
        if match["escaped"]:
            if opens or closes:
                yield match.start()
            continue
        if match["mark"] not in _MARKS:
            continue
        place = _matching(text, openers, match) if closes else None
        if place is not None:
            opener = openers[place]
            del openers[place:]
            yield Emphasis(match["mark"][0], opener.start, opener.end, match.start(), match.end())
        elif opens:
            openers.append(_Opener(match["mark"], match.start(), match.end()))
            del openers[:-_MAX_OPEN]


def _matching(text: str, openers: list[_Opener], closer: re.Match[str]) -> int | None:
    """Return the place of the nearest opener that a mark closes, if there is something between them."""
    for place in reversed(range(len(openers))):
        opener = openers[place]
        if opener.mark == closer["mark"]:
            return place if _CONTENT.search(text, opener.end, closer.start()) else None
    return None


def _sides(text: str, match: re.Match[str], start: int, end: int) -> tuple[bool, bool]:
    """Return whether a mark may open, and whether it may close."""
    before = text[match.start() - 1] if match.start() > start else ""
    after = text[match.end() : min(match.end() + 2, end)]
    # `~/` is a home folder.
    opens = bool(after) and not after[0].isspace() and after[0] != "/" and _is_before(before)
    return opens, bool(before) and not before.isspace() and _is_after(after)


def _is_before(character: str) -> bool:
    if not character or character.isspace():
        return True
    return character in _BEFORE if character.isascii() else _is_border(character)


def _is_after(following: str) -> bool:
    """Return whether a mark closes before these characters: the next one, and the one after that."""
    if not following or following[0].isspace():
        return True
    first, second = following[0], following[1:]
    if not first.isascii():
        return _is_border(first)
    if first == "-":
        return second.isalnum()  # `*well*-known`, but `-_-` is a face
    return first in _AFTER and not (first in _JOINING and second.isalnum() and not _UNSPACED.match(second))


def _is_border(character: str) -> bool:
    return unicodedata.category(character) in _CATEGORIES or _UNSPACED.match(character) is not None
