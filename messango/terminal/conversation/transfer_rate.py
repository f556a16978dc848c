"""How fast files move, over the last seconds. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

#: Long enough that the number can be read, short enough that it is true.
_WINDOW_S: Final = 4.0

#: After less than this, nothing can be said.
_LEAST_S: Final = 0.5

#: Progress is reported a few times a second for each file.
_MAX_REPORTS: Final = 1_000


class TransferRate:
    """Used by one thread; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began_s = clock()
        self._reports: deque[tuple[float, int]] = deque(maxlen=_MAX_REPORTS)

    def reset(self) -> None:
        """Begin to count."""
        self._began_s = self._clock()
        self._reports.clear()

    def add(self, size: int) -> None:
        """Count bytes that have moved since the last report."""
        self._reports.append((self._clock(), size))

    @property
    def bytes_per_second(self) -> float | None:
        """How fast bytes move; None if that can't be said yet."""
        now_s = self._clock()
        since_s = max(self._began_s, now_s - _WINDOW_S)
        if now_s - self._began_s < _LEAST_S:
            return None
        return sum(size for at_s, size in self._reports if at_s >= since_s) / (now_s - since_s)
