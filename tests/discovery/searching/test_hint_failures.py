"""Why a known room does not answer at its last address."""

from __future__ import annotations

import pytest

from messango.discovery.hints import RoomHint
from messango.discovery.searching.hint_failures import HintFailures
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, DialFailed, FailureKind
from messango.transport.dialing.dial_failure_texts import dial_failed
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
