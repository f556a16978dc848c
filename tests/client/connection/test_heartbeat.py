"""When a client sends a ping, and when a silent connection is treated as dead."""

from __future__ import annotations

import pytest

from messango.client.connection.heartbeat import Heartbeat
from messango.errors import ConnectionLost
from messango.protocol.limits import DEAD_AFTER_S, PING_AFTER_S, PONG_TIMEOUT_S


class Clock:
    """A monotonic clock and a wall clock, which differ more after each sleep."""

    def __init__(self) -> None:
        self.monotonic_s = 50.0
        self.slept_s = 1_700_000_000.0

    def monotonic(self) -> float:
        return self.monotonic_s

    def wall(self) -> float:
        return self.monotonic_s + self.slept_s


@pytest.fixture
def clock() -> Clock:
    """Return a clock that a test moves."""
    return Clock()


@pytest.fixture
def heartbeat(clock: Clock) -> Heartbeat:
    """Return a heartbeat that was just reset."""
    return Heartbeat(clock.monotonic, clock.wall, jitter_s=0.0)


def wait(heartbeat: Heartbeat, clock: Clock) -> None:
    """Let the waiting time pass without any bytes."""
    clock.monotonic_s += heartbeat.wait_s()
    assert heartbeat.wait_s() == 0.0
    heartbeat.on_timeout()


def test_a_silence_is_pinged_and_then_treated_as_dead(heartbeat: Heartbeat, clock: Clock) -> None:
    """A ping after five seconds, the end within ten: sooner than the server's own limit."""
    start_s = clock.monotonic_s
    wait(heartbeat, clock)
    assert clock.monotonic_s - start_s == pytest.approx(PING_AFTER_S)
    with pytest.raises(ConnectionLost, match="stopped responding"):
        wait(heartbeat, clock)
    assert clock.monotonic_s - start_s == pytest.approx(PING_AFTER_S + PONG_TIMEOUT_S)
    assert PING_AFTER_S + PONG_TIMEOUT_S < 10 < DEAD_AFTER_S


def test_a_slow_network_is_waited_for(heartbeat: Heartbeat, clock: Clock) -> None:
    """Where the last answer took long, the next may take much longer; a quick one ends that."""
    for answer_s, patience_s in ((0.5, 10.0), (0.01, PONG_TIMEOUT_S)):
        wait(heartbeat, clock)
        clock.monotonic_s += answer_s
        heartbeat.reset()
        wait(heartbeat, clock)
        assert heartbeat.wait_s() == pytest.approx(patience_s)
        heartbeat.reset()


def test_pings_are_spread(clock: Clock) -> None:
    """Each heartbeat has its own moment, none of them later than after five seconds."""
    waits = {Heartbeat(clock.monotonic, clock.wall).wait_s() for _ in range(20)}
    assert len(waits) > 1
    assert max(waits) <= PING_AFTER_S
    assert min(waits) > PING_AFTER_S - 1


def test_any_bytes_restart_the_timer(heartbeat: Heartbeat, clock: Clock) -> None:
    """They show that the room is there."""
    wait(heartbeat, clock)
    clock.monotonic_s += 1
    heartbeat.reset()
    assert heartbeat.wait_s() == PING_AFTER_S
    wait(heartbeat, clock)


def test_after_a_sleep_the_answer_must_come_soon(heartbeat: Heartbeat, clock: Clock) -> None:
    """A laptop that was closed has probably lost its connection."""
    clock.slept_s += 3600
    wait(heartbeat, clock)
    assert heartbeat.wait_s() < PONG_TIMEOUT_S / 2
    with pytest.raises(ConnectionLost):
        wait(heartbeat, clock)


def test_a_clock_that_was_set_back_changes_nothing_for_long(heartbeat: Heartbeat, clock: Clock) -> None:
    """Setting the wall clock costs one quick ping, no more."""
    clock.slept_s -= 3600
    wait(heartbeat, clock)
    heartbeat.reset()
    wait(heartbeat, clock)
    assert heartbeat.wait_s() == PONG_TIMEOUT_S


def test_a_client_that_only_listens_sends_keepalives(heartbeat: Heartbeat, clock: Clock) -> None:
    """The server drops silent connections; one ping at a time is enough."""
    start_s, pings = clock.monotonic_s, 0
    while clock.monotonic_s - start_s < 3.5 * PING_AFTER_S:
        clock.monotonic_s += 0.5
        heartbeat.reset()
        pings += heartbeat.keepalive_due()
    assert pings == 3


def test_a_ping_counts_as_a_keepalive(heartbeat: Heartbeat, clock: Clock) -> None:
    """No other is due soon."""
    wait(heartbeat, clock)
    heartbeat.reset()
    assert not heartbeat.keepalive_due()
