"""The room's password at its door: whoever comes in proves it, a try at a time and none too often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from messango.protocol.frames import Challenge, Join, Proof
from messango.protocol.password import Password, ServerExchange
from messango.server.password_throttle import Attempt, PasswordThrottle

#: `spake2` takes a little longer for some passwords than for others. Several times what it takes, so that
#: nobody who measures our answers learns which.
_CHALLENGE_AFTER_S: Final = 0.05


class PasswordVerifier:
    """What all clients of a room with a password share; any thread."""

    def __init__(
        self, password: Password, fingerprint: str, room_id: str, throttle: PasswordThrottle
    ) -> None:
        self._password = password
        self._fingerprint = fingerprint
        self._room_id = room_id
        self._throttle = throttle
        #: Held while a challenge is computed: in Python's big integers a crowd would crowd out the members.
        self._compute_lock = threading.Lock()

    def start_attempt(self, host: str, join: Join) -> PasswordAttempt | None:
        """Begin a try from this address, or None where too many wait already."""
        attempt = self._throttle.start(host)
        return None if attempt is None else PasswordAttempt(self, self._throttle, attempt, join)

    def start_exchange(self, pake: str, is_cancelled: Callable[[], bool]) -> ServerExchange | None:
        """Return our half of an exchange, None where it was given up; raises `RemoteProtocolError`."""
        with self._compute_lock:
            if is_cancelled():
                return None
            return ServerExchange(self._password, pake, self._fingerprint, self._room_id)


class PasswordAttempt:
    """One client's try to `join`, for the client's own thread. It ends with `close`; twice is harmless."""

    def __init__(
        self, verifier: PasswordVerifier, throttle: PasswordThrottle, attempt: Attempt, join: Join
    ) -> None:
        self.join = join
        self._verifier = verifier
        self._throttle = throttle
        self._attempt = attempt
        self._was_made = self._closed = False
        self._exchange: ServerExchange | None = None

    def make_challenge(self, wait: Callable[[float], bool]) -> Challenge | None:
        """Return what to challenge the client with, once it is its turn; raises `RemoteProtocolError`.

        `wait` waits so many seconds, and is true where the client has to go meanwhile: then so is this None.
        """
        if wait(self._attempt.wait_s):
            return None
        # Our confirmation tells whoever breaks off here whether the guess was right: it counts from now on.
        self._was_made = True
        began_s = time.monotonic()
        self._exchange = self._verifier.start_exchange(self.join.pake or "", lambda: wait(0))
        self._was_made = self._exchange is not None
        cancelled = wait(max(0.0, _CHALLENGE_AFTER_S - (time.monotonic() - began_s)))
        return None if cancelled or self._exchange is None else self._exchange.challenge

    def verify(self, proof: Proof) -> bool:
        """Tell whether the client knows the password; raises `RemoteProtocolError`."""
        is_correct = self._exchange is not None and not self._closed and self._exchange.verify(proof)
        if is_correct:
            self._closed = True
            self._throttle.succeeded(self._attempt)
        return is_correct

    def close(self) -> int:
        """Count a try that was made and proved nothing; returns how many its address has by then, else 0."""
        if self._closed:
            return 0
        self._closed = True
        if self._was_made:
            return self._throttle.failed(self._attempt)
        self._throttle.cancelled(self._attempt)
        return 0
