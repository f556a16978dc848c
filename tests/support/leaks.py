"""What a test may leave behind: nothing. Threads and sockets that outlive one are found here."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

_OPEN_FILES = Path("/proc/self/fd")


def stray_threads(before: AbstractSet[threading.Thread], timeout_s: float) -> list[str]:
    """Return the names of threads that were not there `before` and are not done within `timeout_s`.

    Daemon threads are other libraries' business, those of Messango are ours whatever they are.
    """
    deadline = time.monotonic() + timeout_s
    strays = []
    for thread in set(threading.enumerate()) - before:
        if thread.daemon and not thread.name.startswith("messango-"):
            continue
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            strays.append(thread.name)
    return sorted(strays)


def open_sockets() -> set[str]:
    """Return this process's sockets, by the system's name for each; none where the system does not tell."""
    if not _OPEN_FILES.is_dir():
        return set()
    sockets = set()
    for entry in _OPEN_FILES.iterdir():
        # The listing's own descriptor is closed by now.
        with contextlib.suppress(FileNotFoundError):
            target = str(entry.readlink())
            if target.startswith("socket:"):
                sockets.add(target)
    return sockets
