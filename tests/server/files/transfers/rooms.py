"""A real room with a store of files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from messango.protocol.frames import FileInfo, Message, Share
from messango.room.files.quota import FileLimits
from messango.server.server import Server
from tests.server.files.stores import LARGEST, FakeFolder, StoreHarness
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room

__all__ = ["FileRoom", "open_file_room"]


class FileRoom:
    """An open room, its store, and what tests do with both."""

    def __init__(self, server: Server, harness: StoreHarness) -> None:
        self.server, self.harness = server, harness
        self.port = server.port
        self.store = harness.store
        self.folder: FakeFolder = harness.folder

    def share(self, client: RawClient, file: FileInfo) -> None:
        """Let a member share what they have uploaded."""
        client.send(Share(file.id, file.id, ""))
        assert client.await_frame(Message).file == file


@contextmanager
def open_file_room(
    folder: Path, largest: int = LARGEST, *, seats: int = 5, password: str | None = None
) -> Iterator[FileRoom]:
    """Open a room with a store in this folder."""
    with open_room(seats=seats, password=password) as server:
        harness = StoreHarness(folder / "store", FileLimits(largest))
        server.file_store._store = harness.store
        try:
            yield FileRoom(server, harness)
        finally:
            server.close()
            harness.store.close()
