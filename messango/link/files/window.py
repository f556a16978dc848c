"""How many pieces of a file may be on their way at once: few where they would hold up what is said."""

from __future__ import annotations

from typing import Final

#: A megabyte at most is on its way: enough for a fast network with a long way.
MAX_PIECES: Final = 16
_FIRST_PIECES: Final = 4.0

#: A piece that takes so much longer than the fastest has waited behind others, as what is said does then.
_QUEUED_S: Final = 0.05


class Window:
    """Grows while pieces come as fast as the way is long, and shrinks while they queue."""

    def __init__(self) -> None:
        self._pieces = _FIRST_PIECES
        self._fastest_s = float("inf")

    @property
    def size(self) -> int:
        """How many pieces may be on their way."""
        return int(self._pieces)

    def arrived(self, waited_s: float) -> None:
        """Note how long a piece took since it was asked for."""
        self._fastest_s = min(self._fastest_s, waited_s)
        if waited_s > self._fastest_s + _QUEUED_S:
            self._pieces = max(1.0, self._pieces - 0.5)
        else:
            self._pieces = min(float(MAX_PIECES), self._pieces + 1 / self._pieces)

    def lost(self) -> None:
        """Note that a piece did not come."""
        self._pieces = max(1.0, self._pieces / 2)
