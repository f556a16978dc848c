"""Checks password attempts: computes one at a time, within the limits of the throttle."""

from __future__ import annotations

import time
from collections.abc import Callable

from messango.protocol.frames import Join
from messango.protocol.password import Password, ServerExchange, pause_s
from messango.room.peer import Peer
from messango.server.throttling.password_throttle import PasswordThrottle, Reservation
from messango.server.throttling.trust import Trust
from messango.server.throttling.turnstile import Turnstile


class PasswordVerifier:
    """Owns the turnstile behind which challenges are computed. For any thread."""

    def __init__(
        self, password: Password, fingerprint: str, room_id: str, throttle: PasswordThrottle
    ) -> None:
        self._password = password
        self._fingerprint = fingerprint
        self._room_id = room_id
        self._throttle = throttle
        #: Only one challenge is computed at a time: many at once would slow down the members.
        self._turnstile = Turnstile()

    def start_attempt(self, peer: Peer, join: Join, session: str = "") -> PasswordAttempt | None:
        """Start an attempt of this client; return None if too many are waiting.

        `session` is the secret in `join` if it is that of a session of this room, otherwise empty.
        """
        reservation = self._throttle.reserve(peer, session)
        return None if reservation is None else PasswordAttempt(self, self._throttle, reservation, join)

    def start_exchange(
        self, pake: str, trust: Trust, is_cancelled: Callable[[], bool]
    ) -> ServerExchange | None:
        """Return our half of an exchange, or None if cancelled; raises `RemoteProtocolError`."""
        with self._turnstile.turn(trust):
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
        exchange = self._verifier.start_exchange(
            self._join.pake or "", self._reservation.trust, lambda: wait(0)
        )
        self._was_made = exchange is not None
        cancelled = wait(pause_s(time.monotonic() - began_s))
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
