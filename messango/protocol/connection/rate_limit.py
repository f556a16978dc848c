"""A token bucket; the caller passes in the time."""

from __future__ import annotations

from typing import Final

#: At `next_at_s`, rounding may leave the bucket this much short of a token.
_ROUNDING: Final = 1e-4


class TokenBucket:
    """Allows `burst` at once and `rate` per second; a rate of 0 means no limit. For one thread at a time."""

    def __init__(self, rate: float, burst: int, now_s: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._filled_at_s = now_s

    def take(self, wanted: int, now_s: float) -> int:
        """Take up to `wanted` tokens; return how many there were."""
        if not self._rate:
            return wanted
        self._tokens = min(self._burst, self._tokens + (now_s - self._filled_at_s) * self._rate)
        self._filled_at_s = now_s
        granted = min(wanted, int(self._tokens + _ROUNDING))
        self._tokens -= granted
        return granted

    def next_at_s(self) -> float:
        """Return when the next token is available, as of the last `take`."""
        if not self._rate:
            return self._filled_at_s
        return self._filled_at_s + max(0.0, (1.0 - self._tokens) / self._rate)
