"""How guesses are counted and slowed, on a clock that goes when it is told to."""

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
    """A clock that goes when it is told to."""

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
    attempt = throttle.start(host)
    assert attempt is not None
    clock.now_s += attempt.wait_s
    throttle.failed(attempt)
    return attempt.wait_s


def test_mistyping_costs_nothing(throttle: PasswordThrottle, clock: Clock) -> None:
    """The first tries are all looked at at once."""
    assert [guess(throttle, clock, HONEST) for _ in range(FREE_ATTEMPTS)] == [0.0] * FREE_ATTEMPTS


def test_after_that_each_guess_waits_longer(throttle: PasswordThrottle, clock: Clock) -> None:
    """Twice as long each time, up to a bound."""
    waits = [guess(throttle, clock, ATTACKER) for _ in range(FREE_ATTEMPTS + 5)]
    assert waits[FREE_ATTEMPTS:] == [0.5, 1.0, 2.0, 4.0, 4.0]


def test_a_day_of_guesses_is_few(throttle: PasswordThrottle, clock: Clock) -> None:
    """An address that never stops has one guess in four seconds: not even a four-digit number in an hour."""
    made, until_s = 0, clock.now_s + 3_600
    while clock.now_s < until_s:
        guess(throttle, clock, ATTACKER)
        made += 1
    assert made < 3_600 / MAX_BACKOFF_S + 2 * FREE_ATTEMPTS


def test_guesses_at_the_same_time_wait_for_each_other(throttle: PasswordThrottle) -> None:
    """Many connections are no way around the wait: few begin, and the others are told to come back."""
    attempts = [attempt for attempt in (throttle.start(ATTACKER) for _ in range(100)) if attempt]
    assert len(attempts) <= MAX_CONCURRENT + FREE_ATTEMPTS + 5
    assert all(attempt.wait_s <= MAX_WAIT_S for attempt in attempts)
    for attempt in attempts:
        throttle.failed(attempt)
    again = [attempt for attempt in (throttle.start(ATTACKER) for _ in range(100)) if attempt]
    assert len(again) <= 2


def test_a_class_of_one_address_comes_in_together(throttle: PasswordThrottle) -> None:
    """Nobody waits for the others, who are no guessers as far as is known."""
    attempts = [throttle.start(HONEST) for _ in range(MAX_CONCURRENT)]
    assert [attempt and attempt.wait_s for attempt in attempts] == [0.0] * MAX_CONCURRENT


def test_others_do_not_wait_for_a_guesser(throttle: PasswordThrottle, clock: Clock) -> None:
    """Each address is counted by itself."""
    for _ in range(2 * FREE_ATTEMPTS):
        guess(throttle, clock, ATTACKER)
    attempt = throttle.start(HONEST)
    assert attempt is not None
    assert attempt.wait_s == 0.0


def test_honest_people_beside_a_guesser_get_in_within_seconds(
    throttle: PasswordThrottle, clock: Clock
) -> None:
    """Of the same address: they wait as long as the guesser does, and no longer."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, ATTACKER)
    attempt = throttle.start(ATTACKER)
    assert attempt is not None
    assert attempt.wait_s <= MAX_BACKOFF_S


def test_a_right_password_does_not_count(throttle: PasswordThrottle) -> None:
    """A whole school may come from one address, one after the other."""
    for _ in range(BURST):
        attempt = throttle.start(HONEST)
        assert attempt is not None
        assert attempt.wait_s == 0.0
        throttle.succeeded(attempt)


def test_right_passwords_make_up_for_wrong_ones(throttle: PasswordThrottle, clock: Clock) -> None:
    """A class that comes in after a guesser of its address does not wait one by one for him."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, HONEST)
    waits = []
    for _ in range(30):
        attempt = throttle.start(HONEST)
        assert attempt is not None
        clock.now_s += attempt.wait_s
        waits.append(attempt.wait_s)
        throttle.succeeded(attempt)
    assert waits[-1] == 0.0
    assert sum(waits) < 30


def test_a_try_that_was_not_made_does_not_count(throttle: PasswordThrottle, clock: Clock) -> None:
    """Who goes before it is his turn has learnt nothing."""
    for _ in range(2 * FREE_ATTEMPTS):
        attempt = throttle.start(HONEST)
        assert attempt is not None
        throttle.cancelled(attempt)
    assert guess(throttle, clock, HONEST) == 0.0


def test_time_forgives(throttle: PasswordThrottle, clock: Clock) -> None:
    """An hour later it is as if nothing had been."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, HONEST)
    clock.now_s += 3_600
    assert [guess(throttle, clock, HONEST) for _ in range(FREE_ATTEMPTS)] == [0.0] * FREE_ATTEMPTS


def test_an_ipv6_machine_has_one_network(throttle: PasswordThrottle, clock: Clock) -> None:
    """It may take a new address for each guess: they are counted together."""
    waits = [guess(throttle, clock, f"2001:db8:1:2::{number:x}") for number in range(FREE_ATTEMPTS + 3)]
    assert waits[FREE_ATTEMPTS:] == [0.5, 1.0, 2.0]
    assert guess(throttle, clock, "2001:db8:1:3::1") == 0.0
    assert guess(throttle, clock, "fe80::1%eth0") == 0.0


def test_who_knew_the_password_does_not_wait_for_its_network(
    throttle: PasswordThrottle, clock: Clock
) -> None:
    """On a LAN all IPv6 addresses share one network: a guesser must not hold up members that come back."""
    member = throttle.start("fe80::20%eth0")
    assert member is not None
    throttle.succeeded(member)
    for number in range(2 * FREE_ATTEMPTS):
        guess(throttle, clock, f"fe80::{number + 100:x}%eth0")
    back = throttle.start("fe80::20%eth0")
    assert back is not None
    assert back.wait_s == 0.0


def test_a_flood_from_everywhere_has_its_rate(throttle: PasswordThrottle, clock: Clock) -> None:
    """Beyond a burst all addresses together have ten a second, so that the room's work goes on."""
    attempts = [throttle.start(f"10.0.{number // 250}.{number % 250}") for number in range(1_000)]
    let = [attempt for attempt in attempts if attempt]
    assert len([attempt for attempt in let if attempt.wait_s == 0.0]) == BURST
    assert len(let) <= BURST + 10 * MAX_WAIT_S + 1
    clock.now_s += 60
    assert throttle.start(HONEST) is not None


def test_memory_stays_bounded(throttle: PasswordThrottle, clock: Clock) -> None:
    """A million addresses would be a million records: the oldest go."""
    for number in range(3_000):
        clock.now_s += 1
        attempt = throttle.start(f"10.1.{number // 250}.{number % 250}")
        assert attempt is not None
        if number % 2:
            throttle.succeeded(attempt)
        else:
            throttle.failed(attempt)
    assert len(throttle._states) == len(throttle._trusted_hosts) == password_throttle._MAX_ADDRESSES


def test_it_tells_how_often(throttle: PasswordThrottle) -> None:
    """For the host, who may want to know that somebody is at it."""
    attempts = [throttle.start(ATTACKER) for _ in range(3)]
    assert [throttle.failed(attempt) for attempt in attempts if attempt] == [1, 2, 3]
