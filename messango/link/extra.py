"""Whether the extra `link` is installed, and the sentence for a host who has not installed it."""

from __future__ import annotations

import importlib.util
from typing import Final

from messango.errors import ExtraMissing

_MODULE: Final = "nats"


def is_link_installed() -> bool:
    """Return whether what the extra brings is there; nothing is imported."""
    return importlib.util.find_spec(_MODULE) is not None


def require_link() -> None:
    """Raise `ExtraMissing`, which says what to install, if the extra is not there."""
    if not is_link_installed():
        raise ExtraMissing(
            "Linking this room with others needs Messango's extra “link”.",
            'Install it with pip install "messango[link]".',
        )
