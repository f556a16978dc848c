"""Finds links, code, emphasized words, quotes and lists in the text of a message.

The marks stay in the result, told apart from the text, so that nothing that was written is lost: a front end
leaves them out where it draws, and copies and exports them as they were typed.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from messango.client.message_text.emphasis import BOLD, ITALIC, STRUCK, Emphasis, find_emphasis
from messango.client.message_text.link import LINK_START, link_end, real_address

_LITERAL: Final = re.compile(
    r"(?<!\\)(?P<fence>```(?:[\w+-]*\n)?)(?P<block>.+?)(?P<end>\n?```)"
    r"|(?<!\\)`(?P<code>[^`\n]+)`"
    rf"|(?P<link>{LINK_START})",
    re.DOTALL | re.IGNORECASE,
)

#: Most texts have none of these.
_MAY_HAVE_MARKUP: Final = re.compile(r"[*_~`\\]|://|^(?:>|[ ]{0,8}(?:[-•]|\d{1,3}[.)]) )", re.MULTILINE)

#: The beginning of a quoted line: `> text`, and `>text`, but not `>:(` or `>5`.
_QUOTE: Final = re.compile(r"(?:> )+(?=\S)|>(?=[^\W\d_])")
_EMPTY_QUOTE: Final = re.compile(r">[ ]*$", re.MULTILINE)
_LIST: Final = re.compile(r"(?P<indent>[ ]{0,8})(?:(?P<bullet>[-*] )|(?:•|\d{1,3}[.)]) )(?=\S)")


class Style(enum.Flag):
    """How a part of a text is shown; `MARK` is what marks it, and not part of what it says.

    Marks around a part are `OPENING` or `CLOSING`, properly nested.
    """

    PLAIN = 0
    BOLD = enum.auto()
    ITALIC = enum.auto()
    STRUCK = enum.auto()
    CODE = enum.auto()
    CODE_BLOCK = enum.auto()
    LINK = enum.auto()
    QUOTE = enum.auto()
    LIST = enum.auto()
    MARK = enum.auto()
    OPENING = enum.auto()
    CLOSING = enum.auto()


_EMPHASIS: Final = {BOLD: Style.BOLD.value, ITALIC: Style.ITALIC.value, STRUCK: Style.STRUCK.value}
_CODE, _CODE_BLOCK, _LINK = Style.CODE.value, Style.CODE_BLOCK.value, Style.LINK.value
_QUOTED, _LISTED, _MARKED = Style.QUOTE.value, Style.LIST.value, Style.MARK.value
_OPENING, _CLOSING = (Style.MARK | Style.OPENING).value, (Style.MARK | Style.CLOSING).value


@functools.cache
def _style(number: int) -> Style:
    return Style(number)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, as it was typed; `address` is the real address of a link, in ASCII."""

    text: str
    style: Style = Style.PLAIN
    address: str = ""

    @property
    def is_mark(self) -> bool:
        """Whether this marks other text, and is not shown."""
        return Style.MARK in self.style


def spans(text: str, *, blocks: bool = True) -> list[Span]:
    """Split a text into parts of one style; together they are the text.

    Without `blocks`, the text does not begin a line, and has no quotes and lists.
    """
    if not _MAY_HAVE_MARKUP.search(text):
        return [Span(text)] if text else []
    return _Parser(text).parse(blocks=blocks)


class _Parser:
    """Gives each character of a text its style, as a number; time grows with the length of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._styles = [0] * len(text)
        self._addresses: dict[int, str] = {}
        #: Not 0 for what has no marks in it: code and links.
        self._literal = bytearray(len(text))

    def parse(self, *, blocks: bool) -> list[Span]:
        """Return the parts of the text."""
        self._find_literals()
        was_quote = False
        for start, end in self._lines():
            text_start = start
            if blocks:
                text_start = self._quote(start, end, was_quote=was_quote)
                was_quote = text_start > start
                text_start = self._list(text_start, end)
            self._emphasize(text_start, end)
        return [*self._spans()]

    def _find_literals(self) -> None:
        position = 0
        for match in _LITERAL.finditer(self._text):
            if match.start() < position:
                continue  # within a link
            if match["block"] is not None:
                self._mark_code(match, "block", _CODE_BLOCK)
                position = match.end()
            elif match["code"] is not None:
                self._mark_code(match, "code", _CODE)
                position = match.end()
            else:
                position = self._mark_link(match.start())

    def _mark_code(self, match: re.Match[str], group: str, style: int) -> None:
        self._add(match.start(), match.end(), style)
        self._add(match.start(), match.start(group), _OPENING)
        self._add(match.end(group), match.end(), _CLOSING)
        self._set_literal(match.start(), match.end())

    def _mark_link(self, start: int) -> int:
        """Mark a link, and return its end; `start` if no browser would open it."""
        end = link_end(self._text, start)
        if start and self._text[start - 1] == STRUCK:
            end = start + len(self._text[start:end].rstrip(STRUCK))
        address = real_address(self._text[start:end])
        if not address:
            return start
        self._add(start, end, _LINK)
        self._addresses[start] = address
        self._set_literal(start, end)
        return end

    def _lines(self) -> Iterator[tuple[int, int]]:
        """Yield the beginning and end of each line, but not those that begin in a code block."""
        start = 0
        while start <= len(self._text):
            end = self._text.find("\n", start)
            end = len(self._text) if end < 0 else end
            if start == len(self._text) or not self._styles[start] & _CODE_BLOCK:
                yield start, end
            start = end + 1

    def _quote(self, start: int, end: int, *, was_quote: bool) -> int:
        """Mark a quoted line, and return where its text begins."""
        match = _QUOTE.match(self._text, start, end)
        if match is None and self._is_empty_quote(start, end, was_quote=was_quote):
            match = _EMPTY_QUOTE.match(self._text, start, end)
        if match is None:
            self._unescape(_QUOTE, start, end)
            return start
        self._add(start, end, _QUOTED)
        self._add(start, match.end(), _MARKED)
        return match.end()

    def _is_empty_quote(self, start: int, end: int, *, was_quote: bool) -> bool:
        """Return whether a lone `>` is an empty line of a quote: beside another line of it."""
        return start < end and (was_quote or _QUOTE.match(self._text, end + 1) is not None)

    def _list(self, start: int, end: int) -> int:
        """Mark the line of a list, and return where its text begins."""
        match = _LIST.match(self._text, start, end)
        if match is None:
            self._unescape(_LIST, start, end)
            return start
        self._add(start, end, _LISTED)
        if match["bullet"]:
            self._add(match.start("bullet"), match.end("bullet"), _MARKED)
        return match.end()

    def _unescape(self, beginning: re.Pattern[str], start: int, end: int) -> None:
        """Mark a backslash before what would begin a quote or a list."""
        if start < end and self._text[start] == "\\" and beginning.match(self._text, start + 1, end):
            self._add(start, start + 1, _MARKED)

    def _emphasize(self, start: int, end: int) -> None:
        for found in find_emphasis(self._text, start, end, self._literal):
            if isinstance(found, Emphasis):
                self._add(found.start, found.end, _EMPHASIS[found.kind])
                self._add(found.start, found.text_start, _OPENING)
                self._add(found.text_end, found.end, _CLOSING)
            else:
                self._add(found, found + 1, _MARKED)

    def _add(self, start: int, end: int, style: int) -> None:
        styles = self._styles
        for place in range(start, end):
            styles[place] |= style

    def _set_literal(self, start: int, end: int) -> None:
        self._literal[start:end] = b"\1" * (end - start)

    def _spans(self) -> Iterator[Span]:
        start = 0
        for place in range(1, len(self._text) + 1):
            is_end = place == len(self._text) or self._styles[place] != self._styles[start]
            if is_end or place in self._addresses:
                yield Span(self._text[start:place], _style(self._styles[start]), self._address(start))
                start = place

    def _address(self, start: int) -> str:
        return self._addresses.get(start, "") if self._styles[start] & _LINK else ""
