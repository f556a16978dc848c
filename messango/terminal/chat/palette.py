"""Colours that are readable on dark and on light terminals, and a fixed colour for each name."""

from __future__ import annotations

import zlib
from typing import Final

from prompt_toolkit.styles import Style

from messango.protocol.text.validation import normalized_name

#: From the 256 colours of nearly every terminal: distinct hues with a WCAG contrast of at least 4 to both
#: black and white.
NAME_COLORS: Final = (
    "#af5f5f",
    "#af5f00",
    "#5f8700",
    "#00875f",
    "#0087af",
    "#005fff",
    "#875fff",
    "#875faf",
    "#d700d7",
    "#d7005f",
)

_PLAIN: Final = {
    "own": "bold",
    "private": "bold underline",
    "name": "bold",
    "host": "bold reverse",
    "prompt": "bold",
    "problem": "bold",
    "status": "reverse",
    "draft": "bold",
    "file": "bold",
}
_COLORED: Final = {
    "code": "#af5f00",
    "quoted": "#767676",
    "time": "#767676",
    "notice": "#767676",
    "rule": "#767676",
    "number": "#767676",
    "quote": "#767676",
    "reactions": "#767676",
    "deleted": "#767676 nobold",
    "file": "#0087af nobold",
    "private": "#d700d7 bold",
    "waiting": "#767676 italic",
    "problem": "#d7005f bold",
    "status": "noreverse bg:#444444 #ffffff",
    "status.trouble": "bold #ffd75f",
    **{f"name-{number}": color for number, color in enumerate(NAME_COLORS)},
}


def name_style(name: str) -> str:
    """Return the style of a member's name: the same in every session and on every computer."""
    number = zlib.crc32(normalized_name(name).encode("utf-8", "replace")) % len(NAME_COLORS)
    return f"class:name class:name-{number}"


def chat_style(*, color: bool) -> Style:
    """Return the style of the screen, with or without colours."""
    return Style.from_dict({**_PLAIN, **_COLORED} if color else _PLAIN)
