"""When a transfer is tried again, and when it is given up."""

from __future__ import annotations

import pytest

from messango.client.connection import backoff
from messango.client.events import FileFailed, FileProgress, FileSaved
from messango.client.files import attempts
from messango.client.files.attempts import Attempts
from messango.client.files.file_connection import RoomRefused
from messango.client.files.talk import Membership, Talk
from messango.client.files.transfer import Transfer, TransferFailed, TransferOver
from messango.errors import ConnectionLost, MessangoError, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.frames import Problem
from messango.transport.addresses import Address
from messango.transport.identity.identity_errors import FingerprintMismatch

MEMBERSHIP = Membership(Address("192.0.2.1"), "ab" * 32, "secret", "room", frozenset())
LOST = ConnectionLost("The connection broke.")
BUSY = RoomRefused(Problem(error_codes.BUSY, "Busy.", ""))
FAULT = RoomRefused(Problem(error_codes.FAULT, "Broken disk.", ""))
FULL = RoomRefused(Problem(error_codes.STORE_FULL, "Full.", ""))


class Harness:
    """A transfer of a thousand bytes, in a room that we are in; its clock is that of the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(backoff, "_STEPS_S", (0.0,))
        monkeypatch.setattr(attempts, "_LEAST_PAUSE_S", 0.0)
        self.now_s = 0.0
        self.events: list[FileProgress | FileSaved | FileFailed] = []
        self.talk = Talk()
        self.talk.joined(MEMBERSHIP)
        self.stopping = False
        self.transfer = Transfer("t", "x", 1_000_000, upload=True, owner=self, stopping=lambda: self.stopping)
        self.attempts = Attempts(self.transfer, self.talk, lambda: self.now_s)
        self.tries = 0

    def report(self, transfer: Transfer, event: FileProgress | FileSaved | FileFailed) -> None:
        """Record it."""
        assert transfer is self.transfer
        self.events.append(event)

    def commit(self, transfer: Transfer) -> bool:
        """Allow it."""
        return transfer is self.transfer

    def uncommit(self, transfer: Transfer) -> None:
        """Ignore it."""

    def run(self, *errors: MessangoError, each_s: float = 0.0, moves: int = 0) -> str:
        """Fail with these errors, one after the other, then work."""

        def attempt(membership: Membership) -> str:
            assert membership == MEMBERSHIP
            self.tries += 1
            self.now_s += each_s
            if moves:
                self.transfer.progress(self.tries * moves)
            if self.tries <= len(errors):
                raise errors[self.tries - 1]
            return "done"

        return self.attempts.run(attempt)


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch) -> Harness:
    return Harness(monkeypatch)


@pytest.mark.parametrize(
    "error",
    [
        LOST,
        BUSY,
        FAULT,
        RoomRefused(Problem(error_codes.NOT_JOINED, "Who are you?", "")),
        RemoteProtocolError("No TLS."),
        FingerprintMismatch("192.0.2.1", "ab" * 32, "cd" * 32),
    ],
    ids=lambda error: type(error).__name__ + getattr(error, "code", ""),
)
def test_what_may_pass_is_tried_again(harness: Harness, error: MessangoError) -> None:
    """The person reads that it waits."""
    assert harness.run(error, error) == "done"
    assert harness.events == [FileProgress("t", "x", 1_000_000, 0, upload=True, waiting=True)]


@pytest.mark.parametrize("error", [FULL, TransferFailed("The file changed.")], ids=["full", "changed"])
def test_what_stays_is_not(harness: Harness, error: MessangoError) -> None:
    """Once is enough."""
    with pytest.raises(type(error)):
        harness.run(error)
    assert harness.tries == 1


def test_a_room_that_fails_in_a_row_is_believed(harness: Harness) -> None:
    """But not if the file moves in between."""
    with pytest.raises(RoomRefused, match="Broken disk"):
        harness.run(*[FAULT] * 10)
    assert harness.tries == 6


def test_faults_far_apart_are_forgiven(harness: Harness) -> None:
    """A disk that has space now and then."""
    assert harness.run(*[FAULT, LOST] * 10, moves=40_000) == "done"


def test_a_file_that_never_moves_is_given_up(harness: Harness) -> None:
    """After ten minutes in the room, in a sentence of ours, or in the room's own."""
    with pytest.raises(TransferFailed, match="could not be sent"):
        harness.run(*[LOST] * 100, each_s=61.0)
    assert harness.tries == 10
    with pytest.raises(RoomRefused, match="Busy"):
        harness.run(*[BUSY] * 100, each_s=61.0)


def test_a_file_that_moves_is_not_given_up(harness: Harness) -> None:
    """However often its connection breaks."""
    assert harness.run(*[LOST] * 100, each_s=61.0, moves=70_000) == "done"


def test_a_room_that_hangs_up_at_once_does_not_keep_us_busy(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its attempts are spread, however often the file moves a little; one that took long is not delayed."""
    pauses: list[float] = []
    monkeypatch.setattr(attempts, "_LEAST_PAUSE_S", 0.25)
    monkeypatch.setattr(harness.talk, "pause", lambda pause_s, _is_over: pauses.append(pause_s))
    harness.run(LOST, LOST, moves=70_000)
    assert pauses == [0.25, 0.25]
    harness.tries = 0
    harness.run(LOST, each_s=2.0)
    assert pauses[2:] == [0.0]


def test_nobody_waits_for_a_transfer_that_was_cancelled(harness: Harness) -> None:
    """Neither in the room nor outside."""
    harness.transfer.cancel()
    with pytest.raises(TransferOver):
        harness.run(LOST)
    harness.talk.disconnected()
    with pytest.raises(TransferOver):
        harness.run()
    assert harness.tries == 0


def test_a_session_that_ends_ends_the_attempts(harness: Harness) -> None:
    """Also between two of them."""

    def attempt(_: Membership) -> str:
        harness.stopping = True
        raise LOST

    with pytest.raises(TransferOver):
        harness.attempts.run(attempt)
