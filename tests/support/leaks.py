"""Finds threads and sockets that outlive a test."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

_OPEN_FILES = Path("/proc/self/fd")


def stray_threads(before: AbstractSet[threading.Thread], timeout_s: float) -> list[str]:
    """Return the names of threads that did not exist `before` and do not end within `timeout_s`.

    Ignores daemon threads of other libraries, but none of Messango's.
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
    """Return the names of this process's sockets (`socket:[1234]`); empty without /proc."""
    if not _OPEN_FILES.is_dir():
        return set()
    sockets = set()
    for entry in _OPEN_FILES.iterdir():
        # The descriptor of the listing itself is closed by now.
        with contextlib.suppress(FileNotFoundError):
            target = str(entry.readlink())
            if target.startswith("socket:"):
                sockets.add(target)
    return sockets
