"""Collects cyclic garbage in the window's thread only, in pauses that nobody notices.

A thread that collects a Tk image, font or variable calls Tk. If it is not the window's thread, it waits for
that one, perhaps while it holds a lock that the window needs. And a Tk interpreter that is deleted in
another thread than its own ends the whole process.

A full collection looks at every object: with 200,000 messages it would stop the window for 60 ms. So what has
survived one is not looked at again (`gc.freeze`) until the person leaves the room.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: After this many new objects comes a full collection: that many take about 7 ms.
FULL_AFTER: Final = 20_000


class _Growth:
    """The number of objects since the last full collection, about."""

    def __init__(self) -> None:
        self.objects = 0


_growth = _Growth()


@contextmanager
def gc_in_main_thread() -> Iterator[None]:
    """Turn off automatic collection meanwhile; the window's thread calls `run_due_gc` instead."""
    enabled = gc.isenabled()
    gc.disable()
    # Modules and widgets stay anyway; to look at them takes 20 ms.
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()


def run_due_gc() -> None:
    """Collect what Python would have collected by itself by now. Call it regularly."""
    if gc.isenabled():
        return
    counts, thresholds = gc.get_count(), gc.get_threshold()
    if not counts[0] > thresholds[0] > 0:
        return
    _growth.objects += counts[0]
    if _growth.objects > FULL_AFTER:
        _growth.objects = 0
        gc.collect()
        gc.freeze()
    else:
        gc.collect(1 if counts[1] > thresholds[1] > 0 else 0)


def look_at_everything_again() -> None:
    """Let the next full collection look at all objects: many of them have just become garbage."""
    if not gc.isenabled():
        gc.unfreeze()
