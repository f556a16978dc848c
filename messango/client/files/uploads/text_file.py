"""A text that is too long for one message: it goes as a file."""

from __future__ import annotations

import datetime
from pathlib import Path

from messango.client.files.uploads.outgoing_file import OutgoingFile


def long_text_name(now: datetime.datetime) -> str:
    """Return the name of the file: `text 2026-11-22 14.02.txt`."""
    # A colon is not allowed in the names of files everywhere.
    return f"text {now:%Y-%m-%d %H.%M}.txt"


def long_text_file(text: str, now: datetime.datetime) -> OutgoingFile:
    """Return the text as a file."""
    return OutgoingFile(long_text_name(now), data=text.encode())


def long_input_file(path: Path, now: datetime.datetime) -> OutgoingFile:
    """Return a text that was read into the file at `path`, byte by byte as it was."""
    return OutgoingFile(long_text_name(now), path)
