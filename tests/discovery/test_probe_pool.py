"""Asking rooms, a few at a time, in threads."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator, Sequence

import pytest

from messango.discovery.probe_pool import MAX_PROBERS, PROBE_TIMEOUT_S, Answer, Probers
from messango.errors import Unreachable
from messango.transport.addresses import Address
from messango.transport.probe import ProbeResult
from tests.discovery.factories import HOME, Rooms, some_facts


@pytest.fixture
def answers() -> queue.SimpleQueue[Answer]:
    return queue.SimpleQueue()


class Stuck:
    """Stands in for `look`: holds each that asks until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asking = threading.Semaphore(0)

    def __call__(self, addresses: Sequence[Address], *, timeout_s: float = 3.0) -> ProbeResult:
        assert addresses
        assert timeout_s == PROBE_TIMEOUT_S
        self.asking.release()
        self.go.wait(30)
        raise Unreachable("Nobody answers there.")


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    look = Stuck()
    yield look
    look.go.set()


def test_an_answer_is_brought_back(answers: queue.SimpleQueue[Answer]) -> None:
    """What the room told, or why it did not."""
    rooms = Rooms()
    rooms.at[8000] = some_facts("Office")
    probers = Probers(rooms)
    probers.ask([HOME], answers.put)
    outcome = answers.get(timeout=20).outcome
    assert isinstance(outcome, ProbeResult)
    assert outcome.room.name == "Office"
    probers.ask([Address("192.168.1.20", 9)], answers.put)
    assert isinstance(answers.get(timeout=20).outcome, Unreachable)
    probers.close(10)


def test_a_fault_ends_no_prober(answers: queue.SimpleQueue[Answer], caplog: pytest.LogCaptureFixture) -> None:
    """A stranger who finds a bug of ours stops nobody else's probe; it is logged."""

    def faulty(addresses: Sequence[Address], *, timeout_s: float = 3.0) -> ProbeResult:
        raise ZeroDivisionError(addresses, timeout_s)

    probers = Probers(faulty)
    with caplog.at_level(logging.ERROR):
        for _ in range(MAX_PROBERS + 1):
            probers.ask([HOME], answers.put)
            assert isinstance(answers.get(timeout=20).outcome, Unreachable)
            probers.finished()
    assert "ZeroDivisionError" in caplog.text
    probers.close(10)


def test_threads_are_few_and_started_as_needed(stuck: Stuck, answers: queue.SimpleQueue[Answer]) -> None:
    """One at a time needs one thread; a dozen dead rooms leave room for one that lives."""
    probers = Probers(stuck)
    before = threading.active_count()
    probers.ask([HOME], answers.put)
    assert threading.active_count() == before + 1
    for _ in range(MAX_PROBERS - 1):
        probers.ask([HOME], answers.put)
    for _ in range(MAX_PROBERS):
        assert stuck.asking.acquire(timeout=20)
    assert probers.free == 0
    stuck.go.set()
    for _ in range(MAX_PROBERS):
        answers.get(timeout=20)
        probers.finished()
    assert probers.free == MAX_PROBERS
    probers.close(10)


def test_closing_waits_no_longer_than_told(stuck: Stuck, answers: queue.SimpleQueue[Answer]) -> None:
    """A connect to nowhere holds its thread, not us; and the thread holds no program alive."""
    probers = Probers(stuck)
    probers.ask([HOME], answers.put)
    assert stuck.asking.acquire(timeout=20)
    probers.close(0.05)
    (thread,) = (one for one in threading.enumerate() if one.name == "messango-probe-1")
    assert thread.daemon
    stuck.go.set()
    thread.join(20)
    assert not thread.is_alive()
