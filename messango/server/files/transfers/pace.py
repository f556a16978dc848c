"""How fast files go while people talk: slowly enough that nobody's message waits for a file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

#: All transfers together, while people talk: most of what a Wi-Fi carries, and a tenth of a core.
PACED_BYTES_PER_S: Final = 20_000_000

#: How long after a message files are slow. People who talk pause for longer; then files have everything.
TALK_LASTS_S: Final = 2.0

#: A transfer handles this much at once: a fifth of a millisecond's work, and one read of a connection.
STEP_BYTES: Final = 65_536


class Pace:
    """Shared by all transfers of a server. Owns the lock of `_due_s`; any thread may call.

    `clock` returns monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        #: When the next step would be due if all went evenly.
        self._due_s = 0.0
        #: Written by the room thread only; reading needs no lock.
        self._talked_at_s = float("-inf")

    def talk(self) -> None:
        """Note that members talk: transfers are slow for a while. For the room thread, which never waits."""
        self._talked_at_s = self._clock()

    def delay_s(self, size: int) -> float:
        """Return how long a transfer has to wait after `size` bytes; 0 while nobody talks."""
        now_s = self._clock()
        if now_s - self._talked_at_s > TALK_LASTS_S:
            return 0.0
        with self._lock:
            self._due_s = max(self._due_s, now_s) + size / PACED_BYTES_PER_S
            return self._due_s - now_s
