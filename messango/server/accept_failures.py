"""Connections that could not be accepted, in few lines for the host: one at once, then a sum now and then."""

from __future__ import annotations

from typing import Final

from messango.protocol.text.wording import counted

#: The least time between two lines, and how long accepting must work before the host reads that it does.
SUM_EVERY_S: Final = 60.0
RECOVERED_AFTER_S: Final = 10.0


class AcceptFailures:
    """Counts failures, and returns what the host should read. For one thread; times are monotonic seconds."""

    def __init__(self) -> None:
        self._count = 0
        self._last_line_s = float("-inf")
        self._last_failure_s = float("-inf")

    @property
    def failing(self) -> bool:
        """Whether the host has read of failures, and not of their end."""
        return self._last_line_s > float("-inf")

    def failed(self, reason: str, now_s: float) -> str:
        """Count a failure; return the sentence that the host should read now, or ""."""
        is_first, self._last_failure_s = not self.failing, now_s
        self._count += 1
        if now_s - self._last_line_s < SUM_EVERY_S:
            return ""
        self._last_line_s = now_s
        if is_first:
            return f"A connection could not be accepted ({reason}). The room stays open."
        return f"{self._take_count()} could not be accepted so far ({reason}). The room stays open."

    def accepted(self, now_s: float) -> str:
        """Return the sentence for the host if connections are accepted again, or ""."""
        if not self.failing or now_s - self._last_failure_s < RECOVERED_AFTER_S:
            return ""
        self._last_line_s = float("-inf")
        return f"Connections are accepted again; {self._take_count()} could not be."

    def _take_count(self) -> str:
        count, self._count = self._count, 0
        return counted(count, "connection")
