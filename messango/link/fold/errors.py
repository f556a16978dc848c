"""What ends a fold: after these the server unlinks, or begins again from what it has stored."""

from __future__ import annotations


class Forked(Exception):
    """`other`, a server, has made something else of the stream; `reason` is a sentence for both hosts."""

    def __init__(self, reason: str, other: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.other = other


class StreamGap(Exception):
    """An entry of the stream is missing."""


class NewerStream(Exception):
    """The stream has entries of a later version of Messango, which this one can't fold."""
