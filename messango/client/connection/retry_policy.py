"""Which errors of a room are worth another try; `backoff` says when."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from messango.client.connection.receiver import LargePacketsLost
from messango.errors import (
    RECONNECTING,
    ConnectionLost,
    InternalError,
    JoinRefused,
    MessangoError,
    RoomClosed,
    RoomMisbehaved,
    UnprovedIdentity,
)
from messango.protocol import error_codes
from messango.transport.dialing.dial_failure import FailureKind, failure_kind
from messango.transport.identity.identity_errors import FingerprintMismatch

#: A flood of strangers delays a newcomer for seconds. A room that answers `busy` for longer than this would
#: do so forever, and nobody should wait for it without an end.
BUSY_LIMIT_S: Final = 120.0

#: Instead of `RECONNECTING`, where that is not true.
_TRY_AGAIN_HINT: Final = "Join again. If that happens again, `messango doctor` examines this network."

#: In bad air, the first attempt to join is made again so often, at once: where packets are lost, the second
#: one is as likely to succeed as the first was.
BAD_AIR_RETRIES: Final = 1
_BAD_AIR: Final = (FailureKind.SLOW, FailureKind.STALLED)


class RetryPolicy:
    """Decides after each error whether the client goes on. Not thread-safe. `clock` is in seconds.

    With `waits_for_seat` a full room is tried again until somebody leaves.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, waits_for_seat: bool = False) -> None:
        self._clock = clock
        self._waits_for_seat = waits_for_seat
        self._busy_since_s: float | None = None
        self._bad_air_retries = 0

    def final_error(self, error: MessangoError, *, has_session: bool) -> MessangoError | None:
        """Return the error that ends the session, or None to try again.

        Before the first join only a busy room is waited for, and one whose answer was too large for the way
        is asked once more; anything else is left to the person.
        """
        if isinstance(error, LargePacketsLost) or (self._waits_for_seat and is_full(error)):
            return None
        if not is_busy(error):
            self._busy_since_s = None
            if failure_kind(error) in _BAD_AIR and self._bad_air_retries < BAD_AIR_RETRIES:
                self._bad_air_retries += 1
                return None
            if has_session and is_retryable(error):
                return None
            if isinstance(error, ConnectionLost) and error.hint == RECONNECTING:
                error.hint = _TRY_AGAIN_HINT
            return error
        if self._busy_since_s is None:
            self._busy_since_s = self._clock()
        if self._clock() - self._busy_since_s < BUSY_LIMIT_S:
            return None
        return JoinRefused(
            error_codes.BUSY,
            f"The room has been too busy to let you in for {BUSY_LIMIT_S / 60:.0f} minutes.",
            "Try again later, or ask the host what keeps the room busy.",
        )


def is_retryable(error: MessangoError) -> bool:
    """Return whether the client should try the room again after this error."""
    if isinstance(error, RoomClosed):
        return error.code == error_codes.TOO_SLOW
    if isinstance(error, JoinRefused):
        # Our reserved seat may have been given away. Another one may become free, the room unlocked, and the
        # server linked with the others again.
        return error.code in (error_codes.FULL, error_codes.LOCKED, error_codes.LINK_DOWN) or is_busy(error)
    # A room that misbehaved would misbehave again, and so would a bug of ours. Anything else may pass, also
    # bytes that are not a frame.
    return not isinstance(error, (FingerprintMismatch, UnprovedIdentity, RoomMisbehaved, InternalError))


def is_busy(error: MessangoError) -> bool:
    """Return whether the room was too busy to check our password."""
    return isinstance(error, JoinRefused) and error.code == error_codes.BUSY


def is_full(error: MessangoError | None) -> bool:
    """Return whether the room had no free seat for us."""
    return isinstance(error, JoinRefused) and error.code == error_codes.FULL
