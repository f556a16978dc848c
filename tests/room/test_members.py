"""Seats, names and sessions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.limits import MAX_NAME_CHARACTERS, RECONNECT_GRACE_S
from messango.protocol.validation import normalized_name
from messango.room.members import MAX_SESSIONS, Member, Members


def seat_member(members: Members, name: str, connection_id: int) -> Member:
    member = Member(members.free_name(name))
    members.assign_seat(member, connection_id, 0.0)
    return member


def test_a_seat_makes_present() -> None:
    """Who has a seat and a connection is present, in the order of coming, and found by both."""
    members = Members(3)
    ann, ben = seat_member(members, "Ann", 7), seat_member(members, "Ben", 8)
    assert members.connected == (7, 8)
    assert members.names() == ["Ann", "Ben"]
    assert len(members) == 2
    assert members.by_connection(7) is ann
    assert members.by_session(ben.session) is ben
    assert members.is_seated(ann)
    assert not members.full


def test_full_counts_those_away() -> None:
    """A seat that is kept for somebody whose connection broke is taken."""
    members = Members(1)
    ann = seat_member(members, "Ann", 1)
    members.disconnect(ann, 50.0)
    assert members.full
    assert members.connected == ()
    assert members.disconnected() == [ann]
    assert ann.seat_expires_s == 50.0 + RECONNECT_GRACE_S


def test_present_is_replaced_and_never_changed() -> None:
    """Whoever holds the links of a moment keeps them as they were."""
    members = Members(3)
    seat_member(members, "Ann", 1)
    before = members.connected
    seat_member(members, "Ben", 2)
    assert before == (1,)


def test_a_seat_moves_to_another_connection() -> None:
    """A member who comes back by another connection has one seat, at the new one."""
    members = Members(3)
    ann = seat_member(members, "Ann", 1)
    members.assign_seat(ann, 2, 0.0)
    assert members.connected == (2,)
    assert members.by_connection(1) is None
    assert len(members) == 1


@pytest.mark.parametrize("away", [False, True])
def test_a_freed_seat_leaves_the_session(away: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """Who has left is known by the session still, present before or away."""
    members = Members(1)
    ann = seat_member(members, "Ann", 1)
    if away:
        members.disconnect(ann, 0.0)
    members.release_seat(ann)
    assert not members.full
    assert not members.is_seated(ann)
    assert members.by_session(ann.session) is ann
    assert members.by_connection(1) is None


@pytest.mark.parametrize("session", [None, "", "unknown"])
def test_nobody_has_no_session(session: str | None) -> None:
    """An empty or unknown session is nobody's."""
    members = Members(1)
    seat_member(members, "Ann", 1)
    assert members.by_session(session) is None


@pytest.mark.parametrize(
    ("taken", "wanted", "given_name"),
    [
        (["Ann"], "Ben", "Ben"),
        (["Ann"], "Ann", "Ann 2"),
        (["Ann"], "ANN", "ANN 2"),
        (["Ann", "ann 2"], "Ann", "Ann 3"),
        (["Straße"], "STRASSE", "STRASSE 2"),
        (["ﬁn"], "FIN", "FIN 2"),
        (["Ａnn"], "ann", "ann 2"),
        (["é"], "e\u0301", "e\u0301 2"),
        (["x" * 32], "x" * 32, "x" * 30 + " 2"),
    ],
)
def test_names_are_compared_by_what_they_look_like(taken: list[str], wanted: str, given_name: str) -> None:
    """A name that differs in case or in its Unicode form alone is taken, and gets a number."""
    members = Members(9)
    for connection_id, name in enumerate(taken):
        members.assign_seat(Member(name), connection_id, 0.0)
    assert members.free_name(wanted) == given_name


def test_one_own_name_is_free() -> None:
    """A member may have the name that only that member has."""
    members = Members(2)
    ann = seat_member(members, "Ann", 1)
    assert members.free_name("ANN", exclude=ann) == "ANN"
    assert members.free_name("ANN") == "ANN 2"


@given(st.lists(st.text("aA ß2", min_size=1, max_size=MAX_NAME_CHARACTERS), max_size=15))
def test_free_names_are_unique(wanted: list[str]) -> None:
    """Whatever names are asked for, no two members bear the same, and none grows too long."""
    members = Members(20)
    for connection_id, name in enumerate(wanted):
        seat_member(members, name, connection_id)
    assert len({normalized_name(name) for name in members.names()}) == len(wanted)
    assert all(len(name) <= MAX_NAME_CHARACTERS for name in members.names())


def test_secrets_differ() -> None:
    """Each member has a public id and a secret session of its own, and the one does not tell the other."""
    members = [Member("Ann") for _ in range(100)]
    assert len({member.id for member in members} | {member.session for member in members}) == 200


def join_and_leave(members: Members, count: int, connection_id: int) -> None:
    for number in range(count):
        members.release_seat(seat_member(members, f"Guest {number}", connection_id))


def test_the_oldest_sessions_are_forgotten() -> None:
    """At most a thousand sessions beyond the seats are remembered; the oldest goes first."""
    members = Members(2)
    first = seat_member(members, "Ann", 1)
    members.release_seat(first)
    join_and_leave(members, MAX_SESSIONS + 1, 2)
    assert members.by_session(first.session) is first
    join_and_leave(members, 1, 2)
    assert members.by_session(first.session) is None


def test_who_sits_is_never_forgotten() -> None:
    """However many come and go, those who have a seat keep their session."""
    members = Members(2)
    ann = seat_member(members, "Ann", 1)
    join_and_leave(members, 3 * MAX_SESSIONS, 2)
    assert members.by_session(ann.session) is ann


def test_who_sat_long_is_remembered_from_the_end() -> None:
    """A long stay does not count against a member: being forgotten begins when the seat is given up."""
    members = Members(2)
    ann = seat_member(members, "Ann", 1)
    join_and_leave(members, 3 * MAX_SESSIONS, 2)
    members.release_seat(ann)
    join_and_leave(members, MAX_SESSIONS // 2, 2)
    assert members.by_session(ann.session) is ann
