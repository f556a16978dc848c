"""What a process holds: memory, threads, descriptors. All zero where the system does not tell."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """At one moment."""

    resident_mb: float = 0.0
    threads: int = 0
    descriptors: int = 0

    @classmethod
    def of(cls, pid: int | None = None) -> Usage:
        """Return that of a process, this one unless told otherwise."""
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
