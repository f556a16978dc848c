"""Events about files on their way. A file that was sent arrives as the message with our request's id."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from messango.client.events.base import ClientEvent, JsonFields


@dataclass(frozen=True, slots=True)
class FileProgress(ClientEvent):
    """How far a transfer is, a few times a second: `done` of `size` bytes.

    `id` is what the method of `RoomClient` returned, `upload` whether we send. `waiting`: it has not begun,
    because others come first or the connection broke, and goes on by itself.
    """

    json_name = "progress"

    id: str
    name: str
    size: int
    done: int
    upload: bool
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class FileSaved(ClientEvent):
    """A download is complete and its digest is right: it is at `path`. `file` is its id in the room."""

    json_name = "saved"

    id: str
    name: str
    size: int
    path: Path
    file: str

    def to_json_fields(self) -> JsonFields:
        """Return the name and all fields; `path` is a string."""
        return ClientEvent.to_json_fields(self) | {"path": str(self.path)}


@dataclass(frozen=True, slots=True)
class FileFailed(ClientEvent):
    """A transfer has ended without its file, and leaves nothing behind; `code` is the protocol's word.

    `cancelled`: because the person wanted it.
    """

    json_name = "file-failed"

    id: str
    name: str
    upload: bool
    reason: str
    hint: str
    code: str = ""
    cancelled: bool = False
