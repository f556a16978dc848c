"""What a linked room's stream and subjects are called in NATS."""

from __future__ import annotations

from typing import NamedTuple


class LinkNames(NamedTuple):
    """The stream, the subject of its entries, and that of what goes beside it."""

    stream: str
    entries: str
    notes: str


def link_names(link: str) -> LinkNames:
    """Return the names for the linked room with this id."""
    return LinkNames(f"messango_{link}", f"messango.{link}.stream", f"messango.{link}.notes")
