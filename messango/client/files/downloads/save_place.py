"""Where a download goes: under a name of its own, never over another file, or over the one that is chosen."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.client.files.downloads.quarantine import mark_as_downloaded
from messango.client.files.transfer import TransferFailed
from messango.protocol.files.file_line import format_size
from messango.protocol.files.file_name import numbered_file_name
from messango.protocol.text.plain_names import quoted_name

#: Nobody has so many files of one name.
_MAX_NUMBER: Final = 10_000

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class SavePlace:
    """A file called `name` in `folder`; `replaces`: over what is there. Raises `OSError`."""

    folder: Path
    name: str
    replaces: bool

    def prepare(self) -> None:
        """Create the folder; raises `TransferFailed` if the file can't be there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.replaces and (self.folder / self.name).is_dir():
            raise TransferFailed(
                f"{quoted_name(self.name)} is a folder there.", "Choose another name for the file."
            )

    def require_space(self, size: int) -> None:
        """Raise `TransferFailed` if so many bytes do not fit."""
        with contextlib.suppress(OSError):  # Some file systems do not tell.
            if shutil.disk_usage(self.folder).free < size:
                raise self._full(size)

    def failure(self, error: OSError, size: int) -> TransferFailed:
        """Return what a person reads if a file of this size can't be written."""
        if error.errno in _FULL:
            return self._full(size)
        why = error.strerror or str(error)
        return TransferFailed(
            f"{quoted_name(self.name)} can't be saved in {self.folder} ({why}).", "Choose another folder."
        )

    def _full(self, size: int) -> TransferFailed:
        return TransferFailed(
            f"The disk has no space for {quoted_name(self.name)} ({format_size(size)}).",
            "Free some space, or choose a folder on another disk.",
        )

    def move_here(self, part: Path, mode: int) -> Path:
        """Give the complete file its name, its permissions and the system's mark; return where it is."""
        mark_as_downloaded(part)
        with contextlib.suppress(OSError):
            part.chmod(mode)
        if self.replaces:
            path = self.folder / self.name
            part.replace(path)
            return path
        for number in itertools.count(1):
            path = self.folder / (self.name if number == 1 else numbered_file_name(self.name, number))
            try:
                _move_to_new(part, path)
            except FileExistsError:
                if number >= _MAX_NUMBER:
                    raise
            else:
                break
        return path


def _move_to_new(part: Path, path: Path) -> None:
    """Rename a file; raises `FileExistsError` if there is anything under the new name, a link too."""
    if sys.platform == "win32":
        part.rename(path)  # There it never replaces a file.
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # This file system has no hard links: take the name first, and then replace what is ours.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        part.replace(path)
    else:
        part.unlink()
