"""Turns the text of a message into text runs, each as it was sent, with tags that say how it is drawn."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import islice
from typing import Final

from messango.client.message_text.markup import Span, Style, spans
from messango.gui.model.text.bidi import OBJECT
from messango.gui.model.text.run_tags import (
    BOLD,
    BOLD_ITALIC,
    BOXED,
    BULLET,
    CITE_BAR,
    CITED,
    CLOSING,
    CODE,
    CODE_BLOCK,
    EMOJI,
    FILE_CARD,
    ITALIC,
    LINK,
    LIST_ITEM,
    MARK,
    OPENING,
    REPLACED,
    STRUCK,
    TextRun,
)
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.text.emoji_signs import emoji_places, plain_sign

_BULLET, _BAR, _SPACE = "•", "▎", "\u00a0"

#: A message with more emoji than this has plain signs for the others.
_MAX_EMOJI: Final = 200


class MessageRuns:
    """Builds the runs of one message; `tags` are those of all of its text, `line_tags` those of its lines."""

    def __init__(self, sanitizer: TextSanitizer, tags: tuple[str, ...], line_tags: tuple[str, ...]) -> None:
        self._sanitizer, self._tags, self._line_tags = sanitizer, tags, line_tags
        self.runs: list[TextRun] = []
        self._emoji = 0

    def build(self, text: str, *, blocks: bool, is_cut: bool) -> list[TextRun]:
        """Return the runs of a text; if it `is_cut`, a link at its end is not one."""
        found = spans(text, blocks=blocks)
        if is_cut and found and Style.LINK in found[-1].style:
            found[-1] = Span(found[-1].text, found[-1].style & ~Style.LINK)
        in_code_block = False
        for original in found:
            span = original
            was_in_code_block, in_code_block = in_code_block, Style.CODE_BLOCK in span.style
            if was_in_code_block and (not in_code_block or Style.OPENING in span.style):
                span = self._after_code_block(span)
            elif in_code_block and not was_in_code_block:
                self._begin_line()
            self._add(span)
        if in_code_block:
            self._end_line()
        return self.runs

    @property
    def ends_with_code_block(self) -> bool:
        """Whether the last line is that of a code block, and complete."""
        return bool(self.runs) and CODE_BLOCK in self.runs[-1][1]

    def _begin_line(self) -> None:
        """Begin a code block on a line of its own."""
        if self.runs and not self.runs[-1][0].endswith("\n"):
            self.runs.append(("\n", self._line_tags))

    def _end_line(self) -> None:
        self.runs.append(("\n", (*self._line_tags, CODE_BLOCK)))

    def _after_code_block(self, span: Span) -> Span:
        """End the line of a code block, in place of a line break that follows it."""
        self._end_line()
        if not span.text.startswith("\n"):
            return span
        self.runs.append(("\n", (*self._tags, MARK)))
        return Span(span.text[1:], span.style, span.address)

    def _add(self, span: Span) -> None:
        if not span.style:
            self._add_text(span.text, self._tags)
            return
        tags = (*self._tags, *_style_tags(span.style))
        if span.is_mark:
            self._add_mark(span, tags)
        elif Style.LINK in span.style:
            sanitized = self._sanitizer.text(span.text)
            # A link that is not shown as it is would open something else than it says.
            self._append(sanitized, tags if sanitized == span.text else _without(tags, LINK))
        else:
            self._add_text(span.text, tags)

    def _add_text(self, text: str, tags: tuple[str, ...]) -> None:
        if text.isascii():
            self._append(self._sanitizer.text(text), tags)
            return
        for part, is_emoji in _parts(text, _MAX_EMOJI - self._emoji):
            self._emoji += is_emoji
            self._append(part if is_emoji else self._sanitizer.text(part), tags, is_emoji=is_emoji)

    def _add_mark(self, span: Span, tags: tuple[str, ...]) -> None:
        is_list = Style.LIST in span.style and span.text in ("- ", "* ")
        is_quote = Style.QUOTE in span.style and span.text.startswith(">")
        kinds = (CITE_BAR,) if is_quote else (BULLET,) if is_list else (MARK, *_sides(span.style))
        self.runs.append((span.text, (*tags, *kinds)))

    def _append(self, text: str, tags: tuple[str, ...], *, is_emoji: bool = False) -> None:
        if text:
            self.runs.append(_run(text, tags, is_emoji=is_emoji))


def emoji_runs(text: str, tags: tuple[str, ...]) -> list[TextRun]:
    """Return the runs of a text of our own, a name for example: each emoji is one."""
    if text.isascii():
        return [(text, tags)]
    return [_run(part, tags, is_emoji=is_emoji) for part, is_emoji in _parts(text, _MAX_EMOJI) if part]


def _run(text: str, tags: tuple[str, ...], *, is_emoji: bool) -> TextRun:
    if not is_emoji:
        return text, tags
    return text, (*tags, EMOJI, BOXED) if plain_sign(text).is_boxed else (*tags, EMOJI)


def _parts(text: str, most: int) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text, and whether each is an emoji; there are `most` of these."""
    position = 0
    for start, end in islice(emoji_places(text), most):
        yield text[position:start], False
        yield text[start:end], True
        position = end
    yield text[position:], False


def drawn_text(run: TextRun, sanitizer: TextSanitizer, *, pictures: bool) -> str | None:
    """Return what is drawn for a run that is not drawn as it was sent, else None.

    The line of a file is the character `OBJECT`, in whose place its card comes; with `pictures`, an emoji is
    it, too.
    """
    text, tags = run
    if REPLACED.isdisjoint(tags):
        return None
    if MARK in tags:
        return ""
    if FILE_CARD in tags:
        return OBJECT
    if BOXED in tags and not pictures:
        return f"{_SPACE}{plain_sign(text).text}{_SPACE}"
    if EMOJI in tags:
        return OBJECT if pictures else sanitizer.text(plain_sign(text).text)
    return f"{_BULLET}{_SPACE}" if BULLET in tags else f"{_BAR}{_SPACE}" * text.count(">")


#: The tags of a style; of several in a row, the first that applies.
_STYLE_TAGS: Final = (
    ((Style.QUOTE, CITED),),
    ((Style.LIST, LIST_ITEM),),
    (
        (Style.CODE, CODE),
        (Style.CODE_BLOCK, CODE_BLOCK),
        (Style.BOLD | Style.ITALIC, BOLD_ITALIC),
        (Style.BOLD, BOLD),
        (Style.ITALIC, ITALIC),
    ),
    ((Style.STRUCK, STRUCK),),
    ((Style.LINK, LINK),),
)


@functools.cache
def _style_tags(style: Style) -> tuple[str, ...]:
    """Return the tags of a style; there are few, and each check of a flag takes a microsecond."""
    chosen = ([tag for kind, tag in choices if kind in style][:1] for choices in _STYLE_TAGS)
    return tuple(tag for tags in chosen for tag in tags)


@functools.cache
def _sides(style: Style) -> tuple[str, ...]:
    return (OPENING,) if Style.OPENING in style else (CLOSING,) if Style.CLOSING in style else ()


def _without(tags: tuple[str, ...], tag: str) -> tuple[str, ...]:
    return tuple(other for other in tags if other != tag)
