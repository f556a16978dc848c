"""How much waits for the front end, in events and in bytes."""

from __future__ import annotations

import queue

import pytest

from messango.client.backlog import MAX_BYTES, MAX_EVENTS, Backlog
from messango.client.events import Event, MemberTyping


@pytest.fixture
def events() -> queue.SimpleQueue[Event]:
    """The events of a client."""
    return queue.SimpleQueue()


def put(events: queue.SimpleQueue[Event], count: int) -> None:
    """Report so many events."""
    for _ in range(count):
        events.put(MemberTyping("Ben"))


def test_many_small_events_fill_it(events: queue.SimpleQueue[Event]) -> None:
    """Until some are taken."""
    backlog = Backlog(events)
    put(events, MAX_EVENTS + 1)
    backlog.add(MAX_EVENTS + 1, 1)
    assert backlog.is_full()
    events.get()
    assert not backlog.is_full()


def test_a_few_large_events_fill_it(events: queue.SimpleQueue[Event]) -> None:
    """A frame that came in several reads counts with all of them; what was taken counts no more."""
    backlog = Backlog(events)
    for byte_count in (0, MAX_BYTES // 2):
        put(events, 1)
        backlog.add(0, MAX_BYTES // 2)
        backlog.add(1, byte_count + 1)
    assert backlog.is_full()
    events.get()
    assert backlog.is_full()
    events.get()
    assert not backlog.is_full()


def test_reads_without_events_fill_nothing(events: queue.SimpleQueue[Event]) -> None:
    """Pongs, say: nobody has to take them."""
    backlog = Backlog(events)
    backlog.add(0, 2 * MAX_BYTES)
    assert not backlog.is_full()
