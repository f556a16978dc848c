"""How long a dial waits and what it tries again, without a clock or a network."""

from __future__ import annotations

from messango.transport.dialing.dial_pace import DialPace


def repeats(pace: DialPace[str], until_s: float) -> list[tuple[str, float]]:
    """Start each repetition when it is due, and return them with their times."""
    found = []
    while (now := pace.next_repeat_s()) <= until_s:
        candidate = pace.take_repeat(now)
        assert candidate
        pace.started(candidate, now)
        found.append((candidate, now))
    return found


def test_an_address_that_says_nothing_is_tried_again() -> None:
    """Five first packets within two seconds, with TCP's own; then the time is up as before."""
    pace: DialPace[str] = DialPace(0.0, 2.0, 10.0)
    pace.started("a", 0.0)
    assert repeats(pace, 60.0) == [("a", 0.5), ("a", 1.5)]
    assert pace.deadline == 2.0


def test_a_repetition_is_not_early() -> None:
    """Nothing is due before its time, or if nothing has begun."""
    pace: DialPace[str] = DialPace(0.0, 2.0, 10.0)
    assert pace.take_repeat(1.0) is None
    pace.started("a", 0.0)
    assert pace.take_repeat(0.4) is None
    assert pace.take_repeat(0.5) == "a"


def test_a_quick_network_is_not_waited_for() -> None:
    """A server that accepts at once and then says nothing is stuck: no second connection, no patience."""
    pace: DialPace[str] = DialPace(0.0, 2.0, 10.0)
    pace.started("a", 0.0)
    pace.connected("a", 0.002)
    assert repeats(pace, 60.0) == []
    assert pace.deadline == 2.0


def test_a_slow_network_is_waited_for() -> None:
    """A connect that took long gives the rest more time."""
    pace: DialPace[str] = DialPace(0.0, 2.0, 10.0)
    pace.started("a", 0.0)
    pace.connected("a", 0.4)
    assert repeats(pace, 60.0) == []
    assert pace.deadline == 10.0


def test_a_longer_time_limit_is_not_shortened() -> None:
    """The patience is never less than the time limit."""
    pace: DialPace[str] = DialPace(0.0, 20.0, 10.0)
    pace.started("a", 0.0)
    pace.connected("a", 0.4)
    assert pace.deadline == 20.0


def test_what_failed_is_not_tried_again() -> None:
    """A refusal is an answer."""
    pace: DialPace[str] = DialPace(0.0, 2.0, 10.0)
    pace.started("a", 0.0)
    pace.ended("a")
    assert repeats(pace, 60.0) == []
    pace.started("a", 5.0)  # For another reason.
    assert repeats(pace, 60.0) == []


def test_only_the_first_addresses_are_tried_again() -> None:
    """A forged record may hold a dozen, and an old one many that lead nowhere."""
    pace: DialPace[str] = DialPace(0.0, 8.0, 15.0)
    for number in range(12):
        pace.started(f"a{number}", number * 0.25)
    assert {candidate for candidate, _ in repeats(pace, 60.0)} == {"a0", "a1", "a2", "a3"}
