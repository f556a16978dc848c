"""Tries a transfer until it works: over broken connections, busy rooms and restarts, at the byte."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from messango.client.connection.backoff import Backoff
from messango.client.files.file_connection import RoomRefused
from messango.client.files.talk import Membership, Talk
from messango.client.files.transfer import Transfer, TransferFailed, TransferOver
from messango.errors import MessangoError, RemoteProtocolError, Unreachable
from messango.protocol import error_codes
from messango.protocol.text.plain_names import quoted_name
from messango.transport.identity.identity_errors import FingerprintMismatch

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: How often in a row a room may fail, or not know us, before that is its answer: it may have just started.
_MAX_FAULTS: Final = 5
_FAULTS: Final = (error_codes.FAULT, error_codes.NOT_JOINED)

#: An attempt that ends sooner than this is followed by a pause at least as long as the other, so that a room
#: that accepts and hangs up does not keep us busy.
_QUICK_S: Final = 1.0
_LEAST_PAUSE_S: Final = 0.25

#: A room in which we can talk, but through which no file has moved for this long, will not move it.
_GIVE_UP_AFTER_S: Final = 600.0

#: As many bytes count as having moved.
_PROGRESS_BYTES: Final = 65_536


class Attempts:
    """For the thread of one transfer. `clock` is in seconds."""

    def __init__(self, transfer: Transfer, talk: Talk, clock: Callable[[], float] = time.monotonic) -> None:
        self._transfer, self._talk, self._clock = transfer, talk, clock
        self._backoff = Backoff()
        self._hopeless_s = clock() + _GIVE_UP_AFTER_S
        self._done = self._faults = 0
        self._began_s = clock()

    def run(self, attempt: Callable[[Membership], T]) -> T:
        """Return what `attempt` returns; it is called again while what it raises may pass."""
        while True:
            membership = self._wait_for_membership()
            self._began_s = self._clock()
            try:
                return attempt(membership)
            except RoomRefused as refusal:
                error: MessangoError = refusal
                self._faults += refusal.code in _FAULTS
                if refusal.code not in (*_FAULTS, error_codes.BUSY) or self._faults > _MAX_FAULTS:
                    raise
            except (Unreachable, RemoteProtocolError, FingerprintMismatch) as broke:
                # The address may be another room's by now: the talk connection finds ours again.
                error = broke
            self._give_up_or_wait(error)

    def _wait_for_membership(self) -> Membership:
        membership = self._talk.membership
        if membership is None:
            self._transfer.wait()
            membership = self._talk.wait_for_membership(self._transfer.is_over)
            self._hopeless_s = self._clock() + _GIVE_UP_AFTER_S
        self._transfer.require_going()
        if membership is None:
            raise TransferOver
        return membership

    def _give_up_or_wait(self, error: MessangoError) -> None:
        self._transfer.require_going()
        logger.info("a transfer broke and is tried again: %s", error)
        self._require_hope(error)
        self._transfer.wait()
        least_s = _LEAST_PAUSE_S if self._clock() - self._began_s < _QUICK_S else 0.0
        self._talk.pause(max(self._backoff.next_s(), least_s), self._transfer.is_over)

    def _require_hope(self, error: MessangoError) -> None:
        if self._transfer.done >= self._done + _PROGRESS_BYTES:
            self._backoff.reset()
            self._faults = 0
            self._hopeless_s = self._clock() + _GIVE_UP_AFTER_S
            self._done = self._transfer.done
        if self._clock() >= self._hopeless_s:
            if isinstance(error, RoomRefused):
                raise error
            verb = "sent" if self._transfer.upload else "downloaded"
            raise TransferFailed(
                f"{quoted_name(self._transfer.name)} could not be {verb}: the connection kept breaking.",
                "Try again later, or ask the room's host what keeps the room busy.",
            ) from error
