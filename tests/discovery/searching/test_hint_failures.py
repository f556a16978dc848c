"""Why a known room does not answer at its last address."""

from __future__ import annotations

import contextlib

import pytest

from messango.discovery.hints import RoomHint
from messango.discovery.searching.hint_failures import HintFailures
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, DialFailed, FailureKind
from messango.transport.dialing.dial_failure_texts import dial_failed
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.discovery.factories import ADDRESS, FINGERPRINT, ROOM_ID, FakeProbe, some_room_info

OTHER = Address("192.168.1.20", 8001)


def test_only_failures_at_last_addresses_count() -> None:
    """Another room that is announced and does not answer says nothing about the one that is looked for."""
    probe = FakeProbe()
    refused = dial_failed([DialAttempt(ADDRESS, FailureKind.REFUSED, 0.1)])
    probe.by_port = {ADDRESS.port: refused, OTHER.port: refused}
    failures = HintFailures(probe, [RoomHint(ROOM_ID, "Office", FINGERPRINT, (ADDRESS,))])
    with pytest.raises(DialFailed):
        failures([OTHER])
    assert failures.last is None
    with pytest.raises(DialFailed):
        failures([ADDRESS])
    assert failures.last is refused


def test_an_answer_is_passed_on() -> None:
    """Nothing is kept of it."""
    probe = FakeProbe()
    probe.by_port = {ADDRESS.port: some_room_info("Office")}
    failures = HintFailures(probe, [])
    assert failures([ADDRESS]).room.name == "Office"
    assert failures.last is None


@pytest.mark.parametrize("fingerprint", ["cd" * 32, FINGERPRINT])
def test_another_room_at_the_last_address_is_the_reason(fingerprint: str) -> None:
    """The address is a stranger's now, a router forwards to another room, or the host opened another one."""
    probe = FakeProbe()
    probe.by_port = {ADDRESS.port: some_room_info("Office")}
    failures = HintFailures(probe, [RoomHint(ROOM_ID, "Office", fingerprint, (ADDRESS,))])
    assert failures.error("Office") is None
    with contextlib.suppress(FingerprintMismatch):
        failures([ADDRESS], fingerprint=fingerprint)
    error = failures.error("Office")
    assert error is not None
    assert f"another room answers at {ADDRESS}, where it was last" in str(error)
    assert "invite link" in error.hint
