"""Checks password attempts: computes one at a time, within the limits of the throttle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from messango.protocol.frames import Join
from messango.protocol.password import Password, ServerExchange
from messango.server.password_throttle import PasswordThrottle, Reservation

#: The time of `spake2` depends a little on the password. Every challenge takes this long, several times the
#: time of `spake2`, so that the time reveals nothing.
_CHALLENGE_AFTER_S: Final = 0.05


class PasswordVerifier:
    """Owns the lock under which challenges are computed. For any thread."""

    def __init__(
        self, password: Password, fingerprint: str, room_id: str, throttle: PasswordThrottle
    ) -> None:
        self._password = password
        self._fingerprint = fingerprint
        self._room_id = room_id
        self._throttle = throttle
        #: Only one challenge is computed at a time: many at once would slow down the members.
        self._compute_lock = threading.Lock()

    def start_attempt(self, host: str, join: Join) -> PasswordAttempt | None:
        """Start an attempt from this address; return None if too many are waiting."""
        reservation = self._throttle.reserve(host)
        return None if reservation is None else PasswordAttempt(self, self._throttle, reservation, join)

    def start_exchange(self, pake: str, is_cancelled: Callable[[], bool]) -> ServerExchange | None:
        """Return our half of an exchange, or None if cancelled; raises `RemoteProtocolError`."""
        with self._compute_lock:
            if is_cancelled():
                return None
            return ServerExchange(self._password, pake, self._fingerprint, self._room_id)


class PasswordAttempt:
    """One client's attempt, for its thread. It ends with `succeed` or `close`; twice is harmless."""

    def __init__(
        self, verifier: PasswordVerifier, throttle: PasswordThrottle, reservation: Reservation, join: Join
    ) -> None:
        self._join = join
        self._verifier = verifier
        self._throttle = throttle
        self._reservation = reservation
        self._was_made = self._closed = False

    def start_exchange(self, wait: Callable[[float], bool]) -> ServerExchange | None:
        """Wait for the attempt's turn; return the exchange with the challenge for the client.

        `wait` waits this many seconds and returns True if the connection has to close meanwhile; then the
        result is None. Raises `RemoteProtocolError`.
        """
        if wait(self._reservation.wait_s):
            return None
        # The challenge shows the client whether its guess was right, so the attempt counts from here on.
        self._was_made = True
        began_s = time.monotonic()
        exchange = self._verifier.start_exchange(self._join.pake or "", lambda: wait(0))
        self._was_made = exchange is not None
        cancelled = wait(max(0.0, _CHALLENGE_AFTER_S - (time.monotonic() - began_s)))
        return None if cancelled else exchange

    def succeed(self) -> None:
        """Record that the client has proved the password."""
        if not self._closed:
            self._closed = True
            self._throttle.succeeded(self._reservation)

    def close(self) -> int:
        """Count the attempt as wrong unless it succeeded.

        Returns how many attempts of its address were wrong; 0 if this one was not made or succeeded.
        """
        if self._closed:
            return 0
        self._closed = True
        if self._was_made:
            return self._throttle.failed(self._reservation)
        self._throttle.cancelled(self._reservation)
        return 0
