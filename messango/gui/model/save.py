"""Writes a conversation to a file that somebody chose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from messango.client.events import MessageReceived
from messango.errors import MessangoError
from messango.storage import write_private

#: What a file may be called by, as a dialog shows it.
FILE_TYPES: Final = (("Text", "*.txt"), ("Markdown", "*.md"), ("JSON Lines", "*.jsonl"))

_FORMATS: Final = {".md": "markdown", ".markdown": "markdown", ".jsonl": "json", ".json": "json"}

#: What some system does not allow in a file's name, and what would hide or steer it.
_FORBIDDEN_IN_FILE_NAMES: Final = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+'
)
_MAX_FILE_NAME: Final = 60


def format_of(path: Path) -> str:
    """Return the format that a file's ending stands for; what says nothing is text."""
    return _FORMATS.get(path.suffix.lower(), "text")


def suggested_name(room: str) -> str:
    """Return a file name, without an ending, that every system allows."""
    name = " ".join(_FORBIDDEN_IN_FILE_NAMES.sub(" ", room).split())[:_MAX_FILE_NAME].strip(". ")
    return name or "Conversation"


def save_conversation(path: Path, room: str, events: Iterable[MessageReceived]) -> None:
    """Write what was heard in `room`, whole or not at all; raises `MessangoError`."""
    # Both are heavy for a window that has just opened: the second brings the server with it.
    from messango.app.export import FORMATS
    from messango.app.rehost import to_messages

    try:
        lines = FORMATS[format_of(path)](room, to_messages(events))
        write_private(path, "".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        raise MessangoError(
            f"The conversation could not be kept in {path.name} ({error.strerror or error}).",
            "Choose another folder or name.",
        ) from error
