"""Asking rooms, a few at a time, in threads."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator, Sequence

import pytest

from messango.discovery.probe_pool import MAX_PROBES, PROBE_TIMEOUT_S, ProbeOutcome, ProbePool
from messango.errors import Unreachable
from messango.transport.addresses import Address
from messango.transport.probe import ProbeResult
from tests.discovery.factories import ADDRESS, FakeProbe, some_room_info


@pytest.fixture
def outcomes() -> queue.SimpleQueue[ProbeOutcome]:
    return queue.SimpleQueue()


class BlockedProbe:
    """Stands in for `probe`: holds each that asks until it is let go."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.probing = threading.Semaphore(0)

    def __call__(self, addresses: Sequence[Address], *, timeout_s: float = 3.0) -> ProbeResult:
        assert addresses
        assert timeout_s == PROBE_TIMEOUT_S
        self.probing.release()
        self.released.wait(30)
        raise Unreachable("Nobody answers there.")


@pytest.fixture
def blocked() -> Iterator[BlockedProbe]:
    probe = BlockedProbe()
    yield probe
    probe.released.set()


def test_an_answer_is_brought_back(outcomes: queue.SimpleQueue[ProbeOutcome]) -> None:
    """What the room told, or why it did not."""
    rooms = FakeProbe()
    rooms.by_port[8000] = some_room_info("Office")
    pool = ProbePool(rooms)
    pool.start([ADDRESS], outcomes.put)
    outcome = outcomes.get(timeout=20).result
    assert isinstance(outcome, ProbeResult)
    assert outcome.room.name == "Office"
    pool.start([Address("192.168.1.20", 9)], outcomes.put)
    assert isinstance(outcomes.get(timeout=20).result, Unreachable)
    pool.close(10)


def test_a_fault_ends_no_prober(
    outcomes: queue.SimpleQueue[ProbeOutcome], caplog: pytest.LogCaptureFixture
) -> None:
    """A stranger who finds a bug of ours stops nobody else's probe; it is logged."""

    def faulty(addresses: Sequence[Address], *, timeout_s: float = 3.0) -> ProbeResult:
        raise ZeroDivisionError(addresses, timeout_s)

    pool = ProbePool(faulty)
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
    """One at a time needs one thread; a dozen dead rooms leave room for one that lives."""
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


def test_closing_waits_no_longer_than_told(
    blocked: BlockedProbe, outcomes: queue.SimpleQueue[ProbeOutcome]
) -> None:
    """A connect to nowhere holds its thread, not us; and the thread holds no program alive."""
    pool = ProbePool(blocked)
    pool.start([ADDRESS], outcomes.put)
    assert blocked.probing.acquire(timeout=20)
    pool.close(0.05)
    (thread,) = (one for one in threading.enumerate() if one.name == "messango-probe-1")
    assert thread.daemon
    blocked.released.set()
    thread.join(20)
    assert not thread.is_alive()
