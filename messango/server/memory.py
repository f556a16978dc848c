"""Keeps the C library from holding memory for each of the many threads that come and go."""

from __future__ import annotations

import contextlib
import sys
from typing import Final

#: `M_ARENA_MAX` of glibc's <malloc.h>.
_M_ARENA_MAX: Final = -8

#: By default glibc gives threads up to eight pools of memory for each processor, and returns little of one to
#: the system once it was used. Under 30,000 hostile connections that was 24 MB more than at the start, with
#: two 8 MB.
_MAX_ARENAS: Final = 2


def limit_arenas() -> None:
    """Let all threads of this process share a few of glibc's memory pools; does nothing elsewhere."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    # Another C library (musl) has no `mallopt`, and no such pools.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _MAX_ARENAS)
