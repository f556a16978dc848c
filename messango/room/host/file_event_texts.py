"""What the host of a room reads about files."""

from __future__ import annotations

from messango.protocol.files.file_line import format_size
from messango.protocol.text.plain_names import plain_name
from messango.room.host.host_events import FileShared, FileTurnedAway


def file_shared_text(event: FileShared) -> str:
    """Return what the host reads when a file was sent to everybody."""
    return f"{plain_name(event.name)} sent a file: {event.file} ({format_size(event.size)})"


def turned_away_text(event: FileTurnedAway) -> str:
    """Return what the host reads when there was no space for a file."""
    return f"{event.file} ({format_size(event.size)}) from {event.address} was refused: {event.reason}"
