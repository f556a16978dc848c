"""Removes escape sequences from terminal output."""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[()][AB0]|[=>78])")


def without_escapes(written: str) -> str:
    """Return only the text, in the order in which it was written."""
    return _ESCAPE.sub("", written)
