"""Fits text to the width of the terminal: wraps messages, cuts and pads the status line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from prompt_toolkit.utils import get_cwidth
from wcwidth import wcswidth

#: Text is wrapped for at least this width; a narrower terminal breaks the rows itself.
MIN_COLUMNS: Final = 10

#: Scripts without spaces are broken between any two of their characters, but not before what closes and not
#: behind what opens (UAX 14, as far as its classes ID, CJ, CL, NS and OP go).
_OPENING: Final = "「『（［｛〈《【〔“‘"
_CLOSING: Final = "、。，．・：；？！」』）］｝〉》】〕々ゝゞーぁぃぅぇぉっゃゅょァィゥェォッャュョ”’"
_UNSPACED: Final = "\u2e80-\u303e\u3041-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003fffd"
_WORD: Final = re.compile(
    rf"\s*(?:[{_OPENING}]*[{_UNSPACED}][{_CLOSING}]*|[^\s{_UNSPACED}]+[{_CLOSING}]*)|\s+$"
)


def wrap(text: str, columns: int, used: int = 0) -> list[str]:
    """Return `text` (already safe) as rows of at most `columns` columns, broken at newlines and spaces.

    Scripts without spaces are broken between characters. The first row starts at column `used`. A word that
    is wider than the row, a link say, stays in one piece: the terminal breaks it, and people can still click
    it.
    """
    columns = max(columns, MIN_COLUMNS)
    first, *rest = text.split("\n")
    rows = list(_rows(first, columns, used))
    return rows + [row for line in rest for row in _rows(line, columns, 0)]


def _rows(line: str, columns: int, used: int) -> Iterator[str]:
    if used + len(line) <= columns and used + wcswidth(line) <= columns:
        yield line
        return
    row, width = "", used
    for word in _WORD.findall(line):
        word_width = wcswidth(word)
        if row and width + word_width > columns:
            yield row
            row = word.lstrip()
            width = wcswidth(row)
        else:
            row, width = row + word, width + word_width
    yield row


def fit(line: list[tuple[str, str]], columns: int) -> list[tuple[str, str]]:
    """Return styled text that is exactly `columns` wide: cut, or padded with blanks in its last style.

    Measured as prompt_toolkit measures its prompt, one code point at a time. `wcswidth` counts an emoji
    sequence as one emoji: a row padded by it would be too long for prompt_toolkit, which would wrap it.
    """
    fitted, remaining = [], columns
    for style, text in line:
        kept = _truncate(text, remaining)
        fitted.append((style, kept))
        remaining -= get_cwidth(kept)
    return [*fitted, (line[-1][0], " " * remaining)]


def _truncate(text: str, columns: int) -> str:
    while get_cwidth(text) > columns:
        text = text[:-1]
    return text
