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

#: An attempt that TCP has not answered is repeated this long after it and after its repetition.
_REPEAT_AFTER_S: Final = (0.5, 1.0)
#: On a slow network, the rest takes a round trip or two; a lost packet is repeated after about a second, and
#: one that is lost twice after three more.
_REPEAT_HANDSHAKE_AFTER_S: Final = 2.0
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

    def started(self, candidate: Candidate, now: float) -> None:
        """Note that an attempt has begun."""
        count = self._starts[candidate] = self._starts.get(candidate, 0) + 1
        self._due.pop(candidate, None)
        if count <= len(_REPEAT_AFTER_S) and len(self._starts) <= _MAX_REPEATED:
            self._due[candidate] = now + _REPEAT_AFTER_S[count - 1]

    def connected(self, candidate: Candidate, took_s: float, now: float) -> None:
        """Note that TCP has connected."""
        self._due.pop(candidate, None)
        if took_s < SLOW_CONNECT_S:
            return  # If TLS takes long, the server is busy or stuck, and one more connection would not help.
        self.deadline = self._patient_deadline
        if self._starts[candidate] <= len(_REPEAT_AFTER_S):
            self._due[candidate] = now + _REPEAT_HANDSHAKE_AFTER_S

    def failed(self, candidate: Candidate) -> None:
        """Note that an attempt has failed: another one would meet the same."""
        self._due.pop(candidate, None)

    def next_repeat_s(self) -> float:
        """Return when the next repetition is due, or infinity."""
        return min(self._due.values(), default=float("inf"))

    def take_repeat(self, now: float) -> Candidate | None:
        """Return a candidate to try again now, or None; the caller starts it."""
        candidate = min(self._due, key=self._due.__getitem__, default=None)
        return candidate if candidate is not None and self._due[candidate] <= now else None
