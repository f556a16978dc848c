"""Collects cyclic garbage in the window's thread only.

A thread that collects a Tk image, font or variable calls Tk. If it is not the window's thread, it waits for
that one, perhaps while it holds a lock that the window needs. And a Tk interpreter that is deleted in
another thread than its own ends the whole process.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_in_main_thread() -> Iterator[None]:
    """Turn off automatic collection meanwhile; the window's thread calls `run_due_gc` instead."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def run_due_gc() -> None:
    """Collect what Python would have collected by itself by now. Call it regularly."""
    if gc.isenabled():
        return
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return
