"""A token bucket: how much may pass now, and when more may. The time is the caller's."""

from __future__ import annotations

from typing import Final

#: So much of a token may be missing at `next_at_s`, since times are floats.
_ROUNDING: Final = 1e-4


class TokenBucket:
    """Grants `burst` at once and `rate` a second; a rate of 0 sets no limit. For one thread at a time."""

    def __init__(self, rate: float, burst: int, now_s: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._filled_at_s = now_s

    def take(self, wanted: int, now_s: float) -> int:
        """Return how many of `wanted` may pass now, and take them."""
        if not self._rate:
            return wanted
        self._tokens = min(self._burst, self._tokens + (now_s - self._filled_at_s) * self._rate)
        self._filled_at_s = now_s
        granted = min(wanted, int(self._tokens + _ROUNDING))
        self._tokens -= granted
        return granted

    def next_at_s(self) -> float:
        """Return when one more may pass, as of the last `take`."""
        if not self._rate:
            return self._filled_at_s
        return self._filled_at_s + max(0.0, (1.0 - self._tokens) / self._rate)
