"""Attempts become rarer, but never too rare, and do not all come at once."""

from __future__ import annotations

from messango.link.nats.pauses import FIRST_PAUSE_S, LONGEST_PAUSE_S, Pauses


def test_pauses_grow_to_a_limit() -> None:
    """Each is between half of its length and all of it, and the length doubles."""
    pauses = Pauses()
    taken = [pauses.next_s() for _ in range(12)]
    lengths = [min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**number) for number in range(12)]
    assert all(length / 2 <= pause_s <= length for pause_s, length in zip(taken, lengths, strict=True))


def test_a_success_makes_them_short_again() -> None:
    """After `reset` the first one is short."""
    pauses = Pauses()
    for _ in range(12):
        pauses.next_s()
    pauses.reset()
    assert pauses.next_s() <= FIRST_PAUSE_S


def test_servers_do_not_pause_alike() -> None:
    """All lost the engine in the same moment."""
    assert len({Pauses().next_s() for _ in range(20)}) > 1
