"""Tickets for downloads: good once, for a while, and never without end."""

from __future__ import annotations

import pytest

from messango.server.web.files.tickets import MAX_PER_MEMBER, MAX_TICKETS, VALID_S, Tickets


class Clock:
    """A clock that a test sets."""

    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(clock: Clock) -> Tickets:
    return Tickets(clock)


def test_a_ticket_is_good_once(tickets: Tickets) -> None:
    name = tickets.issue("ann", "secret", "f1")
    ticket = tickets.redeem(name)
    assert ticket is not None
    assert (ticket.member, ticket.session, ticket.file) == ("ann", "secret", "f1")
    assert tickets.redeem(name) is None


def test_a_ticket_is_good_for_a_minute(tickets: Tickets, clock: Clock) -> None:
    early, late = tickets.issue("ann", "secret", "f1"), tickets.issue("ann", "secret", "f1")
    clock.now_s += VALID_S - 0.1
    assert tickets.redeem(early) is not None
    clock.now_s += 0.1
    assert tickets.redeem(late) is None


def test_tickets_are_different_and_can_not_be_guessed(tickets: Tickets) -> None:
    names = {tickets.issue("ann", "secret", "f1") for _ in range(100)}
    assert len(names) == 100
    assert min(map(len, names)) >= 22


def test_a_member_has_a_few_unused_tickets(tickets: Tickets) -> None:
    """The oldest goes; those of others stay."""
    other = tickets.issue("ben", "other", "f1")
    names = [tickets.issue("ann", "secret", str(number)) for number in range(MAX_PER_MEMBER + 1)]
    assert tickets.redeem(names[0]) is None
    assert all(tickets.redeem(name) for name in (other, *names[1:]))


def test_there_are_never_more_than_a_bound(tickets: Tickets) -> None:
    names = [tickets.issue(f"m{number}", "secret", "f") for number in range(MAX_TICKETS + 1)]
    assert tickets.redeem(names[0]) is None
    assert tickets.redeem(names[1]) is not None
