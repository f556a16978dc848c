"""Limits the memory that glibc keeps for short-lived threads."""

from __future__ import annotations

import contextlib
import sys
from typing import Final

#: `M_ARENA_MAX` of glibc's <malloc.h>.
_M_ARENA_MAX: Final = -8

#: By default glibc uses up to eight memory pools per processor for threads, and returns little of their
#: memory to the system. 30,000 hostile connections then cost 24 MB; with two pools they cost 8 MB.
_MAX_ARENAS: Final = 2


def limit_arenas() -> None:
    """Make the threads of this process share a few memory pools; does nothing without glibc."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    # Other C libraries (musl) have neither `mallopt` nor these pools.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _MAX_ARENAS)
