"""The error of a host's command that can't be done."""

from __future__ import annotations


class ModerationError(Exception):
    """A command can't be done; the message says why, and what to do instead; `code` as in `CommandFailed`."""

    def __init__(self, message: str, code: str = "failed") -> None:
        super().__init__(message)
        self.code = code
