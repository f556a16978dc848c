"""The line above an answer: who said what it answers, cut to the width of the window."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, Protocol

from messango.client.message_text.quotes import NOT_KEPT
from messango.gui.model.text.run_tags import QUOTE, QUOTE_BAR, QUOTE_NAME, QUOTE_TEXT, TextRun
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.frames import Quote
from messango.protocol.limits import MAX_QUOTE_CHARACTERS

_BAR: Final = "▎"
_DELETED: Final = "deleted message"


class Widths(Protocol):
    """The sizes of a text widget, in pixels."""

    def measure(self, text: str, tags: tuple[str, ...]) -> int:
        """Return the width of a text with these tags."""

    def line_width(self, tags: tuple[str, ...]) -> int:
        """Return how wide a line with these tags can be."""


def quote_runs(
    quote: Quote, tags: tuple[str, ...], sanitizer: TextSanitizer, name_color: str
) -> list[TextRun]:
    """Return the runs of the line; the last one is the text with the line break."""
    tags = (*tags, QUOTE)
    bar = (_BAR, (*tags, QUOTE_BAR))
    if not quote.name:
        return [bar, (f" {NOT_KEPT}\n", (*tags, QUOTE_TEXT))]
    name = (f" {sanitizer.plain(quote.name)}", (*tags, name_color, QUOTE_NAME))
    text = sanitizer.plain(quote.text) or _DELETED
    if len(quote.text) >= MAX_QUOTE_CHARACTERS:  # the room has cut it
        text += "…"
    # The gap is apart from the words: in those of a right-to-left text, it would be drawn at their end.
    return [bar, name, ("   ", tags), (f"{text}\n", (*tags, QUOTE_TEXT))]


def fit_quote(runs: Sequence[TextRun], widths: Widths) -> list[TextRun]:
    """Return the runs of a block with the text of its quote line cut to one line, with an ellipsis."""
    fitted: list[TextRun] = []
    used = 0
    for text, tags in runs:
        if QUOTE_TEXT in tags:
            room = widths.line_width(tags) - used
            fitted.append((f"{ellipsized(text.removesuffix(chr(10)), tags, room, widths)}\n", tags))
        else:
            used += widths.measure(text, tags) if QUOTE in tags else 0
            fitted.append((text, tags))
    return fitted


def ellipsized(text: str, tags: tuple[str, ...], room: int, widths: Widths) -> str:
    """Return a text, cut with an ellipsis if it is wider than `room`, in pixels."""
    if room >= sys.maxsize or widths.measure(text, tags) <= room:
        return text

    def is_too_wide(end: int) -> bool:
        return widths.measure(f"{text[: end + 1]}…", tags) > room

    end = bisect_left(range(len(text)), True, key=is_too_wide)
    return f"{text[:end].rstrip()}…"
