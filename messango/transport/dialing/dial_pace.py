"""How long `dial` waits for an address, and when it tries one again beside the first attempt. Has no clock.

TCP repeats a lost first packet after 1, 3 and 7 s (RFC 6298, section 2: the timer is 1 s, then it doubles),
so in two seconds at most two packets are tried, and where every fifth is lost each way, one room in eight
seems dead. A second connection beside the first one does not wait for those timers; the server sees one that
ends without a word, as many do. Where connecting took long, the network is slow, and the rest takes long too.
"""

from __future__ import annotations

from typing import Final, Generic, TypeVar

Candidate = TypeVar("Candidate")

#: A local network answers within a few milliseconds, a crowded Wi-Fi in some tens. What takes longer is a
#: network that is slow, or one that lost our first packet.
SLOW_CONNECT_S: Final = 0.1

#: An attempt that TCP has not answered is repeated this long after it, and this long after its repetition.
_REPEAT_AFTER_S: Final = (0.5, 1.0)
#: Peers have a few addresses that matter, the best first; all others are tried once.
_MAX_REPEATED: Final = 4


class DialPace(Generic[Candidate]):
    """The deadline of one `dial`, and the candidates to try again. Times are of a monotonic clock."""

    def __init__(self, now: float, timeout_s: float, patience_s: float) -> None:
        """Wait `timeout_s`; on a slow network `patience_s`, if that is longer."""
        self.deadline = now + timeout_s
        self._patient_deadline = now + max(timeout_s, patience_s)
        self._starts: dict[Candidate, int] = {}
        self._due: dict[Candidate, float] = {}
        self._ended: set[Candidate] = set()

    def started(self, candidate: Candidate, now: float) -> None:
        """Note that an attempt has begun."""
        count = self._starts[candidate] = self._starts.get(candidate, 0) + 1
        self._due.pop(candidate, None)
        may_repeat = count <= len(_REPEAT_AFTER_S) and len(self._starts) <= _MAX_REPEATED
        if may_repeat and candidate not in self._ended:
            self._due[candidate] = now + _REPEAT_AFTER_S[count - 1]

    def connected(self, candidate: Candidate, took_s: float) -> None:
        """Note that TCP has connected."""
        self.ended(candidate)
        if took_s >= SLOW_CONNECT_S:
            self.deadline = self._patient_deadline

    def ended(self, candidate: Candidate) -> None:
        """Try a candidate no more: it answered, or failed as it would again."""
        self._due.pop(candidate, None)
        self._ended.add(candidate)

    def next_repeat_s(self) -> float:
        """Return when the next repetition is due, or infinity."""
        return min(self._due.values(), default=float("inf"))

    def take_repeat(self, now: float) -> Candidate | None:
        """Return a candidate to try again now, or None; the caller starts it."""
        candidate = min(self._due, key=self._due.__getitem__, default=None)
        return candidate if candidate is not None and self._due[candidate] <= now else None
