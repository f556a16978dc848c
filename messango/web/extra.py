"""Whether the extra `web` is installed, and the sentence for a host who has not installed it."""

from __future__ import annotations

import importlib.util
from typing import Final

from messango.errors import ExtraMissing

#: What the extra brings: HTTP, WebSocket and QR codes.
_MODULES: Final = ("h11", "wsproto", "segno")

_MISSING: Final = "Guests can only join from a browser with Messango's extra “web”."
_HINT: Final = 'Install it with pip install "messango[web]".'


def is_web_installed() -> bool:
    """Return whether everything in the extra is there; nothing is imported."""
    return all(importlib.util.find_spec(module) is not None for module in _MODULES)


def guest_obstacle() -> str:
    """Return why guests can't join from a browser here and what to do, or "" if they can."""
    return "" if is_web_installed() else f"{_MISSING} {_HINT}"


def require_web() -> None:
    """Raise `ExtraMissing`, which says what to install, if the extra is not there."""
    if not is_web_installed():
        raise ExtraMissing(_MISSING, _HINT)
