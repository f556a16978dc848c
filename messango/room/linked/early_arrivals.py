"""Members who have seen more of the conversation than this server has: they wait until it has caught up.

They were at another server, or this one reads the stream again. Welcomed at once, they would get what follows
a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.protocol.limits import NO_HISTORY
from messango.room.arrival import Arrival

#: A dead link is known and told to be down by then; so if it is up, this server has all that there is.
EARLY_S: Final = 8.0


class EarlyArrivals:
    """For the room's thread; times are in seconds of a monotonic clock.

    `latest` returns the number of the last entry that this server has.
    """

    def __init__(self, latest: Callable[[], int]) -> None:
        self._latest = latest
        self._waiting: list[tuple[Arrival, float]] = []

    def hold(self, arrival: Arrival, now_s: float) -> bool:
        """Let somebody wait, and return True, if they have seen more than this server has."""
        is_early = not self._is_due(arrival)
        if is_early:
            self._waiting.append((arrival, now_s + EARLY_S))
        return is_early

    def cancel(self, connection_id: int) -> None:
        """Nobody waits at this connection any more."""
        self._waiting = [each for each in self._waiting if each[0].connection_id != connection_id]

    def take_due(self) -> list[Arrival]:
        """Return who has not seen more than this server has, and waits no more."""
        due = [arrival for arrival, _ in self._waiting if self._is_due(arrival)]
        self._waiting = [each for each in self._waiting if not self._is_due(each[0])]
        return due

    def take_expired(self, now_s: float) -> list[Arrival]:
        """Return who has waited for as long as anybody does."""
        expired = [arrival for arrival, until_s in self._waiting if until_s <= now_s]
        self._waiting = [each for each in self._waiting if each[1] > now_s]
        return expired

    def next_deadline_s(self) -> float | None:
        """Return when somebody has waited for long enough."""
        return min((until_s for _, until_s in self._waiting), default=None)

    def _is_due(self, arrival: Arrival) -> bool:
        return arrival.since is None or arrival.since <= self._latest() or arrival.since >= NO_HISTORY
