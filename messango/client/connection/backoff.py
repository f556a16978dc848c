"""Pauses between attempts to reconnect."""

from __future__ import annotations

import random
from typing import Final

#: The first attempt is immediate; later ones wait longer, so that a closed room costs little.
_STEPS_S: Final = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)

#: Random spread: the members of a reopened room must not all connect in the same moment.
_JITTER: Final = 0.3


class Backoff:
    """Counts attempts. Not thread-safe."""

    def __init__(self) -> None:
        self._attempt = 0

    def next_s(self) -> float:
        """Return the seconds to wait, and count one attempt."""
        step_s = _STEPS_S[min(self._attempt, len(_STEPS_S) - 1)]
        self._attempt += 1
        return step_s * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 (spreads load, hides nothing)

    def reset(self) -> None:
        """Start again with an immediate attempt."""
        self._attempt = 0
