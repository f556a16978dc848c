"""Makes text as wide as the terminal: a message in rows, a status line cut or filled up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from prompt_toolkit.utils import get_cwidth

#: Narrower than this nothing can be set in: the terminal breaks the lines as it likes.
MIN_COLUMNS: Final = 10

_WORD: Final = re.compile(r"\s*\S+|\s+$")


def wrap(text: str, columns: int, used: int = 0) -> list[str]:
    """Return the rows of `text` (already safe): broken at its newlines, and at spaces where it is too wide.

    `used` columns of the first row are in use. A word that is too wide by itself, a link, stays whole:
    the terminal breaks it, and it can still be clicked.
    """
    columns = max(columns, MIN_COLUMNS)
    first, *rest = text.split("\n")
    rows = list(_rows(first, columns, used))
    return rows + [row for line in rest for row in _rows(line, columns, 0)]


def _rows(line: str, columns: int, used: int) -> Iterator[str]:
    if used + len(line) <= columns and used + get_cwidth(line) <= columns:
        yield line
        return
    row, width = "", used
    for word in _WORD.findall(line):
        word_width = get_cwidth(word)
        if row and width + word_width > columns:
            yield row
            row = word.lstrip()
            width = get_cwidth(row)
        else:
            row, width = row + word, width + word_width
    yield row


def fit(line: list[tuple[str, str]], columns: int) -> list[tuple[str, str]]:
    """Return styled text exactly as wide as `columns`: cut, or filled up with blanks in its last style."""
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
