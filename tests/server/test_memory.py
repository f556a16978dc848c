"""The memory pools that many threads would leave behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Threads that each allocate through the C library, then end; prints how many pools that made.
_PROGRAM = """
import ctypes, re, threading
from messango.server.memory import limit_arenas
{limit}
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
together = threading.Barrier(16)
def work():
    block = libc.malloc(1_000)
    together.wait()
    libc.free(block)
threads = [threading.Thread(target=work) for _ in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.malloc_stats()
"""


def count_arenas(limit: str) -> int:
    """Return how many pools glibc has after threads have used it."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(limit=limit)], capture_output=True, text=True, check=True
    )
    return done.stderr.count("Arena ")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Only glibc has these pools.")
def test_threads_share_their_memory_pools() -> None:
    """Without the limit each thread of this program gets one of its own."""
    assert count_arenas("") > 2
    assert count_arenas("limit_arenas()") <= 2
