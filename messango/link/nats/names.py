"""What a linked room's stream and subjects are called in NATS."""

from __future__ import annotations

from typing import NamedTuple


class LinkNames(NamedTuple):
    """The stream, the subject of its entries, and those of what goes beside it.

    `files` is for questions about files to all servers; what is for one of them goes to `files_of` it.
    """

    stream: str
    entries: str
    notes: str
    files: str

    def files_of(self, server: str) -> str:
        """Return the subject of what is for this server, about files."""
        return f"{self.files}.{server}"


def link_names(link: str) -> LinkNames:
    """Return the names for the linked room with this id."""
    subject = f"messango.{link}"
    return LinkNames(f"messango_{link}", f"{subject}.stream", f"{subject}.notes", f"{subject}.files")
