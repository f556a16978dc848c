"""The engine's log: a file that never grows beyond a limit, with the one before it kept."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

#: About 2,000 lines. The engine writes some twenty at each start, and few else.
MAX_BYTES: Final = 256 * 1024


class BoundedLog:
    """Appends lines to a file, for one thread. A file that can't be written loses lines, and nothing else."""

    def __init__(self, path: Path, limit: int = MAX_BYTES) -> None:
        self._path = path
        self._limit = limit

    def append(self, line: bytes) -> None:
        """Append a line. The engine writes few, so the file is opened for each."""
        with contextlib.suppress(OSError):
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(line)
                is_full = file.tell() > self._limit
            if is_full:
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
