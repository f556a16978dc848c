"""The text of a message as rows of the terminal: emphasized words, quotes, lists, emoji. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from wcwidth import wcswidth

from messango.client.message_text.markup import Span, Style, spans
from messango.protocol.text.emoji_signs import with_plain_signs
from messango.terminal.chat.chat_state import Line
from messango.terminal.chat.layout import wrap
from messango.terminal.chat.terminal_abilities import TerminalAbilities

_STYLES: Final = {
    Style.BOLD: "bold",
    Style.ITALIC: "italic",
    Style.STRUCK: "strike",
    Style.CODE: "class:code",
    Style.CODE_BLOCK: "class:code",
    Style.QUOTE: "class:quoted",
}
#: Without their marks, these would be lost on a terminal that does not show them.
_NEED_ITALIC: Final = Style.ITALIC | Style.STRUCK
_QUOTE_BAR: Final = "▎ "
_BULLET: Final = "• "


@dataclass(slots=True)
class _TextLine:
    """One line of a text: its rows begin with `bar`, and those after the first with `indent` blanks more."""

    parts: Line = field(default_factory=list)
    bar: str = ""
    indent: int = 0


def text_rows(
    head: Line, text: str, columns: int, depth: int, abilities: TerminalAbilities, *, blocks: bool = True
) -> list[Line]:
    """Return a text (already safe) behind `head`, as rows of at most `columns` columns.

    Its further rows begin at column `depth`. Without `blocks`, it has no quotes and lists.
    """
    used = sum(wcswidth(part) for _, part in head) - depth
    rows: list[Line] = []
    for line in _lines(spans(text, blocks=blocks), abilities):
        bar: Line = [("class:quoted", line.bar)] if line.bar else []
        width = columns - depth - wcswidth(line.bar)
        blanks: Line = [("", " " * line.indent)] if line.indent else []
        for number, row in enumerate(_wrapped(line.parts, width, used, line.indent)):
            start = [("", " " * depth)] if depth and rows else []
            rows.append([*(head if not rows else start), *bar, *(blanks if number else []), *row])
        used = 0
    return rows


def _lines(found: list[Span], abilities: TerminalAbilities) -> Iterator[_TextLine]:
    line = _TextLine()
    for span in found:
        style = _style(span)
        for number, text in enumerate(span.text.split("\n")):
            if number:
                yield line
                line = _TextLine()
            if span.is_mark and not _is_shown(span, abilities):
                _begin(line, span)
            elif text:
                shown = text if abilities.joins_emoji else with_plain_signs(text)
                line.parts.append((style, shown))
                if span.style is Style.LIST and not line.indent and len(line.parts) == 1:
                    line.indent = _number_width(shown)
    yield line


def _begin(line: _TextLine, mark: Span) -> None:
    """Draw the mark of a quote or of an item of a list; other marks are not drawn."""
    if Style.QUOTE in mark.style and mark.text.startswith(">"):
        line.bar = _QUOTE_BAR * mark.text.count(">")
    elif Style.LIST in mark.style and mark.text in ("- ", "* "):
        line.indent = sum(wcswidth(part) for _, part in line.parts) + len(_BULLET)
        line.parts.append((_style(mark), _BULLET))


def _number_width(text: str) -> int:
    """Return the width of the blanks and the number at the beginning of an item."""
    number = text.lstrip(" ").split(" ", 1)[0]
    return text.index(number) + wcswidth(number) + 1 if number.strip() else 0


def _is_shown(mark: Span, abilities: TerminalAbilities) -> bool:
    """Return whether a mark is shown as typed: that of code, and of what this terminal does not show."""
    is_italic = mark.text[0] in "_~" and mark.style & _NEED_ITALIC
    return "`" in mark.text or (bool(is_italic) and not abilities.has_italic)


def _style(span: Span) -> str:
    return " ".join(style for kind, style in _STYLES.items() if kind in span.style)


def _wrapped(parts: Line, columns: int, used: int, indent: int) -> Iterator[Line]:
    """Yield styled text in rows; all but the first have room for `indent` blanks before them."""
    text = "".join(part for _, part in parts)
    rows = wrap(text, columns, used=used)
    if indent and len(rows) > 1:
        first = rows[0]
        rest = text[len(first) :].lstrip()
        rows = [first, *(wrap(rest, max(columns - indent, 1)) if rest else [])]
    styles = [style for style, part in parts for _ in part]
    place = 0
    for row in rows:
        start = text.index(row, place)
        place = start + len(row)
        pairs = zip(styles[start:place], row, strict=True)
        yield [
            (style, "".join(character for _, character in group))
            for style, group in groupby(pairs, key=lambda pair: pair[0])
        ]
