"""The recognized reason in place of an error's sentences."""

from __future__ import annotations

import dataclasses

import pytest

from messango.discovery.model.events import RoomStatus
from messango.discovery.searching.silent_rooms import NoRoomAnswers, NothingHeard
from messango.doctor import reason
from messango.doctor.recognizers.scene import Scene
from messango.errors import BadAddress, MessangoError, RoomNotFound
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, DialFailed, FailureKind
from messango.transport.identity.identity_errors import WrongInvite
from tests.doctor.factories import own, room, scene

LAN = own("eth0 192.168.2.7/24")


@pytest.fixture(autouse=True)
def _made_up_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look around on a made-up computer."""

    def look(rooms: tuple[Address, ...] = (), attempts: tuple[DialAttempt, ...] = (), **more: bool) -> Scene:
        return dataclasses.replace(
            scene(LAN),
            rooms=tuple(rooms) or tuple(attempt.address for attempt in attempts),
            attempts=tuple(attempts),
            heard=more.get("heard"),
        )

    monkeypatch.setattr(reason, "look_around", look)


def dial_failed(host: str, kind: FailureKind) -> DialFailed:
    """Return the error of a room at this host."""
    return DialFailed("It does not answer.", "Try again.", [DialAttempt(Address(host), kind, 1.0)])


def test_an_address_that_is_not_reached() -> None:
    """The error keeps its class, attempts and status; its sentences are the reason's."""
    error = dial_failed("192.168.1.20", FailureKind.NO_ROUTE)
    reason.add_reason(error)
    assert "is in another subnet" in str(error)
    assert "ip addr add 192.168.1.7/24 dev eth0" in error.hint
    assert error.kind is FailureKind.NO_ROUTE


def test_a_room_that_is_announced_and_does_not_answer() -> None:
    """What was not found is still told, then why."""
    silent = dataclasses.replace(
        room(RoomStatus.SILENT),
        failure=DialAttempt(Address("192.168.1.20", 8003), FailureKind.NO_ROUTE, 0.0),
    )
    error = NoRoomAnswers("No room answered. Nobody knows why.", "Try again.", [silent])
    reason.add_reason(error)
    assert str(error).startswith("No room answered. The room's address 192.168.1.20 is in another subnet")
    assert "Nobody knows" not in str(error)


@pytest.mark.parametrize(
    "error",
    [
        dial_failed("192.168.2.20", FailureKind.REFUSED),
        RoomNotFound("No room found.", "Open one."),
        NothingHeard("No room “Tea” found, nor any other room.", "Open one."),
        BadAddress("Not an address.", "Type another."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_without_a_reason_stays(error: MessangoError) -> None:
    """Its own sentences are the best there is."""
    before = (str(error), error.hint)
    reason.add_reason(error)
    assert (str(error), error.hint) == before


@pytest.mark.parametrize(("host", "is_ours"), [("192.168.2.7", True), ("192.168.2.9", False)])
def test_an_invite_whose_address_is_ours(host: str, is_ours: bool) -> None:  # noqa: FBT001 (pytest's)
    """A VPN gave both computers one address: our own room answered, and nobody pretends to be another."""
    link = WrongInvite(f"{host}:8000", "ab" * 32, "cd" * 32, words=("one", "other"))
    refused = dial_failed(host, FailureKind.REFUSED)
    for error in (link, refused):
        reason.add_reason(error)
        assert ("is an address of this computer" in str(error)) is is_ours
    loopback = dial_failed("127.0.0.1", FailureKind.REFUSED)
    reason.add_reason(loopback)
    assert str(loopback) == "It does not answer."
