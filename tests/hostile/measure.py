"""What this process holds: memory, threads, descriptors."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path


def resident_mb() -> float:
    """Return the memory that this process has in use, 0 where the system does not tell."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def open_descriptors() -> int:
    """Return how many descriptors are open, 0 where the system does not tell."""
    folder = Path("/proc/self/fd")
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0


def own_threads() -> int:
    """Return how many threads of Messango there are."""
    return sum(thread.name.startswith("messango-") for thread in threading.enumerate())
