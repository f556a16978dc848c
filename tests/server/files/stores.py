"""A store in a folder of its own, with a clock and a disk that tests set."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo, Message
from messango.room.files.quota import FileLimits
from messango.room.files.shared_file import Announcements, SharedFile, Uploader
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
        #: All messages that have announced files.
        self.announced: dict[int, SharedFile] = {}
        self.open()

    def open(self, shared: Iterable[SharedFile] | None = None, lost: Collection[int] = ()) -> None:
        """Open the store, as a server does that starts.

        The history says that these files are shared, and that the messages of all others were deleted, except
        for those that it has `lost`; without `shared` it can't be read.
        """
        self.folder = FakeFolder(self.path)
        self.store = FileStore(self.folder, self.limits, self.kept_s, self.events.append, lambda: self.now_s)
        said = None if shared is None else self._say([*shared], lost)
        self.store.open_existing(lambda _since_s, _seqs: said)

    def _say(self, shared: Sequence[SharedFile], lost: Collection[int]) -> Announcements:
        seqs = {each.seq for each in shared}
        messages = {each.seq: message_of(each) for each in shared}
        messages |= {
            seq: replace(message_of(each), file=None, deleted=True)
            for seq, each in self.announced.items()
            if seq not in seqs and seq not in lost
        }
        return Announcements(shared, messages)

    def reopen(self, shared: Iterable[SharedFile] | None = None, lost: Collection[int] = ()) -> None:
        """Close the store and open it again."""
        self.store.close()
        self.open(shared, lost)

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
        self.announce(shared)
        return shared

    def announce(self, shared: SharedFile) -> None:
        """Tell the store of a message, and note it for the history."""
        self.announced[shared.seq] = shared
        self.store.add_share(shared)

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


def message_of(shared: SharedFile) -> Message:
    """Return the message that shares a file."""
    fields = (shared.seq, f"s{shared.seq}", shared.member, shared.time_s, shared.name, "a file")
    return Message(*fields, file=shared.file)


def put_of(data: bytes, upload: str = "u1", name: str = "a.txt") -> Put:
    """Return the frame that begins an upload."""
    return Put("session", upload, name, len(data))


def sha256(data: bytes) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(data).hexdigest()
