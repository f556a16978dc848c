"""The password that the person gave, kept in memory alone, and the exchange that proves it to the room."""

from __future__ import annotations

import threading

from messango.errors import PasswordNotRequired, RemoteProtocolError
from messango.protocol.frames import Challenge, Proof
from messango.protocol.password import ClientExchange, Password


class PasswordExchange:
    """`set_password` and `password` are for any thread, the rest for the client's own."""

    def __init__(self, password: Password | None) -> None:
        self._password = password
        self._password_set = threading.Event()
        self._exchange: ClientExchange | None = None
        self._proved = False

    @property
    def password(self) -> Password | None:
        """What was given last."""
        return self._password

    def set_password(self, password: Password) -> None:
        """Prove this one from now on."""
        self._password = password
        self._password_set.set()

    def cancel(self) -> None:
        """Wait for no password any more."""
        self._password_set.set()

    def reset(self) -> None:
        """Begin to expect a password, so that one given from now on ends `wait_for_password`."""
        self._password_set.clear()

    def wait_for_password(self) -> None:
        """Wait until one is given since `reset`, or nobody waits for it any more."""
        self._password_set.wait()

    def start(self) -> str | None:
        """Begin a visit; returns what `join` says of the password, if there is one."""
        self._exchange = ClientExchange(self._password) if self._password else None
        self._proved = False
        return self._exchange.pake if self._exchange else None

    def answer_challenge(self, challenge: Challenge, fingerprint: str) -> Proof:
        """Return our proof to this certificate's server; raises `WrongPassword` or `RemoteProtocolError`."""
        exchange, self._exchange = self._exchange, None
        if exchange is None:
            raise RemoteProtocolError(
                "The room asks for a proof that nobody has offered.",
                "Is the other side Messango, and of a version that fits?",
            )
        proof = exchange.prove(challenge, fingerprint)
        self._proved = True
        return proof

    def require_server_proof(self) -> None:
        """Raise `PasswordNotRequired` where we are let in without having proved the password we have."""
        if self._password is not None and not self._proved:
            raise PasswordNotRequired
