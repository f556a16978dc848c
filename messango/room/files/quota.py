"""How much space files may take: in all, for one member or address, and on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from messango.room.files.refusals import (
    FileRefused,
    disk_full,
    share_full,
    store_full,
    too_large,
    too_many_uploads,
)

#: How many of the largest files the store holds, and what part of it one member or address may fill.
FILES_IN_STORE: Final = 10
SHARES_IN_STORE: Final = 4

#: What is left on the disk for the host's other programs, the history among them.
MIN_FREE_BYTES: Final = 1_000_000_000

#: Even an empty file costs a block of the disk and a row of the records.
MIN_CHARGE_BYTES: Final = 4_096

#: Files in a store, unfinished ones included, whatever their sizes: each is also in memory.
MAX_FILES: Final = 20_000

#: Unfinished uploads of one member or address: a client sends two at a time, and may break many.
MAX_UNFINISHED: Final = 50


def charge(size: int) -> int:
    """Return the space that a file of this size is counted with."""
    return max(size, MIN_CHARGE_BYTES)


@dataclass(frozen=True, slots=True)
class Usage:
    """Space and number of files, and how many are unfinished: these count as large as they will be."""

    size: int = 0
    count: int = 0
    unfinished: int = 0


@dataclass(frozen=True, slots=True)
class FileLimits:
    """The limits that follow from the largest file, in bytes."""

    largest: int
    max_files: int = MAX_FILES
    max_unfinished: int = MAX_UNFINISHED

    @property
    def store(self) -> int:
        """The space for all files."""
        return max(self.largest, MIN_CHARGE_BYTES) * FILES_IN_STORE

    @property
    def share(self) -> int:
        """The space for the files of one member or address."""
        return self.store // SHARES_IN_STORE

    def refusal(self, size: int, total: Usage, own: Usage, kept_for: str) -> FileRefused | None:
        """Return why a file of this size is not taken; None if it is.

        `total` is of all files, `own` the larger of those of its member and of its address. `kept_for` says
        how long files are kept.
        """
        needed = charge(size)
        if size > self.largest:
            return too_large(self.largest)
        if own.unfinished >= self.max_unfinished:
            return too_many_uploads()
        if own.size + needed > self.share or own.count >= self.max_files // SHARES_IN_STORE:
            return share_full(self.share)
        if total.size + needed > self.store or total.count >= self.max_files:
            return store_full(kept_for)
        return None


def disk_refusal(free: int, needed: int) -> FileRefused | None:
    """Return the refusal of `needed` more bytes on a disk with `free` ones; None if enough is left."""
    return disk_full() if free - needed < MIN_FREE_BYTES else None
