"""Files and uploads as the store knows them. Times are in seconds since 1970 UTC."""

from __future__ import annotations

from dataclasses import dataclass, field

from messango.protocol.files.file_name import safe_file_name
from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo
from messango.room.files.shared_file import OTHER_SERVERS, Share, Uploader


@dataclass(slots=True)
class KeptFile:
    """A file that is stored whole: `upload` is the id that its member has chosen, `blob` where its bytes are.

    `touched_s` is when it was stored, or when the room has last asked for it to share it.
    """

    info: FileInfo
    blob: str
    uploader: Uploader
    upload: str
    touched_s: float
    #: Its number in the host's list, since it was first shared in this run.
    number: int = 0
    #: Whether the room may be about to announce it: then its member can't cancel it any more.
    claimed: bool = False
    #: The messages that announce it, by their numbers.
    shares: dict[int, Share] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What its member knows it by."""
        return self.uploader.member, self.upload

    def is_what(self, put: Put) -> bool:
        """Return whether these are the bytes that `put` is about, as far as it says."""
        return put.size == self.info.size and put.sha256 in (None, self.info.sha256)

    def set_back(self, now_s: float) -> None:
        """Let nothing about it be in the future: the clock was set back."""
        self.touched_s = min(self.touched_s, now_s)
        for seq, share in self.shares.items():
            self.shares[seq] = Share(seq, share.name, min(share.time_s, now_s))

    def expires_at_s(self, unshared_s: float, shared_s: float) -> float:
        """Return when it goes: after its last share or, without one, after it was last touched."""
        if not self.shares:
            return self.touched_s + unshared_s
        return max(share.time_s for share in self.shares.values()) + shared_s


@dataclass(slots=True)
class PartialFile:
    """An upload that is not complete: `id` is the name of what is there, and later the blob's.

    While a connection writes to it, it is `active`, and does not expire. It is `abandoned` once its member
    has left for good: nobody else could go on with it.
    """

    id: str
    put: Put
    uploader: Uploader
    touched_s: float
    active: bool = False
    abandoned: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What its member knows it by."""
        return self.uploader.member, self.put.upload

    def continues_with(self, put: Put) -> bool:
        """Return whether `put` is about the same bytes, as far as it says."""
        return put.size == self.put.size and put.sha256 in (None, self.put.sha256)

    def info(self, new_id: str, sha256: str) -> FileInfo:
        """Return what the room calls the file once it is complete; its name is safe everywhere.

        A file of another server keeps the id that it has there.
        """
        put = self.put
        file_id = put.upload if self.uploader == OTHER_SERVERS else new_id
        return FileInfo(file_id, safe_file_name(put.name), put.size, sha256, put.width, put.height)
