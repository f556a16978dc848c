"""Saves a conversation to a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from messango.client.events import MessageReceived
from messango.errors import MessangoError
from messango.storage import write_private

#: The formats and their endings, as the dialog shows them.
FILE_TYPES: Final = (("Text", "*.txt"), ("Markdown", "*.md"), ("JSON Lines", "*.jsonl"))

_FORMATS: Final = {".md": "markdown", ".markdown": "markdown", ".jsonl": "json", ".json": "json"}

#: Characters that some system forbids in file names, controls, and direction overrides.
_FORBIDDEN_IN_FILE_NAMES: Final = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+'
)
_MAX_FILE_NAME: Final = 60


def format_of(path: Path) -> str:
    """Return the export format for a file's ending; text for an unknown one."""
    return _FORMATS.get(path.suffix.lower(), "text")


def suggested_name(room: str) -> str:
    """Return a file name for a room, without an ending, that every system allows."""
    name = " ".join(_FORBIDDEN_IN_FILE_NAMES.sub(" ", room).split())[:_MAX_FILE_NAME].strip(". ")
    return name or "Conversation"


def save_conversation(path: Path, room: str, events: Iterable[MessageReceived]) -> None:
    """Write the messages of `room`, readable by the owner only, in one step; raises `MessangoError`."""
    # Both are slow to import, and rehost imports the server.
    from messango.app.export import FORMATS
    from messango.app.rehost import to_messages

    try:
        lines = FORMATS[format_of(path)](room, to_messages(events))
        write_private(path, "".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        raise MessangoError(
            f"The conversation could not be saved in {path.name} ({error.strerror or error}).",
            "Choose another folder or name.",
        ) from error
