"""Renders a help topic for a terminal: text wrapped, tables aligned, code indented."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from messango.help.markdown import Block, Code, Heading, ListItem, Paragraph, Style, Table, Text, parse

#: Longer lines are tiring to read.
MAX_COLUMNS: Final = 100
#: In a narrower terminal there is no useful layout, and the terminal breaks the lines.
MIN_COLUMNS: Final = 20

_GAP: Final = 2
_INDENT: Final = "    "
#: A table with taller rows is easier to read as a list.
_MAX_ROW_LINES: Final = 5

_UNDERLINES: Final = {1: "=", 2: "-", 3: "~"}
_SGR: Final = {Style.STRONG: "1", Style.EMPHASIS: "4", Style.CODE: "36"}
_WORD: Final = re.compile(r"\S+")


def render(markdown: str, columns: int, *, color: bool = False) -> str:
    """Return the topic as text that ends with a newline; no line is wider than `columns`."""
    columns = max(MIN_COLUMNS, min(columns, MAX_COLUMNS))
    lines: list[Text] = []
    before: Block | None = None
    for block in parse(markdown, ticks=not color):
        if before is not None and not (isinstance(before, ListItem) and isinstance(block, ListItem)):
            lines.append(Text.of(""))
        lines += _lines(block, columns)
        before = block
    return "".join(f"{_painted(line, color=color)}\n" for line in lines)


def wrap(text: Text, columns: int) -> list[Text]:
    """Return `text` in lines, broken at spaces; a word wider than a line is cut."""
    lines, start, end = [], 0, 0
    for word in _WORD.finditer(text.characters):
        if word.end() - start > columns and end > start:
            lines.append(text[start:end])
            start = word.start()
        while word.end() - start > columns:
            lines.append(text[start : start + columns])
            start += columns
        end = word.end()
    return [*lines, text[start:end]]


def _lines(block: Block, columns: int) -> list[Text]:
    if isinstance(block, Heading):
        return _heading(block, columns)
    if isinstance(block, Paragraph):
        return wrap(block.text, columns)
    if isinstance(block, ListItem):
        marker = f"{block.marker} "
        return _hanging(block.text, columns, marker, " " * len(marker))
    if isinstance(block, Code):
        return [row for line in block.lines for row in _code_rows(line, columns)]
    return _table(block, columns)


def _heading(heading: Heading, columns: int) -> list[Text]:
    rows = [Text.of(row.characters, Style.STRONG) for row in wrap(heading.text, columns)]
    underline = _UNDERLINES[heading.level] * max(map(len, rows))
    return [*rows, Text.of(underline)]


def _hanging(text: Text, columns: int, first: str, rest: str) -> list[Text]:
    """Return wrapped text with one prefix for the first line and another for the rest."""
    rows = wrap(text, columns - len(first))
    return [Text.of(rest if number else first) + row for number, row in enumerate(rows)]


def _code_rows(line: str, columns: int) -> Iterator[Text]:
    """Yield an indented line of code with its spaces; a line that is too wide continues in the next row."""
    width = columns - len(_INDENT)
    while len(line) > width:
        cut = line.rfind(" ", 1, width + 1)
        cut = width if cut <= 0 or not line[:cut].strip() else cut
        yield Text.of(_INDENT + line[:cut].rstrip())
        line = "  " + line[cut:].lstrip()
    yield Text.of(_INDENT + line if line else "")


def _table(table: Table, columns: int) -> list[Text]:
    widths = _column_widths(table, columns)
    if widths is None:
        return _as_list(table, columns)
    lines: list[Text] = []
    if any(map(len, table.header)):
        lines += _row([Text.of(cell.characters, Style.STRONG) for cell in table.header], widths)
        lines += _row([Text.of("-" * width) for width in widths], widths)
    # If a first cell has several lines, a blank line shows where the next row begins.
    spaced = any(len(wrap(row[0], widths[0])) > 1 for row in table.rows)
    for number, row in enumerate(table.rows):
        lines += [Text.of("")] if spaced and number else []
        lines += _row(row, widths)
    return lines


def _column_widths(table: Table, columns: int) -> list[int] | None:
    """Return the width of each column, or None if the table does not fit.

    Headers may break at their spaces. A column gets the width that it needs, or an equal share of what
    narrower columns leave.
    """
    cells = [*zip(table.header, *table.rows, strict=True)]
    needed = [max(_longest_word(column[0]), *map(len, column[1:])) for column in cells]
    left = columns - _GAP * (len(needed) - 1)
    widths = [0] * len(needed)
    by_need = sorted(range(len(needed)), key=lambda number: needed[number])
    for index, number in enumerate(by_need):
        widths[number] = min(needed[number], left // (len(needed) - index))
        left -= widths[number]
    # A header may be longer than the cells below it.
    for number, column in enumerate(cells):
        more = min(left, max(0, len(column[0]) - widths[number]))
        widths[number] += more
        left -= more
    fits = all(
        _longest_word(cell) <= width and len(wrap(cell, width)) <= _MAX_ROW_LINES
        for column, width in zip(cells, widths, strict=True)
        for cell in column
    )
    return widths if fits else None


def _longest_word(text: Text) -> int:
    return max(map(len, text.characters.split()), default=0)


def _row(cells: Sequence[Text], widths: Sequence[int]) -> list[Text]:
    wrapped = [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for pieces in itertools.zip_longest(*wrapped, fillvalue=Text.of("")):
        line = Text.of("")
        for piece, width in zip(pieces, widths, strict=True):
            line += piece + Text.of(" " * (width - len(piece) + _GAP))
        lines.append(line[: len(line.characters.rstrip())])
    return lines


def _as_list(table: Table, columns: int) -> list[Text]:
    """Return each row as its first cell, with the other cells below it, labelled by their headers."""
    lines: list[Text] = []
    for first, *others in table.rows:
        lines += wrap(first, columns)
        for name, cell in zip(table.header[1:], others, strict=True):
            label = Text.of(f"{name.characters}: " if len(others) > 1 else "", Style.EMPHASIS)
            if len(cell):
                lines += _hanging(label + cell, columns, _INDENT, _INDENT)
    return lines


def _painted(line: Text, *, color: bool) -> str:
    if not color:
        return line.characters
    pieces = []
    for style, run in itertools.groupby(zip(line.characters, line.styles, strict=True), lambda pair: pair[1]):
        piece = "".join(character for character, _ in run)
        pieces.append(f"\x1b[{_SGR[style]}m{piece}\x1b[0m" if style in _SGR else piece)
    return "".join(pieces)
