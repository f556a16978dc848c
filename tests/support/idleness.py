"""Waits until threads sleep and nothing wakes them. Only on Linux, which counts wake-ups."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from pathlib import Path
from typing import Final

from tests.support.raw_client import TIMEOUT_S

COUNTS_WAKEUPS: Final = sys.platform.startswith("linux")

#: Much longer than a busy thread pauses, and much shorter than the time between two pings.
_REST_S: Final = 0.25


def await_idle(pid: int | None = None) -> None:
    """Wait until no thread of Messango's, or of the process `pid`, wakes up for a while.

    Fails if that never happens. A slow machine only makes it wait longer.
    """
    pause = threading.Event()
    deadline_s = time.monotonic() + TIMEOUT_S
    before: dict[int, tuple[str, ...]] = {}
    while time.monotonic() < deadline_s:
        now = {thread: _activity(pid or os.getpid(), thread) for thread in _threads(pid)}
        if now == before:
            return
        before = now
        pause.wait(_REST_S)
    raise AssertionError(f"some of these threads never rest: {before}, {threading.enumerate()}")


def _threads(pid: int | None) -> set[int]:
    if pid is not None:
        return {int(folder.name) for folder in Path(f"/proc/{pid}/task").iterdir()}
    ours = [thread for thread in threading.enumerate() if thread.name.startswith("messango-")]
    return {thread.native_id for thread in ours if thread.native_id is not None}


def _activity(pid: int, thread: int) -> tuple[str, ...]:
    """Return the time that the thread has run, and how often it has waited; empty if it has ended."""
    folder = Path(f"/proc/{pid}/task/{thread}")
    with contextlib.suppress(OSError):
        waits = [line for line in (folder / "status").read_text().splitlines() if "ctxt_switches" in line]
        return (*(folder / "schedstat").read_text().split()[:1], *waits)
    return ()
