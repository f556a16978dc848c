"""Checking a room's password: one attempt at a time is computed, and none too often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from messango.protocol.frames import Join
from messango.protocol.password import Password, ServerExchange
from messango.server.password_throttle import Attempt, PasswordThrottle

#: `spake2` takes a little longer for some passwords than for others. This is several times what it takes, so
#: that nobody learns from the time of our answers which password it is.
_CHALLENGE_AFTER_S: Final = 0.05


class PasswordVerifier:
    """Owns the lock under which challenges are computed; any thread."""

    def __init__(
        self, password: Password, fingerprint: str, room_id: str, throttle: PasswordThrottle
    ) -> None:
        self._password = password
        self._fingerprint = fingerprint
        self._room_id = room_id
        self._throttle = throttle
        #: Held while a challenge is computed: many at once, in Python's big integers, would slow the members.
        self._compute_lock = threading.Lock()

    def start_attempt(self, host: str, join: Join) -> PasswordAttempt | None:
        """Return a new attempt from this address, or None if too many wait already."""
        attempt = self._throttle.start(host)
        return None if attempt is None else PasswordAttempt(self, self._throttle, attempt, join)

    def start_exchange(self, pake: str, is_cancelled: Callable[[], bool]) -> ServerExchange | None:
        """Return our half of an exchange, None if it was cancelled; raises `RemoteProtocolError`."""
        with self._compute_lock:
            if is_cancelled():
                return None
            return ServerExchange(self._password, pake, self._fingerprint, self._room_id)


class PasswordAttempt:
    """One client's attempt, for its own thread. It ends with `succeed` or `close`; twice is harmless."""

    def __init__(
        self, verifier: PasswordVerifier, throttle: PasswordThrottle, attempt: Attempt, join: Join
    ) -> None:
        self._join = join
        self._verifier = verifier
        self._throttle = throttle
        self._attempt = attempt
        self._was_made = self._closed = False

    def start_exchange(self, wait: Callable[[float], bool]) -> ServerExchange | None:
        """Return the exchange that challenges the client, once it is its turn; raises `RemoteProtocolError`.

        `wait` waits so many seconds and returns true if the client has to go meanwhile; then so does this:
        None.
        """
        if wait(self._attempt.wait_s):
            return None
        # Our confirmation tells a client that leaves now whether the guess was right: from here on it counts.
        self._was_made = True
        began_s = time.monotonic()
        exchange = self._verifier.start_exchange(self._join.pake or "", lambda: wait(0))
        self._was_made = exchange is not None
        cancelled = wait(max(0.0, _CHALLENGE_AFTER_S - (time.monotonic() - began_s)))
        return None if cancelled else exchange

    def succeed(self) -> None:
        """The client has proved the password."""
        if not self._closed:
            self._closed = True
            self._throttle.succeeded(self._attempt)

    def close(self) -> int:
        """Count an attempt that proved nothing; return how many its address has, 0 if it was not made."""
        if self._closed:
            return 0
        self._closed = True
        if self._was_made:
            return self._throttle.failed(self._attempt)
        self._throttle.cancelled(self._attempt)
        return 0
