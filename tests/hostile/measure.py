"""The memory, threads and descriptors of a process; all zero if the system does not report them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """The usage at one moment."""

    resident_mb: float = 0.0
    threads: int = 0
    descriptors: int = 0

    @classmethod
    def of(cls, pid: int | None = None) -> Usage:
        """Return the usage of a process, by default of this one."""
        folder = Path("/proc") / str(pid or os.getpid())
        try:
            pages = int((folder / "statm").read_text("ascii").split()[1])
            threads = sum(1 for _ in (folder / "task").iterdir())
            descriptors = sum(1 for _ in (folder / "fd").iterdir())
        except OSError:
            return cls()
        return cls(pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000, threads, descriptors)

    def __str__(self) -> str:
        return f"{self.resident_mb:.1f} MB, {self.threads} threads, {self.descriptors} descriptors"
