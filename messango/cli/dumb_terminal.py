"""Terminals that can't move their cursor."""

from __future__ import annotations

import os
from typing import Final

#: Their values of TERM.
_DUMB_TERMINALS: Final = ("dumb", "unknown")


def is_dumb_terminal() -> bool:
    """Return whether the terminal has no place for an input line below the conversation."""
    return os.environ.get("TERM", "").lower() in _DUMB_TERMINALS
