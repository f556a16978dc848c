"""A count of what happened to people, servers and lives: the only clock of a fold."""

from __future__ import annotations

from messango.link.fold.kept_state import KeptState

_KEY = "turn"


class Turns:
    """Numbers that rise, so that what was remembered first is forgotten first, on every server alike."""

    def __init__(self, kept: KeptState) -> None:
        self._kept = kept
        self._last = kept.read(_KEY, int) or 0

    def next(self) -> int:
        """Return a number higher than all before."""
        self._last += 1
        self._kept.put(_KEY, self._last)
        return self._last
