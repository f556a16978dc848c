"""The bytes of a download that have come so far: a `.part` file beside the one that it will be."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from messango.storage import try_lock

_CHUNK_BYTES: Final = 1 << 20

#: Names are cut so that the rest fits behind them, also where names have fewer bytes than elsewhere.
_MAX_STEM_BYTES: Final = 100
_ENDING: Final = ".part"

_FLAGS: Final = (
    os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
)


class PartFile:
    """For one thread. Locked while it is open, and only for its owner; raises `OSError`.

    `normal_mode` are the permissions that the system gives new files in this folder.
    """

    def __init__(self, path: Path, file: IO[bytes], normal_mode: int) -> None:
        self.path, self.normal_mode = path, normal_mode
        self._file = file
        self._hash = hashlib.sha256()
        self.done = 0

    @classmethod
    def create(cls, path: Path) -> PartFile:
        """Create an empty one at a `new_part_path`."""
        # Never through a link, and never over what is there.
        descriptor = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o666)
        file = os.fdopen(descriptor, "r+b", buffering=0)
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        with contextlib.suppress(OSError):  # Some file systems have no permissions.
            path.chmod(0o600)
        try_lock(file)
        return cls(path, file, mode)

    @classmethod
    def reopen(cls, path: Path) -> PartFile | None:
        """Open one that was left by us; None if it is gone, in use, or not what we left."""
        if path.suffix != _ENDING:
            return None  # The list was changed, and it may be a file that somebody needs.
        try:
            file = os.fdopen(os.open(path, _FLAGS | getattr(os, "O_NONBLOCK", 0)), "r+b", buffering=0)
        except (OSError, ValueError):
            return None
        if not (_is_ours(os.fstat(file.fileno())) and try_lock(file)):
            file.close()
            return None
        return cls(path, file, _normal_mode_in(path.parent))

    def read_prefix(self, size: int, require_going: Callable[[], None]) -> None:
        """Hash what is there, at most `size` bytes; calls `require_going` on the way."""
        if os.fstat(self._file.fileno()).st_size > size:
            self.clear()
        while data := self._file.read(_CHUNK_BYTES):
            require_going()
            self._hash.update(data)
            self.done += len(data)

    def write(self, data: bytes) -> None:
        """Add bytes."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._hash.update(data)
        self.done += len(data)

    def clear(self) -> None:
        """Drop all bytes."""
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self.done = 0

    @property
    def sha256(self) -> str:
        """The digest of all bytes so far."""
        return self._hash.hexdigest()

    def close(self) -> None:
        """Close the file, and leave it for later. Twice is harmless."""
        self._file.close()

    def remove(self) -> None:
        """Close and delete the file."""
        self.close()
        with contextlib.suppress(OSError):
            self.path.unlink()


def new_part_path(folder: Path, name: str) -> Path:
    """Return where the bytes of a file of this name may go: nothing is there."""
    stem = name.encode()[:_MAX_STEM_BYTES].decode(errors="ignore").rstrip(" .")
    return folder / f"{stem}.{secrets.token_hex(4)}{_ENDING}"


def _normal_mode_in(folder: Path) -> int:
    """Return the permissions that the system gives new files in this folder: only a new file shows them."""
    path = new_part_path(folder, "")
    try:
        descriptor = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o666)
    except OSError:
        return stat.S_IRUSR | stat.S_IWUSR
    mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
    os.close(descriptor)
    with contextlib.suppress(OSError):
        path.unlink()
    return mode


def _is_ours(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        return False
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
