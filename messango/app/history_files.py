"""Brings the files of printed messages along, out of the store of a room that this computer hosts."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from messango.errors import MessangoError
from messango.protocol.files.file_line import format_size
from messango.protocol.files.file_name import numbered_file_name, safe_file_name
from messango.protocol.frames import FileInfo, Message
from messango.protocol.text.escaping import safe_line
from messango.room.files.stored_files import StoredFiles

_STEP_BYTES: Final = 1 << 20


class CopyFailed(MessangoError):
    """A file can't be written where the person wants it, so the others can't be either."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(
            f"Files can't be saved in {folder} ({error.strerror or error}).",
            "Free some space, or choose another folder.",
        )


class HistoryFiles:
    """Copies files into a folder under safe names, never over another file. For one thread.

    What is not stored any more, or was damaged, is in `missing`: a sentence for each.
    """

    def __init__(self, store: StoredFiles, folder: Path) -> None:
        """Create the folder; raises `CopyFailed`."""
        self._store = store
        self._folder = folder
        #: A file that several messages announce is brought once.
        self._seen: set[str] = set()
        self.missing: list[str] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CopyFailed(folder, error) from error

    def collect(self, messages: Iterable[Message]) -> Iterator[Message]:
        """Yield the messages, each after its file was copied; raises `CopyFailed`."""
        for message in messages:
            file = message.file
            if file is not None and file.id not in self._seen:
                self._seen.add(file.id)
                if reason := self._copy(file, message.time):
                    self.missing.append(f"{safe_line(file.name)} ({format_size(file.size)}): {reason}")
            yield message

    def _copy(self, file: FileInfo, time_s: float) -> str:
        """Copy a file with the time of its message; return why that was not possible, or ""."""
        try:
            stored = self._store.open(file)
        except OSError as error:
            return f"{error.strerror or error}."
        if stored is None:
            return "the room does not have it any more."
        with stored:
            if self._is_there(file):
                return ""
            try:
                path, is_whole = self._write(file, stored)
                if is_whole:
                    with contextlib.suppress(
                        OSError, ValueError, OverflowError
                    ):  # A time that no file can have.
                        os.utime(path, (time_s, time_s))
                else:
                    path.unlink()
            except OSError as error:
                raise CopyFailed(self._folder, error) from error
        return "" if is_whole else "the stored file is damaged."

    def _is_there(self, file: FileInfo) -> bool:
        """Return whether an earlier run has brought it under its own name."""
        path = self._folder / safe_file_name(file.name)
        try:
            if not path.is_file() or path.stat().st_size != file.size:
                return False
            with path.open("rb") as there:
                return _digest(there, None) == file.sha256
        except OSError:
            return False

    def _write(self, file: FileInfo, stored: IO[bytes]) -> tuple[Path, bool]:
        """Write a new file; return its path, and whether it has the digest that was announced."""
        path, descriptor = self._create(safe_file_name(file.name))
        try:
            with os.fdopen(descriptor, "wb") as copy:
                return path, _digest(stored, copy) == file.sha256
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def _create(self, name: str) -> tuple[Path, int]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        for number in itertools.count(1):
            path = self._folder / (name if number == 1 else numbered_file_name(name, number))
            with contextlib.suppress(FileExistsError):
                return path, os.open(path, flags, 0o600)
        raise AssertionError


def _digest(source: IO[bytes], copy: IO[bytes] | None) -> str:
    """Return the digest of what is read, which is written to the copy too."""
    digest = hashlib.sha256()
    while data := source.read(_STEP_BYTES):
        digest.update(data)
        if copy is not None:
            copy.write(data)
    return digest.hexdigest()
