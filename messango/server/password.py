"""The room's password at its door: whoever comes in proves it, a try at a time and none too often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from messango.protocol.frames import Challenge, Join, Proof
from messango.protocol.password import Password, ServerExchange
from messango.server.password_throttle import Guesses, Try

#: `spake2` takes a little longer for some passwords than for others. Several times what it takes, so that
#: nobody who measures our answers learns which.
_ANSWER_AFTER_S: Final = 0.05


class PasswordCheck:
    """What all guests of a room with a password share; any thread."""

    def __init__(self, password: Password, fingerprint: str, room: str, guesses: Guesses) -> None:
        self._password = password
        self._fingerprint = fingerprint
        self._room = room
        self._guesses = guesses
        #: Held while a challenge is computed: in Python's big integers a crowd would crowd out the members.
        self._computing = threading.Lock()

    def begin(self, host: str, join: Join) -> Proving | None:
        """Begin a try from this address, or None where too many wait already."""
        tried = self._guesses.begin(host)
        return None if tried is None else Proving(self, self._guesses, tried, join)

    def answer(self, pake: str, given_up: Callable[[], bool]) -> ServerExchange | None:
        """Return our half of an exchange, None where it was given up; raises `RemoteProtocolError`."""
        with self._computing:
            if given_up():
                return None
            return ServerExchange(self._password, pake, self._fingerprint, self._room)


class Proving:
    """One guest's try to `join`, for the guest's own thread. It ends with `end`; twice is harmless."""

    def __init__(self, check: PasswordCheck, guesses: Guesses, tried: Try, join: Join) -> None:
        self.join = join
        self._check = check
        self._guesses = guesses
        self._try = tried
        self._made = self._ended = False
        self._side: ServerExchange | None = None

    def challenge(self, pause: Callable[[float], bool]) -> Challenge | None:
        """Return what to challenge the client with, once it is its turn; raises `RemoteProtocolError`.

        `pause` waits so many seconds, and is true where the guest has to go meanwhile: then so is this None.
        """
        if pause(self._try.wait_s):
            return None
        # Our confirmation tells whoever breaks off here whether the guess was right: it counts from now on.
        self._made = True
        began_s = time.monotonic()
        self._side = self._check.answer(self.join.pake or "", lambda: pause(0))
        self._made = self._side is not None
        gone = pause(max(0.0, _ANSWER_AFTER_S - (time.monotonic() - began_s)))
        return None if gone or self._side is None else self._side.challenge

    def proves(self, proof: Proof) -> bool:
        """Tell whether the client knows the password; raises `RemoteProtocolError`."""
        right = self._side is not None and not self._ended and self._side.verify(proof)
        if right:
            self._ended = True
            self._guesses.right(self._try)
        return right

    def end(self) -> int:
        """Count a try that was made and proved nothing; returns how many its address has by then, else 0."""
        if self._ended:
            return 0
        self._ended = True
        if self._made:
            return self._guesses.wrong(self._try)
        self._guesses.withdraw(self._try)
        return 0
