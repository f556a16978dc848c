"""Counting and delaying password attempts, on a clock that the test moves."""

from __future__ import annotations

from collections import deque

import pytest

from messango.room.peer import Peer
from messango.server.limits import MAX_THROTTLE_WAIT_S
from messango.server.throttling import password_throttle
from messango.server.throttling.password_throttle import (
    BURST,
    FREE_ATTEMPTS,
    MAX_BACKOFF_S,
    MAX_CONCURRENT,
    PasswordThrottle,
    Reservation,
)
from messango.server.throttling.trust import MAX_ADDRESSES, Trust

ATTACKER = "192.168.1.66"
HONEST = "192.168.1.20"


def at(host: str) -> Peer:
    """Return a client at this address, which is not the host's."""
    return Peer(host, 50_000, local_host="192.168.1.1")


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
    return PasswordThrottle(clock=clock)


def guess(throttle: PasswordThrottle, clock: Clock, host: str) -> float:
    """Guess wrong once, after the wait; returns the wait."""
    attempt = throttle.reserve(at(host))
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
    attempts = [attempt for attempt in (throttle.reserve(at(ATTACKER)) for _ in range(100)) if attempt]
    assert len(attempts) <= MAX_CONCURRENT + FREE_ATTEMPTS + 5
    assert all(attempt.wait_s <= MAX_THROTTLE_WAIT_S for attempt in attempts)
    for attempt in attempts:
        throttle.failed(attempt)
    again = [attempt for attempt in (throttle.reserve(at(ATTACKER)) for _ in range(100)) if attempt]
    assert len(again) <= 2


def test_a_class_with_one_address(throttle: PasswordThrottle) -> None:
    """Nobody waits, because no attempt was wrong."""
    attempts = [throttle.reserve(at(HONEST)) for _ in range(MAX_CONCURRENT)]
    assert [attempt and attempt.wait_s for attempt in attempts] == [0.0] * MAX_CONCURRENT


def test_other_addresses_do_not_wait(throttle: PasswordThrottle, clock: Clock) -> None:
    """Each address counts by itself."""
    for _ in range(2 * FREE_ATTEMPTS):
        guess(throttle, clock, ATTACKER)
    attempt = throttle.reserve(at(HONEST))
    assert attempt is not None
    assert attempt.wait_s == 0.0


def test_honest_people_with_an_attackers_address(throttle: PasswordThrottle, clock: Clock) -> None:
    """They wait for seconds, as long as the attacker."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, ATTACKER)
    attempt = throttle.reserve(at(ATTACKER))
    assert attempt is not None
    assert attempt.wait_s <= MAX_BACKOFF_S


def test_a_right_password_does_not_count(throttle: PasswordThrottle) -> None:
    """A whole school may join from one address, one after the other."""
    for _ in range(BURST):
        attempt = throttle.reserve(at(HONEST))
        assert attempt is not None
        assert attempt.wait_s == 0.0
        throttle.succeeded(attempt)


def test_right_passwords_offset_wrong_ones(throttle: PasswordThrottle, clock: Clock) -> None:
    """A class with an attacker's address does not wait one by one."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, HONEST)
    waits = []
    for _ in range(30):
        attempt = throttle.reserve(at(HONEST))
        assert attempt is not None
        clock.now_s += attempt.wait_s
        waits.append(attempt.wait_s)
        throttle.succeeded(attempt)
    assert waits[-1] == 0.0
    assert sum(waits) < 30


def test_a_cancelled_attempt_does_not_count(throttle: PasswordThrottle, clock: Clock) -> None:
    """A client that disconnects before its turn has learned nothing."""
    for _ in range(2 * FREE_ATTEMPTS):
        attempt = throttle.reserve(at(HONEST))
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
    member = throttle.reserve(at("fe80::20%eth0"))
    assert member is not None
    throttle.succeeded(member)
    for number in range(2 * FREE_ATTEMPTS):
        guess(throttle, clock, f"fe80::{number + 100:x}%eth0")
    back = throttle.reserve(at("fe80::20%eth0"))
    assert back is not None
    assert back.wait_s == 0.0


def test_all_addresses_together_have_a_rate(throttle: PasswordThrottle, clock: Clock) -> None:
    """Ten a second after a burst, so that the room keeps working."""
    attempts = [throttle.reserve(at(f"10.0.{number // 250}.{number % 250}")) for number in range(1_000)]
    let = [attempt for attempt in attempts if attempt]
    assert len([attempt for attempt in let if attempt.wait_s == 0.0]) == BURST
    assert len(let) <= BURST + 10 * MAX_THROTTLE_WAIT_S + 1
    clock.now_s += 60
    assert throttle.reserve(at(HONEST)) is not None


def test_the_table_is_bounded(throttle: PasswordThrottle, clock: Clock) -> None:
    """The oldest addresses are dropped."""
    for number in range(password_throttle._MAX_ADDRESSES + 2_000):
        clock.now_s += 1
        attempt = throttle.reserve(at(f"10.1.{number // 250}.{number % 250}"))
        assert attempt is not None
        if number % 2:
            throttle.succeeded(attempt)
        else:
            throttle.failed(attempt)
    assert len(throttle._states) == password_throttle._MAX_ADDRESSES
    assert len(throttle._known) == MAX_ADDRESSES


def test_failed_returns_the_count(throttle: PasswordThrottle) -> None:
    """For the host, who wants to know about an attack."""
    attempts = [throttle.reserve(at(ATTACKER)) for _ in range(3)]
    assert [throttle.failed(attempt) for attempt in attempts if attempt] == [1, 2, 3]


def flood(throttle: PasswordThrottle, clock: Clock, seconds: int, addresses: int = 64) -> None:
    """Guess 110 times a second from that many addresses, each guess as soon as it is allowed."""
    for number in range(seconds * 110):
        clock.now_s += 1 / 110
        host = f"10.2.{number % addresses // 250}.{number % addresses % 250}"
        if attempt := throttle.reserve(at(host)):
            throttle.failed(attempt)


def test_a_flood_from_others_does_not_delay_a_newcomer(throttle: PasswordThrottle, clock: Clock) -> None:
    """An address without a wrong attempt has its turn before those that were wrong, at any moment."""
    for number in range(30):
        flood(throttle, clock, 2)
        newcomer = throttle.reserve(at(f"192.168.7.{number}"))
        assert newcomer is not None
        assert newcomer.wait_s < 1.0
        throttle.cancelled(newcomer)


@pytest.mark.parametrize("seconds_open", [0.0, 1.0, 10.0])
def test_a_flood_from_a_whole_network(throttle: PasswordThrottle, clock: Clock, seconds_open: float) -> None:
    """250 addresses that leave attempts open: once each has made one, newcomers have their turn first."""
    pending: deque[tuple[float, Reservation]] = deque()
    for number in range(110 * 60):
        clock.now_s += 1 / 110
        while pending and pending[0][0] <= clock.now_s:
            throttle.failed(pending.popleft()[1])
        if attempt := throttle.reserve(at(f"10.4.0.{number % 250}")):
            pending.append((clock.now_s + seconds_open, attempt))
        if number >= 110 * 15 and number % 110 == 0:
            newcomer = throttle.reserve(at(f"192.168.8.{number // 110}"))
            assert newcomer is not None
            assert newcomer.wait_s < 1.0
            throttle.cancelled(newcomer)


def test_who_mistypes_in_a_flood_can_try_again(throttle: PasswordThrottle, clock: Clock) -> None:
    """The flood's addresses have been wrong more often."""
    flood(throttle, clock, 120)
    assert [guess(throttle, clock, HONEST) for _ in range(5)] == [0.0] * 5


def test_a_flood_is_limited_by_the_rate(throttle: PasswordThrottle, clock: Clock) -> None:
    """Ten a second, however many addresses it has."""
    made = 0
    for number in range(110 * 60):
        clock.now_s += 1 / 110
        if attempt := throttle.reserve(at(f"10.{number % 60_000 // 250}.7.{number % 250}")):
            throttle.failed(attempt)
            made += 1
    assert made <= BURST + 10 * (60 + MAX_THROTTLE_WAIT_S) + 1


def test_a_known_address_has_turns_of_its_own(throttle: PasswordThrottle, clock: Clock) -> None:
    """Strangers can use up theirs only."""
    member = throttle.reserve(at(HONEST))
    assert member is not None
    throttle.succeeded(member)
    while throttle.reserve(at(f"10.3.{clock.now_s * 250 % 250:.0f}.{clock.now_s % 250:.0f}")):
        clock.now_s += 0.001
    back = throttle.reserve(at(HONEST))
    assert back is not None
    assert (back.trust, back.wait_s) == (Trust.ADDRESS, 0.0)


def test_the_hosts_own_computer_is_known(throttle: PasswordThrottle) -> None:
    """The host's window joins the room like everybody."""
    own = throttle.reserve(Peer(HONEST, 1, local_host=HONEST))
    assert own is not None
    assert own.trust is Trust.ADDRESS


def test_a_session_does_not_wait_for_its_address(throttle: PasswordThrottle, clock: Clock) -> None:
    """A flood from the same address, behind one router for example, can't know the session."""
    for _ in range(2 * FREE_ATTEMPTS):
        guess(throttle, clock, ATTACKER)
    while throttle.reserve(at(ATTACKER)):
        pass
    back = throttle.reserve(at(ATTACKER), "secret")
    assert back is not None
    assert (back.trust, back.wait_s) == (Trust.SESSION, 0.0)


def test_a_session_with_wrong_passwords_waits(throttle: PasswordThrottle, clock: Clock) -> None:
    """Who was a member before the password changed has as many guesses as others, and delays only itself."""
    waits = []
    for _ in range(FREE_ATTEMPTS + 3):
        attempt = throttle.reserve(at(ATTACKER), "secret")
        assert attempt is not None
        clock.now_s += attempt.wait_s
        waits.append(attempt.wait_s)
        throttle.failed(attempt)
    assert waits[FREE_ATTEMPTS:] == [0.5, 1.0, 2.0]
    assert guess(throttle, clock, ATTACKER) == 0.0


def test_one_computer_does_not_delay_its_ipv6_network(throttle: PasswordThrottle, clock: Clock) -> None:
    """On a LAN all IPv6 addresses share one network."""
    for _ in range(3 * FREE_ATTEMPTS):
        guess(throttle, clock, "fe80::66%eth0")
    while throttle.reserve(at("fe80::66%eth0")):
        pass
    assert guess(throttle, clock, "fe80::20%eth0") == 0.0


def test_a_flood_from_our_own_ipv6_network(throttle: PasswordThrottle, clock: Clock) -> None:
    """On a LAN everybody is in one /64: a computer that uses a hundred addresses must not keep others out."""

    def on_the_lan(number: int) -> Peer:
        return Peer(f"fe80::{number:x}%eth0", 50_000, local_host="fe80::1")

    for number in range(40):
        if reservation := throttle.reserve(on_the_lan(number + 100)):
            clock.now_s += reservation.wait_s
            throttle.failed(reservation)
    newcomer = throttle.reserve(on_the_lan(20))
    assert newcomer is not None
    assert newcomer.wait_s == 0.0


def test_a_flood_from_more_addresses_than_are_forgiven_in_time(
    throttle: PasswordThrottle, clock: Clock
) -> None:
    """Their wrong attempts are forgiven after a minute, but an address that was never wrong comes first."""
    flood(throttle, clock, seconds=120, addresses=900)
    newcomer = throttle.reserve(at(HONEST))
    assert newcomer is not None
