"""The folder of a store: files with random names, which say nothing about what is in them."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from messango.room.files.file_records import RECORDS_NAME, STORED_NAME_DIGITS, is_stored_name

_PART_ENDING: Final = ".part"

#: Only Windows has it.
_BINARY: Final = getattr(os, "O_BINARY", 0)


class StoreFolder:
    """The folder at `path`, for its owner only; it may not exist yet. Methods may raise `OSError`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether an earlier run, or this one, has put something there."""
        return self.path.is_dir()

    @property
    def records_path(self) -> Path:
        """The file with the records."""
        return self.path / RECORDS_NAME

    def create(self) -> None:
        """Create the folder if it is missing."""
        if not self.path.is_dir():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(self.path.parent)

    def close(self) -> None:
        """Let go of the folder, which stays as it is. Twice is harmless."""

    def open_part(self, name: str) -> IO[bytes]:
        """Open a partial file for reading and writing, created if it is missing, without a buffer."""
        flags = os.O_RDWR | os.O_CREAT | _BINARY
        return os.fdopen(os.open(self._part(name), flags, 0o600), "r+b", buffering=0)

    def complete_part(self, name: str) -> None:
        """Make a partial file, whose bytes are on the disk, one of the whole files."""
        self._part(name).rename(self.path / name)
        _sync(self.path)

    def open_blob(self, name: str, size: int) -> IO[bytes]:
        """Open a whole file for reading; raises `FileNotFoundError` if it does not have this size."""
        file = (self.path / name).open("rb")
        if os.fstat(file.fileno()).st_size != size:
            file.close()
            raise FileNotFoundError(errno.ENOENT, "it is not whole any more")
        return file

    def remove(self, name: str) -> None:
        """Remove the whole file or the partial file with this name, if there is one."""
        for path in (self.path / name, self._part(name)):
            path.unlink(missing_ok=True)

    def remove_all(self, names: Iterable[str]) -> set[str]:
        """Remove these; return those that could not be removed. Raises nothing."""
        left: set[str] = set()
        for name in names:
            try:
                self.remove(name)
            except OSError:  # On Windows, while somebody reads it.
                left.add(name)
        return left

    def contents(self) -> tuple[dict[str, int], dict[str, tuple[int, float]]]:
        """Return the sizes of the whole files, and sizes and last changes of the partial ones, by name."""
        blobs: dict[str, int] = {}
        parts: dict[str, tuple[int, float]] = {}
        for entry in os.scandir(self.path):
            name = entry.name.removesuffix(_PART_ENDING)
            if not (is_stored_name(name) and entry.is_file(follow_symlinks=False)):
                continue
            status = entry.stat(follow_symlinks=False)
            if name == entry.name:
                blobs[name] = status.st_size
            else:
                parts[name] = (status.st_size, status.st_mtime)
        return blobs, parts

    def set_records_aside(self) -> Path:
        """Rename the records, which can't be used, and return what they are called now."""
        number = 1
        while (moved_to := self.path / f"{self.records_path.name}.damaged-{number}").exists():
            number += 1
        with contextlib.suppress(FileNotFoundError):
            self.records_path.with_name(f"{self.records_path.name}-journal").unlink()
        self.records_path.rename(moved_to)
        return moved_to

    def free_bytes(self) -> int:
        """Return the space on the disk that this user may fill."""
        return shutil.disk_usage(self.path).free

    def _part(self, name: str) -> Path:
        return self.path / f"{name}{_PART_ENDING}"


def new_name() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_hex(STORED_NAME_DIGITS // 2)


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no folders, and does this by itself.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
