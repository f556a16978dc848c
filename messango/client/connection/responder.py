"""Answers what the room asks a member: `ping`, and `reach`, at which of its addresses it answers them."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from messango.errors import MessangoError
from messango.protocol.codec import encode
from messango.protocol.frames import Ping, Pong, Reach, Reached, ReachResult
from messango.protocol.limits import REACH_EVERY_S, REACH_TIMEOUT_S
from messango.transport.addresses import Address
from messango.transport.connection import OutboxFull
from messango.transport.dialing.reach import TryAddresses, eligible_addresses, try_addresses
from messango.transport.networks.own_networks import OwnNetworks, own_networks

logger = logging.getLogger(__name__)

#: `close` waits this long; an attempt notices within a tenth of a second that it is cancelled.
_CLOSE_TIMEOUT_S: Final = 1.0


class Asker(Protocol):
    """The connection over which the room asked; `send` is for any thread."""

    @property
    def fingerprint(self) -> str | None: ...

    def send(self, data: bytes) -> None: ...


class Responder:
    """Answers at once, but tries addresses in a thread that exists only meanwhile. For the client's thread.

    A `reach` within `REACH_EVERY_S` of the last one is ignored, whatever connection it comes over.
    """

    def __init__(
        self,
        is_cancelled: Callable[[], bool],
        networks: Callable[[], OwnNetworks] = own_networks,
        try_addresses: TryAddresses = try_addresses,
        clock: Callable[[], float] = time.monotonic,
        timeout_s: float = REACH_TIMEOUT_S,
    ) -> None:
        self._closed = threading.Event()
        self._is_leaving = is_cancelled
        self._networks = networks
        self._try_addresses = try_addresses
        self._clock = clock
        self._timeout_s = timeout_s
        self._last_asked_s = float("-inf")
        self._thread: threading.Thread | None = None

    def answer(self, frame: Ping | Reach, connection: Asker, address: Address) -> None:
        """Answer, or start to; never waits. `address` is the one at which `connection` reached the room."""
        if isinstance(frame, Ping):
            connection.send(encode(Pong()))
        else:
            self._start_trying(frame, connection, address)

    def _start_trying(self, reach: Reach, connection: Asker, address: Address) -> None:
        now_s = self._clock()
        # Without a certificate there is nothing to recognise the room by.
        if now_s - self._last_asked_s < REACH_EVERY_S or connection.fingerprint is None:
            return
        self._last_asked_s = now_s
        self._thread = threading.Thread(
            target=self._run, args=(tuple(reach.addresses), connection, address.port), name="messango-reach"
        )
        self._thread.daemon = True
        self._thread.start()

    def close(self) -> None:
        """Stop trying, and join the thread. Twice is harmless."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(_CLOSE_TIMEOUT_S)

    # The thread.

    def _run(self, texts: Sequence[str], connection: Asker, port: int) -> None:
        try:
            results = self._results(texts, connection.fingerprint or "", port)
            if not self._is_cancelled():
                with contextlib.suppress(MessangoError, OutboxFull):
                    connection.send(encode(Reached(results)))
        except Exception:  # The edge of the thread: the room gets no answer, and talk goes on.
            logger.exception("the room's addresses could not be tried")

    def _results(self, texts: Sequence[str], fingerprint: str, port: int) -> list[ReachResult]:
        deadline_s = self._clock() + self._timeout_s
        chosen = eligible_addresses(texts, port, self._networks())
        answers = self._try_addresses(
            [*dict.fromkeys(chosen.values())],
            fingerprint=fingerprint,
            timeout_s=self._timeout_s,
            is_cancelled=self._is_cancelled,
        )
        if not all(answers.get(address) for address in chosen.values()):
            # How soon an attempt failed would tell a hostile room whether a stranger's port is closed.
            self._closed.wait(max(0.0, deadline_s - self._clock()))
        return [ReachResult(text, answers[address]) for text, address in chosen.items() if address in answers]

    def _is_cancelled(self) -> bool:
        return self._closed.is_set() or self._is_leaving()
