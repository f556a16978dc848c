"""A shelf in memory, and what the room has asked of it."""

from __future__ import annotations

from messango.protocol.frames import FileInfo
from messango.room.files.shared_file import SharedFile
from messango.room.host.host_events import FileList, StoredFile

PICTURE = FileInfo("f" * 32, "holiday.jpg", 2_100_000, "ab" * 32, 640, 480)


class FakeShelf:
    """Files that members have uploaded, by member and id."""

    #: In bytes.
    largest_file: int | None = 200_000_000

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], FileInfo] = {}
        self.shares: dict[int, str] = {}
        self.listed: tuple[StoredFile, ...] = ()
        self.removed: list[str] = []
        self.abandoned: list[str] = []

    def put(self, member: str, file: FileInfo = PICTURE) -> FileInfo:
        """Let a member have uploaded a file."""
        self.files[member, file.id] = file
        return file

    def uploaded(self, member: str, file_id: str) -> FileInfo | None:
        return self.files.get((member, file_id))

    def abandon_uploads(self, member: str) -> None:
        self.abandoned.append(member)

    def add_share(self, shared: SharedFile) -> None:
        self.shares[shared.seq] = shared.file.id

    def remove_share(self, seq: int) -> None:
        self.shares.pop(seq, None)

    def listing(self) -> FileList:
        return FileList(self.listed, sum(file.size for file in self.listed), 10_000_000)

    def remove(self, file_id: str) -> None:
        self.removed.append(file_id)
