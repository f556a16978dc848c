"""Which errors of a room are worth another try; `backoff` says when."""

from __future__ import annotations

from messango.errors import (
    FingerprintMismatch,
    InternalError,
    JoinRefused,
    MessangoError,
    RoomClosed,
    RoomMisbehaved,
    UnprovedIdentity,
)
from messango.protocol import error_codes


def is_retryable(error: MessangoError) -> bool:
    """Return whether the client should try the room again after this error."""
    if isinstance(error, RoomClosed):
        return error.code == error_codes.TOO_SLOW
    if isinstance(error, JoinRefused):
        # Our reserved seat may have been given away; another one may become free.
        return error.code == error_codes.FULL or is_busy(error)
    # A room that misbehaved would misbehave again, and so would a bug of ours. Anything else may pass, also
    # bytes that are not a frame.
    return not isinstance(error, (FingerprintMismatch, UnprovedIdentity, RoomMisbehaved, InternalError))


def is_busy(error: MessangoError) -> bool:
    """Return whether the room was too busy to check our password."""
    return isinstance(error, JoinRefused) and error.code == error_codes.BUSY
