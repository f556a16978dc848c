"""Collects cyclic garbage in the window's thread alone.

Whichever thread happens to collect a picture, a font or a variable of Tk calls Tk by that: another one
than the window's would wait for it, perhaps with a lock in its hand that the window waits for. And a Tk
interpreter that ends in another thread than its own takes the whole process with it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_in_main_thread() -> Iterator[None]:
    """Let no thread collect by itself meanwhile: `run_due_gc` does, in the window's."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def run_due_gc() -> None:
    """Collect what Python would have collected by itself by now, were it let; call it every few moments."""
    if gc.isenabled():
        return
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return
