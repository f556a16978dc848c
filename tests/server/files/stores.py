"""A store in a folder of its own, with a clock and a disk that tests set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo
from messango.room.files.quota import FileLimits
from messango.room.files.shared_file import SharedFile, Uploader
from messango.room.host.host_events import RoomEvent
from messango.server.files.store.file_store import FileStore
from messango.server.files.store.store_folder import StoreFolder
from messango.server.files.store.upload import Upload

ANN = Uploader("ann", "192.0.2.1")
BEN = Uploader("ben", "192.0.2.2")
DAY_S = 86_400.0
KEPT_S = 7 * DAY_S
LARGEST = 100_000
PLENTY = 10**15


class FakeFolder(StoreFolder):
    """A folder on a disk with as much free space as the test says."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.free = PLENTY

    def free_bytes(self) -> int:
        return self.free


class StoreHarness:
    """A store that can be closed, or killed and opened again."""

    def __init__(self, path: Path, limits: FileLimits | None = None, kept_s: float = KEPT_S) -> None:
        self.path = path
        self.limits = limits or FileLimits(LARGEST)
        self.kept_s = kept_s
        self.now_s = 1_700_000_000.0
        self.events: list[RoomEvent] = []
        self.open()

    def open(self, shared: Iterable[SharedFile] | None = None) -> None:
        """Open the store, as a server does that starts."""
        self.folder = FakeFolder(self.path)
        self.store = FileStore(self.folder, self.limits, self.kept_s, self.events.append, lambda: self.now_s)
        self.store.open_existing(lambda _since_s: shared)

    def reopen(self, shared: Iterable[SharedFile] | None = None) -> None:
        """Close the store and open it again."""
        self.store.close()
        self.open(shared)

    def begin(self, data: bytes, upload: str = "u1", uploader: Uploader = ANN, name: str = "a.txt") -> Upload:
        """Begin an upload that is not stored yet."""
        begun = self.store.begin_upload(uploader, put_of(data, upload, name))
        assert isinstance(begun, Upload)
        for _ in begun.read_prefix():
            pass
        return begun

    def upload(
        self, data: bytes, upload: str = "u1", uploader: Uploader = ANN, name: str = "a.txt"
    ) -> FileInfo:
        """Upload a whole file."""
        begun = self.begin(data, upload, uploader, name)
        begun.write(data[begun.offset :])
        return begun.finish(sha256(data))

    def share(self, info: FileInfo, seq: int, member: str = "ann") -> SharedFile:
        """Share a file, as the room does after a message is stored."""
        assert self.store.uploaded(member, info.id) == info
        shared = SharedFile(seq, member, member.title(), self.now_s, info)
        self.store.add_share(shared)
        return shared

    def read(self, file_id: str) -> bytes:
        """Return the bytes of a shared file."""
        _info, file = self.store.open_shared(file_id)
        with file:
            return file.read()

    def on_disk(self) -> list[str]:
        """Return what is in the folder besides the records, once what is not needed was removed."""
        self.store.expire()
        if not self.path.exists():
            return []
        return sorted(path.name for path in self.path.iterdir() if not path.name.startswith("files.sqlite"))


def put_of(data: bytes, upload: str = "u1", name: str = "a.txt") -> Put:
    """Return the frame that begins an upload."""
    return Put("session", upload, name, len(data))


def sha256(data: bytes) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(data).hexdigest()
