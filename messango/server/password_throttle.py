"""How often a password was guessed, from where, and how long the next try has to wait for that."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

T = TypeVar("T")

#: So many wrong tries of one address cost it nothing: people mistype.
FREE_TRIES: Final = 10

#: And so many that are under way at the same moment: a class that presses Join together may have one
#: address, and over IPv6 it counts as one. More than that are taken for wrong until they are right.
AT_ONCE: Final = 40

#: After those each try waits, twice as long each time; not much longer, for honest people wait with the
#: others of their address.
_FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 4.0
_MOST_COUNTED: Final = 16

#: One wrong try is forgiven in this time.
_FORGIVEN_IN_S: Final = 60.0

#: A client that hears nothing for longer holds the link for dead, so who would wait longer comes back later.
PATIENCE_S: Final = 5.0

#: All addresses together: an exchange costs some 10 ms, so a flood takes a tenth of one processor at most.
#: A hall that presses Join at the same moment fits.
_RATE: Final = 10.0
BURST: Final = 100

#: Whoever has more addresses than these is held by the rate alone.
_MOST_ADDRESSES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Try:
    """One try that was let begin: after `wait_s` seconds it may go on."""

    host: str
    counted_for: str
    wait_s: float


@dataclass(slots=True)
class _Record:
    """One address: what it got wrong (less with time, as of `at_s`), and what is still being tried."""

    at_s: float
    wrong: float = 0.0
    trying: int = 0
    free_at_s: float = 0.0
    times: int = 0


class Guesses:
    """Owns the lock that guards its records; any thread. `clock` gives seconds and never jumps."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._records: OrderedDict[str, _Record] = OrderedDict()
        #: Addresses that knew the password: what their neighbours guess is not counted for them.
        self._known: OrderedDict[str, None] = OrderedDict()
        #: When the next try would be due if all came evenly (the generic cell rate algorithm).
        self._due_s = 0.0

    def begin(self, host: str) -> Try | None:
        """Count a try from this address; returns None where too many wait, else it has to `end`."""
        with self._lock:
            now_s = self._clock()
            key = host if host in self._known else _network(host)
            record = self._record(key, now_s)
            due_s = max(self._due_s, now_s) + 1 / _RATE
            start_s = max(now_s, record.free_at_s, due_s - BURST / _RATE)
            if start_s - now_s > PATIENCE_S:
                return None
            self._due_s = due_s
            record.free_at_s = start_s + _wait_s(record.wrong + max(0, record.trying - AT_ONCE))
            record.trying += 1
            return Try(host, key, start_s - now_s)

    def right(self, tried: Try) -> None:
        """The password was known: it makes up for a wrong one, and this address is its own from now on."""
        with self._lock:
            record = self._end(tried)
            record.wrong = max(0.0, record.wrong - 1)
            _note(self._known, tried.host, None)

    def wrong(self, tried: Try) -> int:
        """It was not; returns how often that was so of this address."""
        with self._lock:
            record = self._end(tried)
            record.wrong = min(_MOST_COUNTED, record.wrong + 1)
            record.times += 1
            return record.times

    def withdraw(self, tried: Try) -> None:
        """The try was not made."""
        with self._lock:
            self._end(tried)

    def _end(self, tried: Try) -> _Record:
        record = self._record(tried.counted_for, self._clock())
        record.trying = max(0, record.trying - 1)
        return record

    def _record(self, key: str, now_s: float) -> _Record:
        """With the lock held: return the record of an address as of now."""
        record = self._records.get(key) or _Record(now_s)
        record.wrong = max(0.0, record.wrong - (now_s - record.at_s) / _FORGIVEN_IN_S)
        record.at_s = now_s
        _note(self._records, key, record)
        return record


def _note(table: OrderedDict[str, T], key: str, value: T) -> None:
    """Note it as the newest; the oldest goes where there are too many."""
    table[key] = value
    table.move_to_end(key)
    if len(table) > _MOST_ADDRESSES:
        table.popitem(last=False)


def _wait_s(counted: float) -> float:
    """Return how long the next try waits where so many count."""
    beyond = round(counted) + 1 - FREE_TRIES
    return 0.0 if beyond < 0 else min(LONGEST_WAIT_S, _FIRST_WAIT_S * 2**beyond)


def _network(host: str) -> str:
    """Return what counts as one address: of IPv6 the /64, of which a machine has as many as it likes."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return str(address) if address.version == 4 else str(int(address) >> 64)
