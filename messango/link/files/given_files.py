"""How many files a server gives to others at once."""

from __future__ import annotations

from typing import Final

#: More only make each other slow.
MAX_GIVEN: Final = 8

#: A transfer that asks for nothing for this long is over, although its server has not said so.
IDLE_S: Final = 5.0


class GivenFiles:
    """The transfers under way, by their ids. For one thread."""

    def __init__(self) -> None:
        self._asked_s: dict[str, float] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is under way."""
        return not self._asked_s

    def has_room(self, transfer: str, now_s: float) -> bool:
        """Return whether this transfer may begin, or go on."""
        return transfer in self._asked_s or len(self._asked_s) < MAX_GIVEN or bool(self._idle(now_s))

    def note(self, transfer: str, now_s: float) -> None:
        """The transfer has asked for something."""
        self._asked_s[transfer] = now_s

    def take_idle(self, now_s: float) -> list[str]:
        """Return the transfers that are over, and forget them."""
        idle = self._idle(now_s)
        for transfer in idle:
            del self._asked_s[transfer]
        return idle

    def end(self, transfer: str) -> None:
        """The transfer can't go on."""
        self._asked_s.pop(transfer, None)

    def _idle(self, now_s: float) -> list[str]:
        return [transfer for transfer, asked_s in self._asked_s.items() if now_s - asked_s >= IDLE_S]
