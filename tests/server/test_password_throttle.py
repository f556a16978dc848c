"""How guesses are counted and slowed, on a clock that goes when it is told to."""

from __future__ import annotations

import pytest

from messango.server import password_throttle
from messango.server.password_throttle import AT_ONCE, BURST, FREE_TRIES, LONGEST_WAIT_S, PATIENCE_S, Guesses

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
def counted(clock: Clock) -> Guesses:
    return Guesses(clock)


def guess(counted: Guesses, clock: Clock, host: str) -> float:
    """Guess wrong once, after the wait; returns the wait."""
    tried = counted.begin(host)
    assert tried is not None
    clock.now_s += tried.wait_s
    counted.wrong(tried)
    return tried.wait_s


def test_mistyping_costs_nothing(counted: Guesses, clock: Clock) -> None:
    """The first tries are all looked at at once."""
    assert [guess(counted, clock, HONEST) for _ in range(FREE_TRIES)] == [0.0] * FREE_TRIES


def test_after_that_each_guess_waits_longer(counted: Guesses, clock: Clock) -> None:
    """Twice as long each time, up to a bound."""
    waits = [guess(counted, clock, ATTACKER) for _ in range(FREE_TRIES + 5)]
    assert waits[FREE_TRIES:] == [0.5, 1.0, 2.0, 4.0, 4.0]


def test_a_day_of_guesses_is_few(counted: Guesses, clock: Clock) -> None:
    """An address that never stops has one guess in four seconds: not even a four-digit number in an hour."""
    made, until_s = 0, clock.now_s + 3_600
    while clock.now_s < until_s:
        guess(counted, clock, ATTACKER)
        made += 1
    assert made < 3_600 / LONGEST_WAIT_S + 2 * FREE_TRIES


def test_guesses_at_the_same_time_wait_for_each_other(counted: Guesses) -> None:
    """Many connections are no way around the wait: few begin, and the others are told to come back."""
    begun = [tried for tried in (counted.begin(ATTACKER) for _ in range(100)) if tried]
    assert len(begun) <= AT_ONCE + FREE_TRIES + 5
    assert all(tried.wait_s <= PATIENCE_S for tried in begun)
    for tried in begun:
        counted.wrong(tried)
    again = [tried for tried in (counted.begin(ATTACKER) for _ in range(100)) if tried]
    assert len(again) <= 2


def test_a_class_of_one_address_comes_in_together(counted: Guesses) -> None:
    """Nobody waits for the others, who are no guessers as far as is known."""
    begun = [counted.begin(HONEST) for _ in range(AT_ONCE)]
    assert [tried and tried.wait_s for tried in begun] == [0.0] * AT_ONCE


def test_others_do_not_wait_for_a_guesser(counted: Guesses, clock: Clock) -> None:
    """Each address is counted by itself."""
    for _ in range(2 * FREE_TRIES):
        guess(counted, clock, ATTACKER)
    tried = counted.begin(HONEST)
    assert tried is not None
    assert tried.wait_s == 0.0


def test_honest_people_beside_a_guesser_get_in_within_seconds(counted: Guesses, clock: Clock) -> None:
    """Of the same address: they wait as long as the guesser does, and no longer."""
    for _ in range(3 * FREE_TRIES):
        guess(counted, clock, ATTACKER)
    tried = counted.begin(ATTACKER)
    assert tried is not None
    assert tried.wait_s <= LONGEST_WAIT_S


def test_a_right_password_does_not_count(counted: Guesses) -> None:
    """A whole school may come from one address, one after the other."""
    for _ in range(BURST):
        tried = counted.begin(HONEST)
        assert tried is not None
        assert tried.wait_s == 0.0
        counted.right(tried)


def test_right_passwords_make_up_for_wrong_ones(counted: Guesses, clock: Clock) -> None:
    """A class that comes in after a guesser of its address does not wait one by one for him."""
    for _ in range(3 * FREE_TRIES):
        guess(counted, clock, HONEST)
    waits = []
    for _ in range(30):
        tried = counted.begin(HONEST)
        assert tried is not None
        clock.now_s += tried.wait_s
        waits.append(tried.wait_s)
        counted.right(tried)
    assert waits[-1] == 0.0
    assert sum(waits) < 30


def test_a_try_that_was_not_made_does_not_count(counted: Guesses, clock: Clock) -> None:
    """Who goes before it is his turn has learnt nothing."""
    for _ in range(2 * FREE_TRIES):
        tried = counted.begin(HONEST)
        assert tried is not None
        counted.withdraw(tried)
    assert guess(counted, clock, HONEST) == 0.0


def test_time_forgives(counted: Guesses, clock: Clock) -> None:
    """An hour later it is as if nothing had been."""
    for _ in range(3 * FREE_TRIES):
        guess(counted, clock, HONEST)
    clock.now_s += 3_600
    assert [guess(counted, clock, HONEST) for _ in range(FREE_TRIES)] == [0.0] * FREE_TRIES


def test_an_ipv6_machine_has_one_network(counted: Guesses, clock: Clock) -> None:
    """It may take a new address for each guess: they are counted together."""
    waits = [guess(counted, clock, f"2001:db8:1:2::{number:x}") for number in range(FREE_TRIES + 3)]
    assert waits[FREE_TRIES:] == [0.5, 1.0, 2.0]
    assert guess(counted, clock, "2001:db8:1:3::1") == 0.0
    assert guess(counted, clock, "fe80::1%eth0") == 0.0


def test_who_knew_the_password_does_not_wait_for_its_network(counted: Guesses, clock: Clock) -> None:
    """On a LAN all IPv6 addresses share one network: a guesser must not hold up members that come back."""
    member = counted.begin("fe80::20%eth0")
    assert member is not None
    counted.right(member)
    for number in range(2 * FREE_TRIES):
        guess(counted, clock, f"fe80::{number + 100:x}%eth0")
    back = counted.begin("fe80::20%eth0")
    assert back is not None
    assert back.wait_s == 0.0


def test_a_flood_from_everywhere_has_its_rate(counted: Guesses, clock: Clock) -> None:
    """Beyond a burst all addresses together have ten a second, so that the room's work goes on."""
    begun = [counted.begin(f"10.0.{number // 250}.{number % 250}") for number in range(1_000)]
    let = [tried for tried in begun if tried]
    assert len([tried for tried in let if tried.wait_s == 0.0]) == BURST
    assert len(let) <= BURST + 10 * PATIENCE_S + 1
    clock.now_s += 60
    assert counted.begin(HONEST) is not None


def test_memory_stays_bounded(counted: Guesses, clock: Clock) -> None:
    """A million addresses would be a million records: the oldest go."""
    for number in range(3_000):
        clock.now_s += 1
        tried = counted.begin(f"10.1.{number // 250}.{number % 250}")
        assert tried is not None
        if number % 2:
            counted.right(tried)
        else:
            counted.wrong(tried)
    assert len(counted._records) == len(counted._known) == password_throttle._MOST_ADDRESSES


def test_it_tells_how_often(counted: Guesses) -> None:
    """For the host, who may want to know that somebody is at it."""
    begun = [counted.begin(ATTACKER) for _ in range(3)]
    assert [counted.wrong(tried) for tried in begun if tried] == [1, 2, 3]
