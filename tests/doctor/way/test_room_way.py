"""The way to one room, step by step, with made-up searches and answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from messango.discovery.model.events import BrowseFailed, FoundRoom, RoomStatus
from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.recognize import look_around
from messango.doctor.way import room_way
from messango.doctor.way.room_search import RoomTarget
from messango.doctor.way.room_way import check_way
from messango.errors import MessangoError, UnprovedIdentity
from messango.protocol.frames import RoomInfoFrame
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, DialFailed, FailureKind
from messango.transport.dialing.probe import ProbeResult
from messango.transport.identity.identity_errors import FingerprintMismatch
from messango.transport.networks.own_networks import OwnNetworks
from tests.doctor.factories import own, room

LAN = own("eth0 192.168.1.7/24", "lo 127.0.0.1/8")
ADDRESS = Address("192.168.1.20", 8003)
BY_ADDRESS = RoomTarget("192.168.1.20:8003", (ADDRESS,))
BY_NAME = RoomTarget("Office", is_name=True)


class FakeSearch:
    """A search that has ended."""

    def __init__(self, found: FoundRoom | None, others: Sequence[str] = (), failure: str = "") -> None:
        self.room, self.others = found, set(others)
        self.failure = BrowseFailed(failure, "Look for the cause.") if failure else None
        self.closed = False

    def wait(self) -> FoundRoom | None:
        """Return what was heard."""
        return self.room

    def close(self) -> None:
        """Take note."""
        self.closed = True


@pytest.fixture(autouse=True)
def _large_packets_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is connected to."""
    monkeypatch.setattr(room_way, "large_packets_pass", lambda *_: True)
    monkeypatch.setattr(room_way, "is_echo_heard", lambda *_: True)


def answer(**fields: object) -> ProbeResult:
    """Return the answer of the room, with some fields changed."""
    info = RoomInfoFrame(1, "5f" * 16, "Office", "1.0", 2, 5, locked=False, history=False)
    return ProbeResult(dataclass_replace(info, **fields), ADDRESS, "ab" * 32, 0.4)


def dataclass_replace(info: RoomInfoFrame, **fields: object) -> RoomInfoFrame:
    """Return a frame with some fields changed."""
    values = {name: getattr(info, name) for name in info.__struct_fields__}
    return RoomInfoFrame(**{**values, **fields})


def examine(
    target: RoomTarget,
    outcome: ProbeResult | MessangoError,
    search: FakeSearch | None = None,
    networks: OwnNetworks = LAN,
) -> list[Finding]:
    """Return the findings if a probe ends like this."""

    def probe(_: Sequence[Address], *, fingerprint: str | None, timeout_s: float) -> ProbeResult:
        assert fingerprint in (None, "", target.fingerprint or None)
        assert timeout_s < 8
        if isinstance(outcome, MessangoError):
            raise outcome
        return outcome

    used = search or FakeSearch(room(RoomStatus.OPEN))
    found = list(check_way(target, start_search=lambda _: used, probe=probe, own=networks))  # type: ignore[arg-type, return-value]
    assert used.closed
    return found


def failed(kind: FailureKind) -> DialFailed:
    """Return the error of an attempt that met this."""
    return DialFailed("It does not answer.", "Try again.", [DialAttempt(ADDRESS, kind, 1.0)])


def test_a_room_that_is_all_right() -> None:
    """Each step is a finding."""
    found = examine(BY_NAME, answer())
    assert [one.check for one in found] == [
        "name",
        "network",
        "connect",
        "encryption",
        "certificate",
        "room",
        "packets",
    ]
    assert {one.severity for one in found} == {Severity.OK}
    assert "2 of 5 seats" in found[5].message


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        (FailureKind.REFUSED, ["connect"]),
        (FailureKind.HOST_UNREACHABLE, ["connect"]),
        (FailureKind.NAME_NOT_FOUND, ["name"]),
        (FailureKind.STALLED, ["connect", "encryption"]),
        (FailureKind.WEB_SERVER, ["connect", "encryption"]),
        (FailureKind.WRONG_CERTIFICATE, ["connect", "certificate"]),
    ],
)
def test_the_first_broken_step_is_the_last_finding(kind: FailureKind, steps: list[str]) -> None:
    """What worked before it is told; the hint does not say to do what is just done."""
    found = examine(BY_ADDRESS, failed(kind))
    assert [one.check for one in found[2:]] == steps
    assert found[-1].severity is Severity.PROBLEM
    assert found[-1].remedy
    assert "examines the way" not in found[-1].remedy


def test_a_broken_step_has_the_recognized_reason() -> None:
    """The address is in another subnet, and its announcement arrives."""
    found = examine(BY_ADDRESS, failed(FailureKind.NO_ROUTE), networks=own("eth0 192.168.2.7/24"))
    assert found[1].severity is Severity.NOTE
    assert (found[-1].check, found[-1].severity) == ("connect", Severity.PROBLEM)
    assert "another subnet" in found[-1].message
    assert "ip addr add" in found[-1].remedy


@pytest.mark.parametrize(
    "error", [FingerprintMismatch("192.168.1.20", "ab" * 32, "cd" * 32), UnprovedIdentity("192.168.1.20")]
)
def test_another_certificate_is_a_problem(error: MessangoError) -> None:
    """Nothing more is examined."""
    found = examine(BY_ADDRESS, error)
    assert (found[-1].check, found[-1].severity) == ("certificate", Severity.PROBLEM)


@pytest.mark.parametrize(
    ("fields", "severity", "words"),
    [
        ({"members": 5}, Severity.WARNING, "full"),
        ({"password": True}, Severity.OK, "asks for a password."),
        ({"locked": True, "password": None}, Severity.OK, "a password, or its host has locked it"),
        ({"locked": True, "password": True, "members": 5}, Severity.WARNING, "locked it: nobody new"),
        ({"protocol": 7}, Severity.PROBLEM, "version"),
    ],
)
def test_a_room_that_can_not_be_joined(fields: dict[str, object], severity: Severity, words: str) -> None:
    """It answers, but does not let everybody in."""
    (step,) = [one for one in examine(BY_ADDRESS, answer(**fields)) if one.check == "room"]
    assert step.severity is severity
    assert words in step.message


def test_our_own_room_proves_nothing() -> None:
    """A connection of this computer to itself is no connection of others."""
    result = dataclasses.replace(answer(), address=Address("192.168.1.7", 8000))
    target = RoomTarget("192.168.1.7", (Address("192.168.1.7", 8000),))
    last = examine(target, result)[-1]
    assert (last.check, last.severity) == ("outside", Severity.WARNING)
    assert "on another computer" in last.remedy


def test_a_room_that_is_not_heard() -> None:
    """It answers on our own network, so multicast does not pass."""
    last = examine(BY_ADDRESS, answer(), FakeSearch(None))[-1]
    assert (last.check, last.severity) == ("multicast", Severity.WARNING)
    elsewhere = examine(
        BY_ADDRESS, answer(), FakeSearch(None), own("eth0 10.0.0.7/24", via={ADDRESS.host: "10.0.0.7"})
    )
    assert elsewhere[-1].check == "packets"


def test_a_known_name_that_is_not_heard() -> None:
    """Its last address is examined."""
    target = dataclasses.replace(BY_NAME, addresses=(ADDRESS,), fingerprint="ab" * 32)
    found = examine(target, answer(), FakeSearch(None))
    assert (found[0].check, found[0].severity) == ("name", Severity.NOTE)
    assert "192.168.1.20:8003 last" in found[0].message
    assert "expected one" in found[4].message


@pytest.mark.parametrize(
    ("search", "words"),
    [
        (FakeSearch(None, others=["Coffee"]), "Other rooms are: “Coffee”"),
        (FakeSearch(None, failure="Port 5353 can't be used."), "Port 5353 can't be used."),
        (FakeSearch(None), "no address of it is known"),
    ],
)
def test_a_name_that_leads_nowhere(search: FakeSearch, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the only finding, with what else was heard."""
    # The tests use nothing but the loopback interface, and that would be the reason.
    monkeypatch.setattr(
        room_way, "look_around", lambda **more: dataclasses.replace(look_around(**more), limit=())
    )
    (finding,) = examine(BY_NAME, answer(), search)
    assert (finding.check, finding.severity) == ("name", Severity.PROBLEM)
    assert words in finding.message
    assert finding.remedy


def test_lost_large_packets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room answers, and a long message would never arrive."""
    monkeypatch.setattr(room_way, "large_packets_pass", lambda *_: False)
    step = examine(BY_ADDRESS, answer())[-1]
    assert (step.check, step.severity) == ("packets", Severity.PROBLEM)


def test_a_slow_room_is_not_one_that_loses_large_packets(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second connection came about, so nothing is known of them; the slow first one is told."""
    monkeypatch.setattr(room_way, "large_packets_pass", lambda *_: None)
    found = examine(
        BY_ADDRESS, dataclasses.replace(answer(), ping_ms=1013.0), FakeSearch(room(RoomStatus.OPEN))
    )
    connect, packets = (next(one for one in found if one.check == check) for check in ("connect", "packets"))
    assert (connect.severity, packets.severity) == (Severity.WARNING, Severity.WARNING)
    assert "slowly (in 1013 ms)" in connect.message
    assert "loses packets" in packets.message
    assert "Wi-Fi" in packets.remedy
