"""Counting and delaying password attempts, on a clock that the test moves."""

from __future__ import annotations

import pytest

from messango.server import password_throttle
from messango.server.password_throttle import (
    BURST,
    FREE_ATTEMPTS,
    MAX_BACKOFF_S,
    MAX_CONCURRENT,
    MAX_WAIT_S,
    PasswordThrottle,
)

ATTACKER = "192.168.1.66"
HONEST = "192.168.1.20"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> PasswordThrottle:
    return PasswordThrottle(clock)


def guess(throttle: PasswordThrottle, clock: Clock, host: str) -> float:
    """Guess wrong once, after the wait; returns the wait."""
    attempt = throttle.reserve(host)
    assert attempt is not None
    clock.now_s += attempt.wait_s
    throttle.failed(attempt)
    return attempt.wait_s


def test_the_first_attempts_are_free(throttle: PasswordThrottle, clock: Clock) -> None:
    """They do not wait."""
    assert [guess(throttle, clock, HONEST) for _ in range(FREE_ATTEMPTS)] == [0.0] * FREE_ATTEMPTS


def test_later_attempts_wait_longer(throttle: PasswordThrottle, clock: Clock) -> None:
    """Twice as long each time, up to a limit."""
    waits = [guess(throttle, clock, ATTACKER) for _ in range(FREE_ATTEMPTS + 5)]
    assert waits[FREE_ATTEMPTS:] == [0.5, 1.0, 2.0, 4.0, 4.0]


def test_attempts_in_a_day(throttle: PasswordThrottle, clock: Clock) -> None:
    """An address has one attempt in four seconds: not even a four-digit number in an hour."""
    made, until_s = 0, clock.now_s + 3_600
    while clock.now_s < until_s:
        guess(throttle, clock, ATTACKER)
        made += 1
    assert made < 3_600 / MAX_BACKOFF_S + 2 * FREE_ATTEMPTS


def test_concurrent_attempts_wait_for_each_other(throttle: PasswordThrottle) -> None:
    """Many connections do not help: few attempts begin, and the rest is refused."""
    attempts = [attempt for attempt in (throttle.reserve(ATTACKER) for _ in range(100)) if attempt]
    assert len(attempts) <= MAX_CONCURRENT + FREE_ATTEMPTS + 5
    assert all(attempt.wait_s <= MAX_WAIT_S for attempt in attempts)
    for attempt in attempts:
        throttle.failed(attempt)
    again = [attempt for attempt in (throttle.reserve(ATTACKER) for _ in range(100)) if attempt]
    assert len(again) <= 2


def test_a_class_with_one_address(throttle: PasswordThrottle) -> None:
    """Nobody waits, because no attempt was wrong."""
    attempts = [throttle.reserve(HONEST) for _ in range(MAX_CONCURRENT)]
    assert [attempt and attempt.wait_s for attempt in attempts] == [0.0] * MAX_CONCURRENT


def test_other_addresses_do_not_wait(throttle: PasswordThrottle, clock: Clock) -> None:
    """Each address counts by itself."""
    for _ in range(2 * FREE_ATTEMPTS):
        guess(throttle, clock, ATTACKER)
    attempt = throttle.reserve(HONEST)
    assert attempt is not None
    assert attempt.wait_s == 0.0


def test_honest_people_with_an_attackers_address(throttle: PasswordThrottle, clock: Clock) -> None:
    """They wait for seconds, as long as the attacker."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, ATTACKER)
    attempt = throttle.reserve(ATTACKER)
    assert attempt is not None
    assert attempt.wait_s <= MAX_BACKOFF_S


def test_a_right_password_does_not_count(throttle: PasswordThrottle) -> None:
    """A whole school may join from one address, one after the other."""
    for _ in range(BURST):
        attempt = throttle.reserve(HONEST)
        assert attempt is not None
        assert attempt.wait_s == 0.0
        throttle.succeeded(attempt)


def test_right_passwords_offset_wrong_ones(throttle: PasswordThrottle, clock: Clock) -> None:
    """A class with an attacker's address does not wait one by one."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, HONEST)
    waits = []
    for _ in range(30):
        attempt = throttle.reserve(HONEST)
        assert attempt is not None
        clock.now_s += attempt.wait_s
        waits.append(attempt.wait_s)
        throttle.succeeded(attempt)
    assert waits[-1] == 0.0
    assert sum(waits) < 30


def test_a_cancelled_attempt_does_not_count(throttle: PasswordThrottle, clock: Clock) -> None:
    """A client that disconnects before its turn has learned nothing."""
    for _ in range(2 * FREE_ATTEMPTS):
        attempt = throttle.reserve(HONEST)
        assert attempt is not None
        throttle.cancelled(attempt)
    assert guess(throttle, clock, HONEST) == 0.0


def test_wrong_attempts_fade(throttle: PasswordThrottle, clock: Clock) -> None:
    """After an hour nothing is left."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, HONEST)
    clock.now_s += 3_600
    assert [guess(throttle, clock, HONEST) for _ in range(FREE_ATTEMPTS)] == [0.0] * FREE_ATTEMPTS


def test_an_ipv6_network_counts_as_one(throttle: PasswordThrottle, clock: Clock) -> None:
    """A computer may use a new address for each attempt."""
    waits = [guess(throttle, clock, f"2001:db8:1:2::{number:x}") for number in range(FREE_ATTEMPTS + 3)]
    assert waits[FREE_ATTEMPTS:] == [0.5, 1.0, 2.0]
    assert guess(throttle, clock, "2001:db8:1:3::1") == 0.0
    assert guess(throttle, clock, "fe80::1%eth0") == 0.0


def test_a_successful_address_does_not_wait_for_its_network(throttle: PasswordThrottle, clock: Clock) -> None:
    """On a LAN all IPv6 addresses share one network: an attacker must not delay returning members."""
    member = throttle.reserve("fe80::20%eth0")
    assert member is not None
    throttle.succeeded(member)
    for number in range(2 * FREE_ATTEMPTS):
        guess(throttle, clock, f"fe80::{number + 100:x}%eth0")
    back = throttle.reserve("fe80::20%eth0")
    assert back is not None
    assert back.wait_s == 0.0


def test_all_addresses_together_have_a_rate(throttle: PasswordThrottle, clock: Clock) -> None:
    """Ten a second after a burst, so that the room keeps working."""
    attempts = [throttle.reserve(f"10.0.{number // 250}.{number % 250}") for number in range(1_000)]
    let = [attempt for attempt in attempts if attempt]
    assert len([attempt for attempt in let if attempt.wait_s == 0.0]) == BURST
    assert len(let) <= BURST + 10 * MAX_WAIT_S + 1
    clock.now_s += 60
    assert throttle.reserve(HONEST) is not None


def test_the_table_is_bounded(throttle: PasswordThrottle, clock: Clock) -> None:
    """The oldest addresses are dropped."""
    for number in range(3_000):
        clock.now_s += 1
        attempt = throttle.reserve(f"10.1.{number // 250}.{number % 250}")
        assert attempt is not None
        if number % 2:
            throttle.succeeded(attempt)
        else:
            throttle.failed(attempt)
    assert len(throttle._states) == len(throttle._trusted_hosts) == password_throttle._MAX_ADDRESSES


def test_failed_returns_the_count(throttle: PasswordThrottle) -> None:
    """For the host, who wants to know about an attack."""
    attempts = [throttle.reserve(ATTACKER) for _ in range(3)]
    assert [throttle.failed(attempt) for attempt in attempts if attempt] == [1, 2, 3]
