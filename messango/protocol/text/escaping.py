"""Escapes text from other people: it must not control the terminal, fake a line or reverse its direction."""

from __future__ import annotations

import re
from typing import Final

from messango.protocol.text.wording import ellipsized

#: C0, DEL and C1 (every terminal escape begins with one of these), line separators, the characters that
#: embed, override or isolate a direction (UAX #9), and surrogates, which can't be encoded. The marks U+200E,
#: U+200F and U+061C are allowed: they only help to display mixed scripts.
UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

#: The same in a text of several lines, where line breaks and tabs are allowed.
UNSAFE_IN_TEXT: Final = re.compile(UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))

_TAB: Final = "    "

#: Longest piece of a typed text that an error quotes.
_MAX_EXCERPT: Final = 80


def safe_text(text: str) -> str:
    """Keep line breaks, replace tabs by spaces, and escape all other unsafe characters."""
    if text.isprintable() and text.isascii():
        return text
    return UNSAFE_IN_TEXT.sub(_escape, text.replace("\t", _TAB))


def safe_line(text: str) -> str:
    """Like `safe_text`, but on one line: a line break becomes `\\n`."""
    return safe_text(text).replace("\n", "\\n")


def excerpt(typed: str, most: int = _MAX_EXCERPT) -> str:
    """Return what a person typed as an error quotes it: on one line of at most `most` characters."""
    return ellipsized(safe_line(typed), most)


def safe_name(name: str) -> str:
    """Return a name on one line without double spaces, which separate a name from its text; "?" if empty."""
    return safe_line(" ".join(name.split())) or "?"


def safe_json(document: str) -> str:
    """Replace unsafe characters in JSON by JSON escapes; the document decodes to the same value."""
    return UNSAFE_IN_TEXT.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
