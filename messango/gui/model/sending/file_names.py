"""Names for what has none: a picture from the clipboard, and a long text. Pure."""

from __future__ import annotations

from datetime import datetime


def picture_name(moment: float) -> str:
    """Return the name of a pasted picture; `moment` is in seconds since 1970."""
    return f"Picture {datetime.fromtimestamp(moment):%Y-%m-%d %H.%M.%S}.png"


def text_name(moment: float) -> str:
    """Return the name of a text that goes as a file."""
    return f"text {datetime.fromtimestamp(moment):%Y-%m-%d %H.%M}.txt"
