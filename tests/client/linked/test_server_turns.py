"""Where a member goes when the server of a linked room fails."""

from __future__ import annotations

import pytest

from messango.client.linked.server_turns import PATIENCE_S, ROUND_EVERY_S, ServerTurns
from messango.errors import (
    ConnectionLost,
    InternalError,
    JoinRefused,
    MessangoError,
    RoomClosed,
    RoomMisbehaved,
    Unreachable,
    WrongPassword,
)
from messango.protocol import error_codes
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.dialing.dial_failure_texts import dial_failed
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.client.linked.servers import server

BROKEN = ConnectionLost("It broke.")
CLOSING = RoomClosed(error_codes.CLOSING, "The room closes.")
FULL = JoinRefused(error_codes.FULL, "Full.")
CHANGED = FingerprintMismatch("Hall", "ab" * 32, "cd" * 32)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Turns:
    """Turns of a member who is in a room with two other servers."""

    def __init__(self, others: int = 2, *, has_session: bool = True) -> None:
        self.clock, self.has_session = Clock(), has_session
        self.turns = ServerTurns(self.clock)
        self.turns.joined([server(number) for number in range(1, others + 1)])

    def fail(self, error: MessangoError = BROKEN, final: MessangoError | None = None) -> MessangoError | None:
        """Take a failure."""
        return self.turns.failed(error, final, has_session=self.has_session)

    @property
    def place(self) -> str:
        """Whose turn it is."""
        return self.turns.server.name if self.turns.server else "ours"

    def places(self, count: int) -> list[str]:
        """Fail so many times; return where the client was each time."""
        seen = []
        for _ in range(count):
            seen.append(self.place)
            assert self.fail() is None
        return seen


def test_our_server_comes_first_then_the_others_in_turn() -> None:
    """A restart takes seconds. After the first round, each round has one attempt at ours."""
    turns = Turns()
    assert turns.places(11) == [*["ours"] * 5, "Server 1", "Server 2", "ours", "Server 1", "Server 2", "ours"]


def test_a_server_that_takes_long_to_fail_is_left_sooner() -> None:
    """A computer that is off answers nothing."""
    turns = Turns()
    turns.fail()
    turns.clock.now_s += PATIENCE_S
    turns.fail()
    assert turns.place == "Server 1"


def test_while_our_own_network_is_away_ours_stays_first() -> None:
    """After a sleep nothing can be reached. Somebody who has moved to another network finds the others."""
    turns = Turns()
    no_route = dial_failed([DialAttempt(Address("192.0.2.1"), FailureKind.NO_ROUTE, 0.0)])
    for _ in range(11):
        assert turns.fail(no_route) is None
        assert turns.place == "ours"
        turns.clock.now_s += 1
    turns.fail(no_route)
    turns.clock.now_s += 1
    turns.fail(no_route)
    assert turns.place == "Server 1"


def test_the_others_are_not_tried_without_end() -> None:
    """After three rounds only now and then, but ours with each attempt."""
    turns = Turns(1)
    assert turns.places(9) == [*["ours"] * 5, "Server 1", "ours", "Server 1", "ours"]
    assert turns.places(4) == ["Server 1", "ours", "ours", "ours"]
    turns.clock.now_s += ROUND_EVERY_S
    assert turns.places(3) == ["ours", "Server 1", "ours"]


def test_a_server_that_lets_us_in_again_and_again_gains_nothing() -> None:
    """It could list strangers, and send us to them as often as it breaks the connection or closes."""
    turns, rounds = Turns(1), 0
    for _ in range(20):
        rounds += turns.places(6)[-1] == "Server 1"
        turns.turns.joined([server(1)])
    assert rounds == 3
    assert turns.fail(CLOSING, CLOSING) is CLOSING


def test_where_we_join_we_stay() -> None:
    """Also when the first server is back: now the one where we are comes first."""
    turns = Turns()
    turns.places(5)
    turns.turns.joined([server(2), server(0)])
    assert turns.places(7) == [*["ours"] * 5, "Server 2", "Server 0"]


def test_a_room_of_one_server_is_as_before() -> None:
    """There is nowhere else, so what ends the session ends it."""
    turns = Turns(0)
    assert turns.places(20) == ["ours"] * 20
    assert turns.fail(CLOSING, CLOSING) is CLOSING


def test_a_server_that_nobody_can_reach_is_left_out() -> None:
    """None of its addresses may be tried."""
    turns, unreachable = ServerTurns(), server(1)
    unreachable.addresses.clear()
    turns.joined([unreachable])
    assert not turns.has_others
    turns.joined([unreachable, server(2)])
    assert turns.has_others


def test_a_server_that_closes_is_left_at_once() -> None:
    """The room goes on at the others; if none of them lets us in, it has closed for us."""
    turns = Turns()
    assert turns.fail(CLOSING, CLOSING) is None
    assert turns.place == "Server 1"
    assert turns.fail(FULL) is None
    assert turns.place == "Server 2"
    assert turns.fail(BROKEN) is CLOSING


@pytest.mark.parametrize(
    "error",
    [
        RoomClosed(error_codes.KICKED, "Out."),
        RoomClosed(error_codes.BANNED, "Out."),
        RoomClosed(error_codes.REPLACED, "Elsewhere."),
        JoinRefused(error_codes.BANNED, "Out."),
        JoinRefused(error_codes.LOCKED, "Locked."),
        WrongPassword(),
        RoomMisbehaved("Nonsense."),
    ],
)
def test_what_the_whole_room_decides_ends_the_session(error: MessangoError) -> None:
    """The other servers would say the same; a hostile one is not asked who else there is."""
    assert Turns().fail(error, error) is error


def test_nothing_that_another_server_says_ends_the_session() -> None:
    """Banned, locked, misbehaving: the next one is tried, then ours again."""
    turns = Turns()
    turns.places(5)
    assert turns.fail(JoinRefused(error_codes.BANNED, "Out.")) is None
    assert turns.fail(RoomMisbehaved("Nonsense.")) is None
    assert turns.place == "ours"


def test_a_bug_of_ours_ends_the_session() -> None:
    """It would happen at each of them."""
    turns, bug = Turns(), InternalError("Join again.")
    turns.places(5)
    assert turns.fail(bug) is bug


def test_a_known_room_that_is_away_is_found_at_another_server() -> None:
    """Before the first join nothing is waited for; at the end the first reason counts."""
    turns, away = Turns(has_session=False), Unreachable("Nobody there.")
    assert turns.fail(away, away) is None
    assert turns.place == "Server 1"
    assert turns.fail(FULL) is None
    assert turns.fail(FULL) is away


def test_newcomers_find_a_free_seat_at_another_server() -> None:
    """Each server has its own seats, and its own link."""
    for code in (error_codes.FULL, error_codes.LINK_DOWN, error_codes.BUSY):
        turns, error = Turns(has_session=False), JoinRefused(code, "No.")
        assert turns.fail(error, error) is None
        assert turns.place == "Server 1"


def test_a_changed_certificate_is_told_before_the_first_join() -> None:
    """Afterwards only the address is another computer's: the others are still who they are."""
    assert Turns(has_session=False).fail(CHANGED, CHANGED) is CHANGED
    turns = Turns()
    assert turns.fail(CHANGED, CHANGED) is None
    assert turns.place == "Server 1"
