"""How long to wait before the next attempt."""

from __future__ import annotations

import random
from typing import Final

#: At once, then soon, then patiently; a room that is back is found within these.
_STEPS_S: Final = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)

#: Spread, so that a room's members do not all knock in the same moment after it comes back.
_JITTER: Final = 0.3


class Backoff:
    """Counts attempts; not for several threads."""

    def __init__(self) -> None:
        self._attempt = 0

    def next_s(self) -> float:
        """Return the seconds to wait before the next attempt."""
        step_s = _STEPS_S[min(self._attempt, len(_STEPS_S) - 1)]
        self._attempt += 1
        return step_s * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 (spreads load, hides nothing)

    def reset(self) -> None:
        """The attempt succeeded."""
        self._attempt = 0
