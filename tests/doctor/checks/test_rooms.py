"""The check of the rooms that are found."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable, Sequence

import pytest

from messango.discovery.announcing.advertise import Advertiser
from messango.discovery.model.events import BrowseFailed, FoundRoom, RoomStatus
from messango.discovery.searching.search import list_rooms
from messango.doctor.checks.rooms import check_rooms
from messango.doctor.findings import Finding, Severity
from messango.errors import BadAddress
from messango.protocol.frames import RoomInfo
from messango.transport.addresses import Address
from tests.doctor.factories import room


def check(
    *rooms: FoundRoom, failure: BrowseFailed | None = None, reason: Finding | None = None
) -> list[Finding]:
    """Return the findings if these rooms are found, and the search fails, or silence has a reason."""

    def list_rooms_found(_: float, /, *, on_failure: Callable[[BrowseFailed], None]) -> Sequence[FoundRoom]:
        if failure:
            on_failure(failure)
        return rooms

    return list(check_rooms(list_rooms_found, explain_silence=lambda _: reason))


@pytest.mark.parametrize("status", [RoomStatus.OPEN, RoomStatus.FULL])
def test_a_room_that_answers_is_ok(status: RoomStatus) -> None:
    """Its name, machine and round trip are shown, full or not."""
    (finding,) = check(room(status, ping_ms=0.42))
    assert (finding.check, finding.severity) == ("rooms", Severity.OK)
    assert "“Office” on ann-laptop answers in 0.4 ms" in finding.message


def test_a_room_that_does_not_answer_is_a_warning() -> None:
    """The message has its address, and the hint the port to allow on its machine."""
    (finding,) = check(room(RoomStatus.SILENT))
    assert finding.severity is Severity.WARNING
    assert "192.168.1.20:8003" in finding.message
    assert "TCP port 8003" in finding.remedy


def test_a_silent_room_has_the_recognized_reason() -> None:
    """It is as serious as the reason, and has its cure."""
    (finding,) = check(
        room(RoomStatus.SILENT), reason=Finding("vpn", Severity.PROBLEM, "A VPN takes it.", "Turn it off.")
    )
    assert finding.severity is Severity.PROBLEM
    assert finding.message.endswith("does not answer. A VPN takes it.")
    assert finding.remedy == "Turn it off."


def test_a_room_of_another_version_is_a_warning() -> None:
    """The version is shown, with the hint to update."""
    (finding,) = check(room(RoomStatus.OTHER_VERSION))
    assert finding.severity is Severity.WARNING
    assert "(7)" in finding.message
    assert "Update" in finding.remedy


def test_a_room_that_is_not_the_announced_one_is_a_warning() -> None:
    """Its address is shown, and what may be behind it."""
    (finding,) = check(room(RoomStatus.UNPROVED))
    assert finding.severity is Severity.WARNING
    assert "192.168.1.20:8003, but the server there can't prove" in finding.message
    assert "pretends" in finding.remedy


def test_each_room_has_its_own_line() -> None:
    """One that is silent does not hide one that answers."""
    found = check(room(RoomStatus.OPEN), room(RoomStatus.SILENT, name="Ghost"))
    assert [finding.severity for finding in found] == [Severity.OK, Severity.WARNING]


def test_no_rooms_found_is_a_note() -> None:
    """Perhaps nobody opened one: the hint says what to do next."""
    (finding,) = check()
    assert finding.severity is Severity.NOTE
    assert "messango server" in finding.remedy


def test_a_search_that_fails_is_a_problem() -> None:
    """The browser's message is passed on, and the check does not claim that there are no rooms."""
    (finding,) = check(failure=BrowseFailed("Port 5353 can't be used.", "Look for the cause."))
    assert finding == Finding("rooms", Severity.PROBLEM, "Port 5353 can't be used.", "Look for the cause.")


def test_a_room_whose_port_is_closed_is_reported() -> None:
    """A room that is announced on the loopback but not served does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    room_info = RoomInfo(1, "5f" * 16, "Ghost ship", "1.0", 0, 5, False, True)
    calls: list[str] = []
    advertiser = Advertiser(
        room_info,
        port=port,
        fingerprint="ab" * 32,
        addresses=["127.0.0.1"],
        on_renamed=calls.append,
        on_failure=calls.append,
        on_duplicate=print,
    )
    advertiser.start()
    try:
        found = list(check_rooms(list_rooms))
    finally:
        advertiser.close()
    assert calls == []
    (finding,) = [one for one in found if "Ghost ship" in one.message]
    assert finding.severity is Severity.WARNING
    assert f"127.0.0.1:{port}" in finding.message


def test_an_invalid_environment_is_a_problem() -> None:
    """An exception of the search is reported like any other cause."""

    def fails(_: float, /, **__: object) -> Sequence[FoundRoom]:
        raise BadAddress("“eth0” is not valid.", "Use an address.")

    (finding,) = check_rooms(fails)
    assert finding == Finding("rooms", Severity.PROBLEM, "“eth0” is not valid.", "Use an address.")


def test_a_name_can_not_pass_for_a_sentence() -> None:
    """Neither a room's nor a computer's: strangers chose both."""
    forged = dataclasses.replace(
        room(RoomStatus.SILENT), name="Tea” answers. The room “Tea", host="here is safe, but"
    )
    (finding,) = check(forged)
    assert finding.message.startswith(
        "The room “Tea' answers. The room 'Tea” on “here is safe, but” is announced"
    )


@pytest.mark.parametrize("status", [RoomStatus.CHECKING, RoomStatus.SLOW])
def test_a_room_whose_answer_is_on_its_way_is_not_silent(status: RoomStatus) -> None:
    """Neither its server nor a firewall is to blame as far as is known."""
    (finding,) = check(room(status))
    assert finding.severity is Severity.WARNING
    assert "takes long" in finding.message
    assert "`messango doctor 192.168.1.20:8003`" in finding.remedy


def test_a_silent_room_of_this_computer_sends_nobody_to_its_host() -> None:
    """The person who reads it is the host."""
    here = dataclasses.replace(room(RoomStatus.SILENT), addresses=(Address("127.0.0.1", 8003),))
    (finding,) = check(here, reason=Finding("vpn", Severity.PROBLEM, "Ask the host.", "Ask the host."))
    assert "is on this computer" in finding.message
    assert "host" not in finding.remedy
