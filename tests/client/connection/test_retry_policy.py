"""Which errors end a session, and which are worth another try."""

from __future__ import annotations

import pytest

from messango.client.connection.retry_policy import BUSY_LIMIT_S, RetryPolicy, is_retryable
from messango.errors import (
    RECONNECTING,
    ConnectionLost,
    JoinRefused,
    LocalProtocolError,
    MessangoError,
    RemoteProtocolError,
    RoomClosed,
    RoomMisbehaved,
    Unreachable,
)
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, DialFailed, FailureKind
from messango.transport.identity.identity_errors import FingerprintMismatch

BUSY = JoinRefused("busy", "Too many attempts.", "Wait.")


def test_no_error_says_that_it_reconnects_when_it_does_not() -> None:
    """Before the first join a broken connection ends the session, and the hint is something to do."""
    lost = ConnectionLost("The connection to the room broke.", RECONNECTING)
    assert RetryPolicy().final_error(lost, has_session=True) is None
    assert lost.hint == RECONNECTING
    assert RetryPolicy().final_error(lost, has_session=False) is lost
    assert lost.hint.startswith("Join again.")


@pytest.mark.parametrize(
    ("error", "retries"),
    [
        (ConnectionLost("The connection broke."), True),
        (Unreachable("Nothing answers."), True),
        (RemoteProtocolError("These bytes are not a frame.", "Check the port."), True),
        (RoomClosed("too-slow", "Your connection is too slow.", "Join again."), True),
        (RoomClosed("kicked", "The host removed you.", ""), False),
        (JoinRefused("full", "The room is full.", "Wait."), True),
        (JoinRefused("locked", "The host has locked the room.", "Wait."), True),
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
    """A full one is left to the person, and one that does not answer too."""
    policy, full = RetryPolicy(), JoinRefused("full", "The room is full.", "Wait.")
    assert policy.final_error(BUSY, has_session=False) is None
    assert policy.final_error(full, has_session=False) is full
    assert policy.final_error(full, has_session=True) is None
    kicked = RoomClosed("kicked", "The host removed you.", "")
    assert policy.final_error(kicked, has_session=True) is kicked


@pytest.mark.parametrize("kind", [FailureKind.SLOW, FailureKind.STALLED])
def test_a_room_in_bad_air_is_tried_again_before_the_first_join(kind: FailureKind) -> None:
    """Once; one that is stuck is left to the person."""

    def failed(kind: FailureKind) -> DialFailed:
        return DialFailed("No answer.", "", [DialAttempt(Address("192.0.2.1"), kind, 15.0)])

    policy, bad_air, stuck = RetryPolicy(), failed(kind), failed(FailureKind.SILENT)
    assert policy.final_error(bad_air, has_session=False) is None
    assert policy.final_error(bad_air, has_session=False) is bad_air
    assert RetryPolicy().final_error(stuck, has_session=False) is stuck


@pytest.mark.parametrize("has_session", [False, True])
def test_a_room_that_is_busy_forever_is_not_waited_for_forever(*, has_session: bool) -> None:
    """The error is in our words, and says for how long the client has tried."""
    now_s = 100.0
    policy = RetryPolicy(lambda: now_s)
    while now_s < 100.0 + BUSY_LIMIT_S:
        assert policy.final_error(BUSY, has_session=has_session) is None
        now_s += 8.0
    final = policy.final_error(BUSY, has_session=has_session)
    assert isinstance(final, JoinRefused)
    assert final.code == "busy"
    assert "2 minutes" in str(final)


def test_a_busy_room_that_answered_otherwise_is_waited_for_again() -> None:
    """The limit counts from the first of the answers without another between them."""
    now_s = 100.0
    policy = RetryPolicy(lambda: now_s)
    assert policy.final_error(BUSY, has_session=True) is None
    now_s += 2 * BUSY_LIMIT_S
    assert policy.final_error(ConnectionLost("It broke."), has_session=True) is None
    assert policy.final_error(BUSY, has_session=True) is None
