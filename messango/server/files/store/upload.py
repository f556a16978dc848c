"""One upload: the bytes of a file on their way into the store."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from typing import IO, Final, Protocol

from messango.protocol.frames import FileInfo
from messango.room.files.kept_file import PartialFile
from messango.room.files.refusals import (
    FileRefused,
    cut_short,
    disk_full,
    longer_than_said,
    replaced,
    storage_fault,
    wrong_digest,
)

#: Bytes that are hashed at once when an upload goes on.
_PREFIX_STEP_BYTES: Final = 1 << 20

#: After so many bytes, and at the beginning, the space on the disk is looked at: other programs fill it too.
_LOOK_EVERY_BYTES: Final = 16_000_000

_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


class UploadOwner(Protocol):
    """What an upload needs of its store, which has its own lock."""

    def require_space(self, needed: int) -> None:
        """Raise `FileRefused` or `OSError` unless the disk has space for `needed` more bytes."""

    def store(self, upload: Upload, sha256: str) -> FileInfo:
        """Make the partial file, whose bytes are on the disk, a whole one; may raise `FileRefused`."""
        ...

    def end(self, upload: Upload, refused: FileRefused | None = None, *, keep: bool = False) -> None:
        """The upload is over: keep the partial file for a while, or remove it; `refused` is why it failed."""


class Upload:
    """Owns a partial file and its digest, and a lock: another connection may go on with the same upload.

    The caller sends `Go(upload.offset)`, then goes through `read_prefix`, then writes what comes, then calls
    `finish`; or `pause` if the connection breaks. Each may raise `FileRefused`, and the upload is over then.
    """

    def __init__(self, part: PartialFile, owner: UploadOwner) -> None:
        self.part = part
        #: How many bytes the file has, as the client said, and how many of them are stored.
        self.size = part.put.size
        self.offset = 0
        self._owner = owner
        self._digest = hashlib.sha256()
        self._hashed = 0
        self._look_at = 0
        #: Held while the file is used; never together with the store's lock, except to take that one.
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._is_over = False

    def open(self, file: IO[bytes]) -> None:
        """Begin with what `file` has already; raises `OSError`, or `FileRefused` if another one goes on."""
        with self._lock:
            if self._is_over:
                file.close()
                raise replaced()
            self._file = file
            self.offset = file.seek(0, os.SEEK_END)
            if self.offset > self.size:
                self.offset = file.seek(0)
                file.truncate()
            self._look_at = self.offset

    def read_prefix(self) -> Iterator[int]:
        """Hash what was stored before, in steps: yields how many bytes each had. Before the first `write`.

        Nothing if the upload is new.
        """
        while self._hashed < self.offset:
            with self._using() as file:
                file.seek(self._hashed)
                data = file.read(min(_PREFIX_STEP_BYTES, self.offset - self._hashed))
                if not data:
                    raise cut_short()
                self._digest.update(data)
                self._hashed += len(data)
                file.seek(self._hashed)
            yield len(data)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Store and hash the next bytes. Raises if there are more than `size`, or no space for them."""
        with self._using() as file:
            view = memoryview(data)
            if self.offset + len(view) > self.size:
                raise longer_than_said(self.size)
            if self.offset >= self._look_at:
                self._owner.require_space(self.size - self.offset)
                self._look_at = self.offset + _LOOK_EVERY_BYTES
            self._digest.update(view)
            self._hashed += len(view)
            while view:
                written = file.write(view)
                self.offset += written
                view = view[written:]

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes that are stored already; nobody has compared them with the digest yet."""
        with self._using() as file:
            file.seek(offset)
            data = file.read(min(size, self.offset - offset))
            file.seek(self.offset)
            return data

    def finish(self, said: str | None) -> FileInfo:
        """Check size and digest, and store the file whole: it can be shared from now on.

        `said` is the digest that the client says; None if it could not compute one, as a browser with a
        large file. The bytes are on the disk when this returns.
        """
        with self._using() as file:
            if self.offset < self.size or self._hashed < self.size:
                raise cut_short()
            sha256 = self._digest.hexdigest()
            if said not in (None, sha256) or self.part.put.sha256 not in (None, sha256):
                raise wrong_digest()
            os.fsync(file.fileno())
            self._close()
            stored = self._owner.store(self, sha256)
            self._is_over = True
            return stored

    def pause(self, wait_s: float = -1.0) -> None:
        """Stop here: the same client may go on within `PART_KEPT_S`, also after a restart. Twice is harmless.

        The store calls it too, when another connection goes on or the room closes: the next `write` raises.
        With `wait_s`, it does not wait longer for a disk that is at work.
        """
        self._end(keep=True, wait_s=wait_s)

    def discard(self) -> None:
        """Remove what is there. Twice is harmless."""
        self._end(keep=False)

    def _end(self, *, keep: bool, wait_s: float = -1.0) -> None:
        if not self._lock.acquire(timeout=wait_s):
            return
        try:
            self._close()
            if not self._is_over:
                self._is_over = True
                self._owner.end(self, keep=keep)
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def _using(self) -> Iterator[IO[bytes]]:
        """Use the file, unless another connection has gone on; after a failure the upload is over."""
        with self._lock:
            if self._is_over or self._file is None:
                raise replaced()
            try:
                yield self._file
            except (FileRefused, OSError) as error:
                refused = refusal_of(error)
                self._is_over = True
                self._close()
                self._owner.end(self, refused)
                raise refused from error

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()


def refusal_of(error: OSError | FileRefused) -> FileRefused:
    """Return what the sender reads about an error of the host's disk; a refusal stays as it is."""
    if isinstance(error, FileRefused):
        return error
    return disk_full() if error.errno in _DISK_FULL else storage_fault(error.strerror or str(error))
