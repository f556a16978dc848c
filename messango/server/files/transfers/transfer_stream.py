"""The bytes of one transfer, both ways: no faster than talk allows, and only as long as the member stays."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from messango.errors import ConnectionLost
from messango.protocol import error_codes
from messango.protocol.limits import TRANSFER_STALL_S
from messango.room.files.refusals import FileRefused
from messango.server.files.transfers.pace import Pace

#: How soon a transfer ends after its member was removed, or the room closes.
CHECK_EVERY_S: Final = 0.25


class Carrier(Protocol):
    """What the bytes go over: a `Connection`, or the body of a browser's request or of the response."""

    def receive(self, timeout_s: float) -> bytes:
        """Return the next bytes, or none at the end; raises `TimeoutError` or `ConnectionLost`."""
        ...

    def send_all(self, data: bytes, timeout_s: float) -> None:
        """Send, and wait until the system has taken everything, as `Connection` does."""

    @property
    def unsent_bytes(self) -> int:
        """How many bytes wait for the system to take them."""
        ...


class TransferStream:
    """Wraps the carrier of one transfer. For the client's thread.

    `is_allowed` returns whether the member still has a seat. Every method raises `ConnectionLost`,
    `TimeoutError` after `TRANSFER_STALL_S` without a byte, or `FileRefused`.
    """

    def __init__(
        self, carrier: Carrier, pace: Pace, closing: threading.Event, is_allowed: Callable[[], bool]
    ) -> None:
        self._carrier = carrier
        self._pace = pace
        self._closing = closing
        self._is_allowed = is_allowed
        self._next_check_s = 0.0

    def receive(self) -> bytes:
        """Return the next bytes; raises `ConnectionLost` at the end."""
        stalled_at_s = time.monotonic() + TRANSFER_STALL_S
        while time.monotonic() < stalled_at_s:
            self._check()
            with contextlib.suppress(TimeoutError):
                data = self._carrier.receive(CHECK_EVERY_S)
                self._wait_for_talk(len(data))
                if not data:
                    raise ConnectionLost("The other side closed the connection.", "It can go on later.")
                return data
        raise TimeoutError

    def send(self, data: bytes) -> None:
        """Send bytes of a file, and wait until the system has taken them."""
        self.send_head(data)
        self._wait_for_talk(len(data))

    def send_head(self, data: bytes) -> None:
        """Send what is no part of a file, such as an answer: it is not paced."""
        stalled_at_s, unsent = time.monotonic() + TRANSFER_STALL_S, 0
        while time.monotonic() < stalled_at_s:
            self._check()
            try:
                self._carrier.send_all(data, CHECK_EVERY_S)
            except TimeoutError:
                data = b""  # The connection has it, and sends on.
                if unsent != self._carrier.unsent_bytes:
                    stalled_at_s, unsent = time.monotonic() + TRANSFER_STALL_S, self._carrier.unsent_bytes
            else:
                return
        raise TimeoutError

    def step(self, size: int) -> None:
        """Let talk go first after work on `size` bytes that were neither sent nor received."""
        self._check()
        self._wait_for_talk(size)

    def _wait_for_talk(self, size: int) -> None:
        if delay_s := self._pace.delay_s(size):
            self._closing.wait(delay_s)

    def _check(self) -> None:
        """Raise `FileRefused` if the transfer may not go on. Looks at the seat only now and then."""
        if self._closing.is_set():
            raise FileRefused(error_codes.CLOSING, "The host is closing the room.", "Try again later.")
        now_s = time.monotonic()
        if now_s >= self._next_check_s:
            self._next_check_s = now_s + CHECK_EVERY_S
            if not self._is_allowed():
                raise not_joined()


def not_joined() -> FileRefused:
    """Return the refusal of a client that is not in the room, or not any more."""
    return FileRefused(
        error_codes.NOT_JOINED, "You are not in this room.", "Join it, then send or get files."
    )
