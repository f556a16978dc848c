"""The password (in memory only) and the exchange that proves it to the room: see `protocol/password.py`."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from messango.errors import VERSION_HINT, PasswordNotRequired, RemoteProtocolError
from messango.protocol.frames import Challenge, Proof
from messango.protocol.password import ClientExchange, Password, pause_s


class PasswordExchange:
    """`password`, `submit_password` and `cancel` are for any thread, the rest for the client's thread."""

    def __init__(self, password: Password | None) -> None:
        self._password = password
        self._password_set = threading.Event()
        self._exchange: ClientExchange | None = None
        self._proved = False

    @property
    def password(self) -> Password | None:
        """The password that was given last, or None."""
        return self._password

    def submit_password(self, password: Password) -> None:
        """Use this password from now on, and end `wait_for_password`."""
        self._password = password
        self._password_set.set()

    def cancel(self) -> None:
        """End `wait_for_password` without a password."""
        self._password_set.set()

    def reset(self) -> None:
        """Prepare `wait_for_password`: only a password that is given from now on ends it."""
        self._password_set.clear()

    def wait_for_password(self) -> None:
        """Wait for `submit_password` or `cancel`."""
        self._password_set.wait()

    def start(self) -> str | None:
        """Start an exchange on a new connection; return the `pake` of the `join` frame, or None."""
        self._exchange, self._proved = None, False
        if self._password is None:
            return None
        with _fixed_time():
            self._exchange = ClientExchange(self._password)
        return self._exchange.pake

    def answer_challenge(self, challenge: Challenge, fingerprint: str) -> Proof:
        """Return our proof for the server with this certificate.

        Raises `WrongPassword` or `RemoteProtocolError`.
        """
        exchange, self._exchange = self._exchange, None
        if exchange is None:
            raise RemoteProtocolError(
                "The room asks us to prove a password that we do not have.",
                VERSION_HINT,
            )
        with _fixed_time():
            proof = exchange.prove(challenge, fingerprint)
        self._proved = True
        return proof

    def require_server_proof(self) -> None:
        """Raise `PasswordNotRequired` if we have a password but the server let us in without it."""
        if self._password is not None and not self._proved:
            raise PasswordNotRequired


@contextlib.contextmanager
def _fixed_time() -> Iterator[None]:
    """Make the block take a time from which the other end learns nothing, also if it raises."""
    began_s = time.monotonic()
    try:
        yield
    finally:
        time.sleep(pause_s(time.monotonic() - began_s))
