"""When a silent link is asked, and when it is held for dead."""

from __future__ import annotations

import pytest

from messango.client.heartbeat import Heartbeat
from messango.errors import ConnectionLost
from messango.protocol.limits import DEAD_AFTER_S, PING_AFTER_S, PONG_TIMEOUT_S


class Clock:
    """A running time and a wall clock that part while the machine sleeps."""

    def __init__(self) -> None:
        self.running_s = 50.0
        self.slept_s = 1_700_000_000.0

    def monotonic(self) -> float:
        return self.running_s

    def wall(self) -> float:
        return self.running_s + self.slept_s


@pytest.fixture
def clock() -> Clock:
    """Return a clock that moves when it is told to."""
    return Clock()


@pytest.fixture
def heartbeat(clock: Clock) -> Heartbeat:
    """Return a heartbeat that has just heard something."""
    return Heartbeat(clock.monotonic, clock.wall, jitter_s=0.0)


def wait(heartbeat: Heartbeat, clock: Clock) -> None:
    """Let the time pass in which nothing comes."""
    clock.running_s += heartbeat.wait_s()
    assert heartbeat.wait_s() == 0.0
    heartbeat.on_timeout()


def test_a_silence_is_asked_into_and_then_believed(heartbeat: Heartbeat, clock: Clock) -> None:
    """A ping after five seconds, the end within ten: sooner than the server's own limit."""
    start_s = clock.running_s
    wait(heartbeat, clock)
    assert clock.running_s - start_s == pytest.approx(PING_AFTER_S)
    with pytest.raises(ConnectionLost, match="stopped responding"):
        wait(heartbeat, clock)
    assert clock.running_s - start_s == pytest.approx(PING_AFTER_S + PONG_TIMEOUT_S)
    assert PING_AFTER_S + PONG_TIMEOUT_S < 10 < DEAD_AFTER_S


def test_members_do_not_all_ask_at_once(clock: Clock) -> None:
    """Each asks at a moment of its own, none of them later than after five seconds."""
    waits = {Heartbeat(clock.monotonic, clock.wall).wait_s() for _ in range(20)}
    assert len(waits) > 1
    assert max(waits) <= PING_AFTER_S
    assert min(waits) > PING_AFTER_S - 1


def test_an_answer_begins_the_count_anew(heartbeat: Heartbeat, clock: Clock) -> None:
    """Whatever comes shows that the room is there."""
    wait(heartbeat, clock)
    clock.running_s += 1
    heartbeat.reset()
    assert heartbeat.wait_s() == PING_AFTER_S
    wait(heartbeat, clock)


def test_after_a_sleep_the_answer_must_come_soon(heartbeat: Heartbeat, clock: Clock) -> None:
    """A laptop that was shut has probably lost its connection: it is not waited for as long."""
    clock.slept_s += 3600
    wait(heartbeat, clock)
    assert heartbeat.wait_s() < PONG_TIMEOUT_S / 2
    with pytest.raises(ConnectionLost):
        wait(heartbeat, clock)


def test_a_clock_that_was_set_back_changes_nothing_for_long(heartbeat: Heartbeat, clock: Clock) -> None:
    """Somebody who sets the wall clock costs one quick question, no more."""
    clock.slept_s -= 3600
    wait(heartbeat, clock)
    heartbeat.reset()
    wait(heartbeat, clock)
    assert heartbeat.wait_s() == PONG_TIMEOUT_S


def test_who_only_listens_gives_a_sign_all_the_same(heartbeat: Heartbeat, clock: Clock) -> None:
    """The room hears nothing from a listener, and its own limit is near; one sign at a time is enough."""
    start_s, signs = clock.running_s, 0
    while clock.running_s - start_s < 3.5 * PING_AFTER_S:
        clock.running_s += 0.5
        heartbeat.reset()
        signs += heartbeat.keepalive_due()
    assert signs == 3


def test_a_question_is_a_sign(heartbeat: Heartbeat, clock: Clock) -> None:
    """Who has just asked need not say more."""
    wait(heartbeat, clock)
    heartbeat.reset()
    assert not heartbeat.keepalive_due()
