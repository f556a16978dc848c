"""Makes text as wide as the terminal: a message in rows, a status line cut or filled up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from prompt_toolkit.utils import get_cwidth

#: Narrower than this nothing can be set in: the terminal breaks the lines as it likes.
NARROWEST: Final = 10

_WORD: Final = re.compile(r"\s*\S+|\s+$")


def wrap(text: str, columns: int, taken: int = 0) -> list[str]:
    """Return the rows of `text` (already safe): broken at its newlines, and at spaces where it is too wide.

    `taken` columns of the first row are in use. A word that is too wide by itself, a link, stays whole:
    the terminal breaks it, and it can still be clicked.
    """
    columns = max(columns, NARROWEST)
    first, *rest = text.split("\n")
    rows = list(_rows(first, columns, taken))
    return rows + [row for line in rest for row in _rows(line, columns, 0)]


def _rows(line: str, columns: int, taken: int) -> Iterator[str]:
    if taken + len(line) <= columns and taken + get_cwidth(line) <= columns:
        yield line
        return
    row, width = "", taken
    for word in _WORD.findall(line):
        wide = get_cwidth(word)
        if row and width + wide > columns:
            yield row
            row = word.lstrip()
            width = get_cwidth(row)
        else:
            row, width = row + word, width + wide
    yield row


def fit(line: list[tuple[str, str]], columns: int) -> list[tuple[str, str]]:
    """Return styled text exactly as wide as `columns`: cut, or filled up with blanks in its last style."""
    fitted, left = [], columns
    for style, text in line:
        kept = _cut(text, left)
        fitted.append((style, kept))
        left -= get_cwidth(kept)
    return [*fitted, (line[-1][0], " " * left)]


def _cut(text: str, columns: int) -> str:
    while get_cwidth(text) > columns:
        text = text[:-1]
    return text
