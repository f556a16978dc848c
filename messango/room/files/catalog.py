"""All files and unfinished uploads of a store, in memory: who has them, what they take, and when they go."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from messango.room.files.kept_file import KeptFile, PartialFile
from messango.room.files.quota import Usage, charge
from messango.room.files.shared_file import OTHER_SERVERS, Share, Uploader

#: How many messages may announce one file: each is in memory.
MAX_SHARES: Final = 100


@dataclass(slots=True)
class _Blob:
    """The bytes of one or more files: `users` is how many, and `sharers` how many of them are shared."""

    size: int
    sha256: str
    users: int = 0
    sharers: int = 0


class FileCatalog:
    """Files, their bytes and their shares. For one thread at a time; knows no clock and no disk."""

    def __init__(self) -> None:
        #: Whole files by their ids, and unfinished ones by member and upload.
        self.files: dict[str, KeptFile] = {}
        self.parts: dict[tuple[str, str], PartialFile] = {}
        self._file_of_upload: dict[tuple[str, str], str] = {}
        self._file_of_share: dict[int, str] = {}
        self._blobs: dict[str, _Blob] = {}
        self._blob_of_bytes: dict[tuple[str, int], str] = {}
        #: By member (`True`) and by address: size, number, and number of unfinished ones.
        self._used: defaultdict[tuple[bool, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        #: The space of all bytes; and what counts against the limit, see `total`.
        self._stored = self._counted = 0
        self._last_number = 0

    def file_of(self, key: tuple[str, str]) -> KeptFile | None:
        """Return the whole file of this member and upload."""
        return self.files.get(self._file_of_upload.get(key, ""))

    def blob_with(self, sha256: str, size: int) -> str | None:
        """Return the stored bytes that have this digest, which the store has computed."""
        return self._blob_of_bytes.get((sha256, size))

    def blobs(self) -> dict[str, int]:
        """Return the sizes of all stored bytes by their names."""
        return {name: blob.size for name, blob in self._blobs.items()}

    def total(self) -> Usage:
        """Return the space that counts for all files and unfinished uploads.

        The same bytes count once when they are shared. Before, a file counts as if no other had its bytes:
        else the space that it takes would tell its member whether somebody has uploaded it.
        """
        size = self._counted + self._unfinished()
        return Usage(size, len(self.files) + len(self.parts), len(self.parts))

    def space(self) -> int:
        """Return the space that all files and unfinished uploads take on the disk."""
        return self._stored + self._unfinished()

    def _unfinished(self) -> int:
        return sum(charge(part.put.size) for part in self.parts.values())

    def usage(self, uploader: Uploader) -> Usage:
        """Return the larger of what this member and what this address uses, in each respect."""
        keys = ((True, uploader.member), (False, uploader.address))
        return Usage(*map(max, *(self._used.get(key, (0, 0, 0)) for key in keys)))

    def paused(self, uploader: Uploader) -> list[PartialFile]:
        """Return what this member or address has left unfinished, the longest untouched first."""
        own = [
            part
            for part in self.parts.values()
            if not part.active
            and (part.uploader.member == uploader.member or part.uploader.address == uploader.address)
        ]
        return sorted(own, key=lambda part: part.touched_s)

    def copies(self) -> list[KeptFile]:
        """Return the files of other servers, the longest stored first."""
        own = [file for file in self.files.values() if file.uploader == OTHER_SERVERS]
        return sorted(own, key=lambda file: file.touched_s)

    def add_part(self, part: PartialFile) -> None:
        """Add an unfinished upload."""
        self.parts[part.key] = part
        self._count(part.uploader, charge(part.put.size), 1, 1)

    def remove_part(self, part: PartialFile) -> None:
        """Remove an unfinished upload, if it is still this one."""
        if self.parts.get(part.key) is part:
            del self.parts[part.key]
            self._count(part.uploader, -charge(part.put.size), -1, -1)

    def add_file(self, file: KeptFile) -> None:
        """Add a whole file, and its bytes unless they are there already."""
        info = file.info
        blob = self._blobs.get(file.blob)
        if blob is None:
            blob = self._blobs[file.blob] = _Blob(info.size, info.sha256)
            self._blob_of_bytes.setdefault((info.sha256, info.size), file.blob)
            self._stored += charge(info.size)
        blob.users += 1
        self.files[info.id] = file
        if file.upload:
            self._file_of_upload[file.key] = info.id
        self._file_of_share.update(dict.fromkeys(file.shares, info.id))
        self._number(file)
        self._count(file.uploader, charge(info.size), 1, 0)
        self._count_in_all(file, 1)

    def remove_file(self, file_id: str) -> str | None:
        """Remove a file with its shares; return the name of its bytes if no other file has them."""
        file = self.files.pop(file_id)
        self._count_in_all(file, -1)
        for seq in file.shares:
            del self._file_of_share[seq]
        if self._file_of_upload.get(file.key) == file_id:
            del self._file_of_upload[file.key]
        self._count(file.uploader, -charge(file.info.size), -1, 0)
        blob = self._blobs[file.blob]
        blob.users -= 1
        if blob.users:
            return None
        del self._blobs[file.blob]
        if self._blob_of_bytes.get((blob.sha256, blob.size)) == file.blob:
            del self._blob_of_bytes[blob.sha256, blob.size]
        self._stored -= charge(blob.size)
        return file.blob

    def add_share(self, file_id: str, share: Share) -> bool:
        """Add a share; return false if there is no such file."""
        file = self.files.get(file_id)
        if file is None:
            return False
        self._count_in_all(file, -1)
        file.shares[share.seq] = share
        self._count_in_all(file, 1)
        self._file_of_share[share.seq] = file_id
        self._number(file)
        return True

    def _number(self, file: KeptFile) -> None:
        """Number a shared file: the number stays, whichever files go before it."""
        if file.shares and not file.number:
            self._last_number += 1
            file.number = self._last_number

    def remove_share(self, seq: int) -> KeptFile | None:
        """Remove a share; return the file that it was of, which may have others."""
        file_id = self._file_of_share.pop(seq, None)
        if file_id is None:
            return None
        file = self.files[file_id]
        self._count_in_all(file, -1)
        del file.shares[seq]
        self._count_in_all(file, 1)
        return file

    def shares(self) -> list[tuple[KeptFile, Share]]:
        """Return all shares with their files."""
        return [
            (self.files[file_id], self.files[file_id].shares[seq])
            for seq, file_id in self._file_of_share.items()
        ]

    def number_for_unknown(self, seq: int) -> int:
        """Return a free number for a share whose message is not in the history: a negative one."""
        return -seq if -seq not in self._file_of_share else min(self._file_of_share) - 1

    def share(self, seq: int) -> tuple[KeptFile, Share] | None:
        """Return the share of this number with its file, or None."""
        file = self.files.get(self._file_of_share.get(seq, ""))
        return (file, file.shares[seq]) if file is not None else None

    def shared(self) -> list[KeptFile]:
        """Return the shared files in the order of their numbers."""
        return sorted((file for file in self.files.values() if file.shares), key=lambda file: file.number)

    def _count_in_all(self, file: KeptFile, change: int) -> None:
        blob = self._blobs[file.blob]
        was_shared = blob.sharers > 0
        if file.shares:
            blob.sharers += change
        if not (file.shares and was_shared and blob.sharers):
            self._counted += change * charge(blob.size)

    def _count(self, uploader: Uploader, size: int, number: int, unfinished: int) -> None:
        for key in ((True, uploader.member), (False, uploader.address)):
            used = self._used[key]
            for index, change in enumerate((size, number, unfinished)):
                used[index] += change
            if not used[1]:
                del self._used[key]
