"""Which errors end a session, and which are worth another try."""

from __future__ import annotations

import pytest

from messango.client.retry_policy import is_busy, is_retryable
from messango.errors import (
    ConnectionLost,
    FingerprintMismatch,
    JoinRefused,
    LocalProtocolError,
    MessangoError,
    RemoteProtocolError,
    RoomClosed,
    RoomMisbehaved,
    Unreachable,
)


@pytest.mark.parametrize(
    ("error", "retries"),
    [
        (ConnectionLost("The connection broke."), True),
        (Unreachable("Nothing answers."), True),
        (RemoteProtocolError("These bytes are not a frame.", "Check the port."), True),
        (RoomClosed("too-slow", "Your connection is too slow.", "Join again."), True),
        (RoomClosed("kicked", "The host removed you.", ""), False),
        (JoinRefused("full", "The room is full.", "Wait."), True),
        (JoinRefused("busy", "Too many attempts.", "Wait."), True),
        (JoinRefused("banned", "You are banned.", ""), False),
        (RoomMisbehaved("The room sent messages out of order."), False),
        (FingerprintMismatch("Tea", "ab" * 32, "cd" * 32), False),
        (LocalProtocolError("a welcome cannot follow a welcome"), False),
    ],
    ids=lambda value: type(value).__name__ + getattr(value, "code", ""),
)
def test_what_is_tried_again(error: MessangoError, *, retries: bool) -> None:
    """What may pass is tried again; what a person has decided, or a bug, is not."""
    assert is_retryable(error) is retries


def test_only_a_busy_room_is_waited_for_before_the_first_join() -> None:
    """A full one is left to the person."""
    assert is_busy(JoinRefused("busy", "Too many attempts.", "Wait."))
    assert not is_busy(JoinRefused("full", "The room is full.", "Wait."))
