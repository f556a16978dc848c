"""A real room with a store of files."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from messango.protocol.frames import FileInfo
from messango.room.files.shared_file import SharedFile
from messango.server.server import Server
from tests.server.files.stores import FakeFolder, StoreHarness
from tests.support.rooms import open_room

__all__ = ["FileRoom", "open_file_room"]


class FileRoom:
    """An open room, its store, and what tests do with both."""

    def __init__(self, server: Server, harness: StoreHarness) -> None:
        self.server, self.harness = server, harness
        self.port = server.port
        self.store = harness.store
        self.folder: FakeFolder = harness.folder

    def share(self, member: str, file: FileInfo, seq: int = 1) -> None:
        """Share a file of a member with everybody."""
        assert self.store.uploaded(member, file.id) == file
        self.store.add_share(SharedFile(seq, member, member, time.time(), file))


@contextmanager
def open_file_room(folder: Path, *, seats: int = 5, password: str | None = None) -> Iterator[FileRoom]:
    """Open a room with a store in this folder."""
    with open_room(seats=seats, password=password) as server:
        harness = StoreHarness(folder / "store")
        server._context = dataclasses.replace(server._context, files=harness.store)
        try:
            yield FileRoom(server, harness)
        finally:
            server.close()
            harness.store.close()
