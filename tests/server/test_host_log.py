"""What the host is told never holds anybody up, and a flood is counted, not listed."""

from __future__ import annotations

import pytest

from messango.server import host_log
from messango.server.events import Away, Connected, Failed, RefusedGuest, ServerEvent
from messango.server.host_log import HostLog


def told(log: HostLog) -> list[ServerEvent]:
    """Return all that waits to be read."""
    return [log.events.get_nowait() for _ in range(log.events.qsize())]


def test_events_come_in_order() -> None:
    """Nothing that is rare is left out."""
    log = HostLog()
    events: list[ServerEvent] = [Away(str(number)) for number in range(200)]
    for event in events:
        log.tell(event)
    assert told(log) == events


def test_a_flood_of_one_address_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first few are listed, the rest summed up in the next second; others are heard meanwhile."""
    now_s = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now_s)
    log = HostLog()
    for port in range(500):
        log.tell(RefusedGuest(f"192.0.2.1:{port}", "", "silent"))
    log.tell(Connected("192.0.2.2:7", "ann"))
    events = told(log)
    assert len(events) == 21
    assert events[-1] == Connected("192.0.2.2:7", "ann")
    now_s += 1.0
    log.tell(RefusedGuest("192.0.2.1:9", "", "silent"))
    summary, last = told(log)
    assert isinstance(summary, Failed)
    assert "480 more" in summary.reason
    assert last == RefusedGuest("192.0.2.1:9", "", "silent")


def test_a_host_that_does_not_read_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-S stops the terminal, not the room."""
    monkeypatch.setattr(host_log, "_MOST_UNREAD", 10)
    log = HostLog()
    for number in range(100):
        log.tell(Away(str(number)))
    assert told(log) == [Away(str(number)) for number in range(10)]


def test_countless_addresses_cost_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many are counted at a time."""
    monkeypatch.setattr(host_log, "_MOST_ADDRESSES", 10)
    log = HostLog()
    for number in range(100):
        log.tell(RefusedGuest(f"[2001:db8::{number:x}]:1", "", "silent"))
    assert len(told(log)) == 100
    assert len(log._tallies) <= 10
