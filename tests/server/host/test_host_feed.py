"""The host's events never block the publisher, and a flood is summarized."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messango.room.host.host_events import (
    CommandDone,
    JoinAttempted,
    JoinAttemptRefused,
    MemberDisconnected,
    MemberRenamed,
    RoomEvent,
    ServerWarning,
)
from messango.server.host import host_feed
from messango.server.host.host_feed import HostFeed


def drain(log: HostFeed) -> list[RoomEvent]:
    """Return all events in the queue."""
    return [log.events.get_nowait() for _ in range(log.events.qsize())]


def test_events_come_in_order() -> None:
    """Rare events are never dropped."""
    log = HostFeed()
    events: list[RoomEvent] = [MemberDisconnected(str(number)) for number in range(200)]
    for event in events:
        log.publish(event)
    assert drain(log) == events


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that moves the clock by seconds."""
    now_s = 100.0

    def move(seconds: float) -> None:
        nonlocal now_s
        now_s += seconds

    monkeypatch.setattr("time.monotonic", lambda: now_s)
    return move


def test_a_flood_of_one_address_is_summarized(clock: Callable[[float], None]) -> None:
    """The first is published at once, the rest as a summary; other addresses are not affected."""
    log = HostFeed()
    for port in range(500):
        log.publish(JoinAttemptRefused(f"192.0.2.1:{port}", "", "silent"))
    log.publish(JoinAttempted("192.0.2.2:7", "ann"))
    assert drain(log) == [
        JoinAttemptRefused("192.0.2.1:0", "", "silent"),
        JoinAttempted("192.0.2.2:7", "ann"),
    ]
    clock(10.0)
    log.publish(MemberDisconnected("ben"))
    summary, last = drain(log)
    assert summary == ServerWarning("499 more connections from 192.0.2.1 were not listed.")
    assert last == MemberDisconnected("ben")
    log.publish(JoinAttemptRefused("192.0.2.1:9", "", "silent"))
    assert drain(log) == [JoinAttemptRefused("192.0.2.1:9", "", "silent")]


def test_different_events_of_one_address(clock: Callable[[float], None]) -> None:
    """A few are published; the rest is summarized too."""
    log = HostFeed()
    for number in range(100):
        log.publish(JoinAttemptRefused("192.0.2.1:1", "", f"reason {number}"))
    assert len(drain(log)) == host_feed._MAX_REFUSALS
    clock(10.0)
    log.publish(MemberDisconnected("ben"))
    assert drain(log)[0] == ServerWarning("95 more connections from 192.0.2.1 were not listed.")


def test_renames_of_one_member_are_summarized(clock: Callable[[float], None]) -> None:
    """As a flood is; before anything else that the host reads about the member, and before an answer."""
    log = HostFeed()
    for number in range(100):
        log.publish(MemberRenamed(f"eve {number + 1}", f"eve {number}"))
    log.publish(MemberDisconnected("ann"))
    assert drain(log) == [MemberRenamed("eve 1", "eve 0"), MemberDisconnected("ann")]
    log.publish(MemberDisconnected("eve 100"))
    assert drain(log) == [MemberRenamed("eve 100", "eve 1", times=99), MemberDisconnected("eve 100")]
    log.publish(MemberRenamed("eve", "eve 100"))
    log.publish(CommandDone("The room is locked."))
    assert drain(log) == [MemberRenamed("eve", "eve 100"), CommandDone("The room is locked.")]
    clock(10.0)
    log.publish(MemberRenamed("eva", "eve"))
    assert drain(log) == [MemberRenamed("eva", "eve")]


def test_a_host_that_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is bounded: Ctrl-S stops the terminal, not the room."""
    monkeypatch.setattr(host_feed, "_MAX_UNREAD", 10)
    log = HostFeed()
    for number in range(100):
        log.publish(MemberDisconnected(str(number)))
    assert drain(log) == [MemberDisconnected(str(number)) for number in range(10)]


def test_a_flood_of_many_addresses_is_summarized(clock: Callable[[float], None]) -> None:
    """A computer can use many IPv6 addresses; they cost neither lines nor memory."""
    log = HostFeed()
    for number in range(1_000):
        log.publish(JoinAttemptRefused(f"[2001:db8::{number:x}]:1", "", "silent"))
    assert len(drain(log)) == host_feed._MAX_ADDRESSES
    assert len(log._published) == host_feed._MAX_ADDRESSES
    clock(10.0)
    log.publish(MemberDisconnected("ben"))
    assert drain(log)[0] == ServerWarning("980 more connections from other addresses were not listed.")


def test_the_summary_of_one_connection(clock: Callable[[float], None]) -> None:
    """It is in the singular."""
    log = HostFeed()
    for port in range(2):
        log.publish(JoinAttemptRefused(f"192.0.2.1:{port}", "", "silent"))
    drain(log)
    clock(10.0)
    log.publish(MemberDisconnected("ben"))
    assert drain(log)[0] == ServerWarning("1 more connection from 192.0.2.1 was not listed.")
