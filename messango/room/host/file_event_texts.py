"""What the host of a room reads about files."""

from __future__ import annotations

from messango.protocol.files.file_line import format_size
from messango.protocol.text.plain_names import plain_name
from messango.room.host.host_events import FileShared, FileTurnedAway


def file_text(event: FileShared | FileTurnedAway) -> str:
    """Return what the host reads when a file was sent to everybody, or there was no space for one."""
    file = f"{event.file} ({format_size(event.size)})"
    if isinstance(event, FileShared):
        return f"{plain_name(event.name)} sent {file}"
    return f"{file} from {event.address} was refused: {event.reason}"
