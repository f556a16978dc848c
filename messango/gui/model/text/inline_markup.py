"""Finds links, and code between backticks, in a text."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Final

from messango.client.message_text.link import LINK_START, link_end, real_address

_SPECIAL: Final = re.compile(
    r"```(?:[\w+-]*\n)?(?P<block>.+?)\n?```"
    r"|`(?P<code>[^`\n]+)`"
    rf"|(?P<link>{LINK_START})",
    re.DOTALL | re.IGNORECASE,
)


class SpanKind(enum.Enum):
    """How a span is shown."""

    PLAIN = "plain"
    CODE = "code"
    BLOCK = "code-block"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text; `address` is the real address of a link, in ASCII."""

    kind: SpanKind
    text: str
    address: str = ""


def spans(text: str) -> list[Span]:
    """Split a text into plain text, code and links; backticks are left out."""
    if "://" not in text and "`" not in text:
        return [Span(SpanKind.PLAIN, text)]
    found: list[Span] = []
    position = 0
    for match in _SPECIAL.finditer(text):
        if match.start() < position:
            continue  # within a link
        span, end = _span(match)
        if span is None:
            continue
        if match.start() > position:
            found.append(Span(SpanKind.PLAIN, text[position : match.start()]))
        found.append(span)
        position = end
    if position < len(text):
        found.append(Span(SpanKind.PLAIN, text[position:]))
    return found


def _span(match: re.Match[str]) -> tuple[Span | None, int]:
    """Return the span of a match and its end; a link ends before the punctuation after it."""
    if match["block"] is not None:
        return Span(SpanKind.BLOCK, match["block"]), match.end()
    if match["code"] is not None:
        return Span(SpanKind.CODE, match["code"]), match.end()
    end = link_end(match.string, match.start())
    link = match.string[match.start() : end]
    address = real_address(link)
    return (Span(SpanKind.LINK, link, address), end) if address else (None, 0)
