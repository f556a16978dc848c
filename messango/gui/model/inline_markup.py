"""Finds links, and code between backticks, in a text."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

_LINK_END: Final = r"\s<>\"`“”„‚‘«»‹›\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
_SPECIAL: Final = re.compile(
    r"```(?:[\w+-]*\n)?(?P<block>.+?)\n?```"
    r"|`(?P<code>[^`\n]+)`"
    rf"|(?<![\w/])(?P<link>https?://[^{_LINK_END}]+)",
    re.DOTALL | re.IGNORECASE,
)

#: At the end of a link, these end the sentence rather than the address.
_TRAILING_PUNCTUATION: Final = ".,;:!?'*_…"
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}

#: Characters of an address besides letters and digits (RFC 3986); all others are percent-encoded.
_URL_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"

_MAX_HOST: Final = 253  # RFC 1035


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


def real_address(link: str) -> str:
    """Return where a link leads, in ASCII (IDNA), against look-alike letters; empty if it is not valid."""
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
        if not host or len(host) > _MAX_HOST or parts.scheme.lower() not in ("http", "https"):
            return ""
        host = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):  # the port is not a number, or the host is not a valid name
        return ""
    user, at, _ = parts.netloc.rpartition("@")
    netloc = quote(user, safe=_URL_SAFE) + at + host + (f":{port}" if port is not None else "")
    rest = link[link.index("//") + 2 + len(parts.netloc) :]
    return f"{parts.scheme.lower()}://{netloc}{quote(rest, safe=_URL_SAFE)}"


def _span(match: re.Match[str]) -> tuple[Span | None, int]:
    """Return the span of a match and its end; a link ends before the punctuation after it."""
    if match["block"] is not None:
        return Span(SpanKind.BLOCK, match["block"]), match.end()
    if match["code"] is not None:
        return Span(SpanKind.CODE, match["code"]), match.end()
    link = _strip_trailing_punctuation(match["link"])
    address = real_address(link)
    return (Span(SpanKind.LINK, link, address), match.start() + len(link)) if address else (None, 0)


def _strip_trailing_punctuation(link: str) -> str:
    """Remove punctuation at the end, and brackets that were opened before the link."""
    while link:
        last = link[-1]
        opening = _PAIRS.get(last)
        if last not in _TRAILING_PUNCTUATION and (opening is None or link.count(opening) >= link.count(last)):
            break
        link = link[:-1]
    return link
