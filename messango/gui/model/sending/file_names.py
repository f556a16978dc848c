"""Names for files that have none: a picture from the clipboard, and a long text. Pure."""

from __future__ import annotations

from datetime import datetime

from messango.client.files.uploads.text_file import long_text_name


def picture_name(moment: float) -> str:
    """Return the name of a pasted picture; `moment` is in seconds since 1970."""
    return f"Picture {datetime.fromtimestamp(moment):%Y-%m-%d %H.%M.%S}.png"


def text_name(moment: float) -> str:
    """Return the name of a text that goes as a file; `moment` is in seconds since 1970."""
    return long_text_name(datetime.fromtimestamp(moment))
