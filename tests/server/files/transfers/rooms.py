"""A real room that takes files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from messango.protocol.frames import FileInfo, Message, Share
from messango.room.files.file_records import RECORDS_NAME
from messango.room.history.reading.public_reader import FILES_SUFFIX
from messango.server.server import Server
from messango.storage import home
from tests.server.files.stores import LARGEST
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room

__all__ = ["FileRoom", "open_file_room"]


class FileRoom:
    """An open room, its store, and what tests do with both."""

    def __init__(self, server: Server) -> None:
        self.server, self.port = server, server.port
        self.store = server.file_store.get()

    def share(self, client: RawClient, file: FileInfo) -> None:
        """Let a member share what they have uploaded."""
        client.send(Share(file.id, file.id, ""))
        assert client.await_frame(Message).file == file

    def on_disk(self) -> list[str]:
        """Return the names of the stored bytes, once those that are not needed were removed."""
        self.store.expire()
        paths = home().glob(f"rooms/*{FILES_SUFFIX}/*")
        return sorted(path.name for path in paths if not path.name.startswith(RECORDS_NAME))


@contextmanager
def open_file_room(
    largest: int = LARGEST, *, seats: int = 5, password: str | None = None
) -> Iterator[FileRoom]:
    """Open a room that takes files of up to `largest` bytes."""
    with open_room(seats=seats, password=password, files=largest) as server:
        yield FileRoom(server)
