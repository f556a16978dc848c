"""Text from others is data: nothing in it may steer the terminal, forge a line or turn one around."""

from __future__ import annotations

import re
from typing import Final

#: C0, DEL and C1 (the escapes of every terminal begin with one of these), line separators, the marks that
#: embed, override and isolate a direction (UAX #9), and surrogates, which no encoding can write.
#: The marks U+200E, U+200F and U+061C stay: they only help mixed scripts to be read.
UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_UNSAFE_BUT_NEWLINE: Final = re.compile(UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))
_TAB: Final = "    "


def safe_text(text: str) -> str:
    """Return `text` with its line breaks; tabs become spaces, and all else that is unsafe an escape."""
    if text.isprintable() and text.isascii():
        return text
    return _UNSAFE_BUT_NEWLINE.sub(_escape, text.replace("\t", _TAB))


def safe_line(text: str) -> str:
    """Return `text` as `safe_text` does, on one line: a line break is shown as `\\n`."""
    return safe_text(text).replace("\n", "\\n")


def safe_name(name: str) -> str:
    """Return a name on one line, without two spaces in a row: those part a name from what it says."""
    return safe_line(" ".join(name.split())) or "?"


def safe_json(document: str) -> str:
    """Return JSON with all that is unsafe as escapes of JSON's own: it reads the same, and steers nothing."""
    return _UNSAFE_BUT_NEWLINE.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
