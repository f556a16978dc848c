"""How long to wait between attempts: longer each time, and not all servers at the same moment."""

from __future__ import annotations

import random
from typing import Final

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0


class Pauses:
    """`next_s` doubles up to the longest; `reset` begins again after a success."""

    def __init__(self) -> None:
        self._s = FIRST_PAUSE_S

    def next_s(self) -> float:
        """Return how long to wait now: between half of the pause and all of it."""
        pause_s = self._s
        self._s = min(LONGEST_PAUSE_S, 2 * pause_s)
        return pause_s * random.uniform(0.5, 1.0)  # noqa: S311 (a delay, not a secret)

    def reset(self) -> None:
        """Begin with a short pause again."""
        self._s = FIRST_PAUSE_S
