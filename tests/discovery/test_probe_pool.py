"""Probing rooms, a few at a time, in threads."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator, Sequence

import pytest

from messango.discovery.probe_pool import MAX_PROBES, PROBE_TIMEOUT_S, ProbeOutcome, ProbePool
from messango.errors import Unreachable
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.discovery.factories import ADDRESS, FakeProbe, some_room_info


@pytest.fixture
def outcomes() -> queue.SimpleQueue[ProbeOutcome]:
    return queue.SimpleQueue()


class BlockedProbe:
    """Replaces `probe`: each call blocks until the test releases it."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.probing = threading.Semaphore(0)

    def __call__(
        self,
        addresses: Sequence[Address],
        *,
        fingerprint: str | None = None,
        timeout_s: float = 3.0,
        patience_s: float = 10.0,
    ) -> ProbeResult:
        assert addresses
        assert fingerprint is None
        assert timeout_s == PROBE_TIMEOUT_S <= patience_s
        self.probing.release()
        self.released.wait(30)
        raise Unreachable("Nobody answers there.")


@pytest.fixture
def blocked() -> Iterator[BlockedProbe]:
    probe = BlockedProbe()
    yield probe
    probe.released.set()


def test_a_result_is_returned(outcomes: queue.SimpleQueue[ProbeOutcome]) -> None:
    """The room's info, or why there is none: another room answers there."""
    rooms = FakeProbe()
    rooms.by_port[8000] = some_room_info("Office")
    pool = ProbePool(rooms)
    pool.start([ADDRESS], outcomes.put)
    outcome = outcomes.get(timeout=20).result
    assert isinstance(outcome, ProbeResult)
    assert outcome.room.name == "Office"
    pool.start([Address("192.168.1.20", 9)], outcomes.put)
    assert isinstance(outcomes.get(timeout=20).result, Unreachable)
    pool.start([ADDRESS], outcomes.put, "cd" * 32)
    assert isinstance(outcomes.get(timeout=20).result, FingerprintMismatch)
    pool.close(10)


def test_an_exception_ends_no_thread(
    outcomes: queue.SimpleQueue[ProbeOutcome], caplog: pytest.LogCaptureFixture
) -> None:
    """A stranger who triggers a bug of ours stops no other probe; the bug is logged."""

    def failing_probe(
        addresses: Sequence[Address],
        *,
        fingerprint: str | None = None,
        timeout_s: float = 3.0,
        patience_s: float = 10.0,
    ) -> ProbeResult:
        raise ZeroDivisionError(addresses, fingerprint, timeout_s, patience_s)

    pool = ProbePool(failing_probe)
    with caplog.at_level(logging.ERROR):
        for _ in range(MAX_PROBES + 1):
            pool.start([ADDRESS], outcomes.put)
            assert isinstance(outcomes.get(timeout=20).result, Unreachable)
            pool.release()
    assert "ZeroDivisionError" in caplog.text
    pool.close(10)


def test_threads_are_few_and_started_as_needed(
    blocked: BlockedProbe, outcomes: queue.SimpleQueue[ProbeOutcome]
) -> None:
    """One probe at a time needs one thread; a dozen dead rooms leave threads for a living one."""
    pool = ProbePool(blocked)
    before = threading.active_count()
    pool.start([ADDRESS], outcomes.put)
    assert threading.active_count() == before + 1
    for _ in range(MAX_PROBES - 1):
        pool.start([ADDRESS], outcomes.put)
    for _ in range(MAX_PROBES):
        assert blocked.probing.acquire(timeout=20)
    assert pool.free_slots == 0
    blocked.released.set()
    for _ in range(MAX_PROBES):
        outcomes.get(timeout=20)
        pool.release()
    assert pool.free_slots == MAX_PROBES
    pool.close(10)


def test_closing_waits_no_longer_than_its_timeout(
    blocked: BlockedProbe, outcomes: queue.SimpleQueue[ProbeOutcome]
) -> None:
    """A connect that hangs blocks only its thread, and the thread does not keep the program alive."""
    pool = ProbePool(blocked)
    pool.start([ADDRESS], outcomes.put)
    assert blocked.probing.acquire(timeout=20)
    pool.close(0.05)
    (thread,) = (one for one in threading.enumerate() if one.name == "messango-probe-1")
    assert thread.daemon
    blocked.released.set()
    thread.join(20)
    assert not thread.is_alive()


def test_nothing_starts_after_the_end(outcomes: queue.SimpleQueue[ProbeOutcome]) -> None:
    """`close` does not wait for a busy owner: a thread that it started then would wait for jobs for ever."""
    rooms = FakeProbe()
    rooms.by_port[8000] = some_room_info("Office")
    pool = ProbePool(rooms)
    pool.start([ADDRESS], outcomes.put)
    outcomes.get(timeout=20)
    pool.close(10)
    before = set(threading.enumerate())
    pool.start([ADDRESS], outcomes.put)
    assert set(threading.enumerate()) <= before
    assert outcomes.empty()
    assert pool.free_slots == MAX_PROBES - 1
