"""What `messango send` delivers, and how long that may take. Loads nothing that only the delivery needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from messango.client.files.uploads.outgoing_file import OutgoingFile


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file to share, with a line about it."""

    file: OutgoingFile
    caption: str = ""


class TimeLimit:
    """Until when all must be done; with `while_moving`, that begins again whenever a file has moved on."""

    def __init__(
        self, limit_s: float, *, while_moving: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit_s = limit_s
        self._while_moving = while_moving
        self._clock = clock
        self._deadline_s = clock() + limit_s

    @property
    def text(self) -> str:
        """The limit as a person says it: `1 second`, `2.5 seconds`."""
        return "1 second" if self.limit_s == 1 else f"{self.limit_s:g} seconds"

    def left_s(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(0.0, self._deadline_s - self._clock())

    def has_moved(self) -> None:
        """Note that a file has moved on."""
        if self._while_moving:
            self._deadline_s = self._clock() + self.limit_s
