"""Seats, names and sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.limits import MAX_NAME_CHARACTERS, RECONNECT_GRACE_S
from messango.protocol.text.validation import normalized_name
from messango.room.members import MAX_SESSIONS, Member, Members
from messango.room.peer import Peer


def seat_member(members: Members, name: str, connection_id: int) -> Member:
    member = Member(members.available_name(name))
    members.assign_seat(member, connection_id, 0.0)
    return member


def test_a_seated_and_connected_member() -> None:
    """Is listed in the order of joining, and found by connection and session."""
    members = Members(3)
    ann, ben = seat_member(members, "Ann", 7), seat_member(members, "Ben", 8)
    assert members.connected == (7, 8)
    assert members.names() == ["Ann", "Ben"]
    assert len(members) == 2
    assert members.by_connection(7) is ann
    assert members.by_session(ben.session) is ben
    assert members.is_seated(ann)
    assert not members.full


def test_a_reserved_seat_is_taken() -> None:
    """It counts for a full room."""
    members = Members(1)
    ann = seat_member(members, "Ann", 1)
    members.disconnect(ann, 50.0)
    assert members.full
    assert members.connected == ()
    assert members.disconnected() == [ann]
    assert ann.seat_expires_s == 50.0 + RECONNECT_GRACE_S


def test_connections_are_a_snapshot() -> None:
    """A tuple that somebody holds does not change."""
    members = Members(3)
    seat_member(members, "Ann", 1)
    before = members.connected
    seat_member(members, "Ben", 2)
    assert before == (1,)


def test_a_seat_moves_to_another_connection() -> None:
    """A member who returns over another connection has one seat."""
    members = Members(3)
    ann = seat_member(members, "Ann", 1)
    members.assign_seat(ann, 2, 0.0)
    assert members.connected == (2,)
    assert members.by_connection(1) is None
    assert len(members) == 1


@pytest.mark.parametrize("away", [False, True])
def test_a_freed_seat_leaves_the_session(away: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """A former member is still known by their session."""
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
def test_an_empty_or_unknown_session(session: str | None) -> None:
    """It belongs to nobody."""
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
def test_names_are_compared_without_case_and_form(taken: list[str], wanted: str, given_name: str) -> None:
    """A name that differs only in these is taken, and gets a number."""
    members = Members(9)
    for connection_id, name in enumerate(taken):
        members.assign_seat(Member(name), connection_id, 0.0)
    assert members.available_name(wanted) == given_name


def test_the_own_name_is_free() -> None:
    """A member may have the name that only they have."""
    members = Members(2)
    ann = seat_member(members, "Ann", 1)
    assert members.available_name("ANN", exclude=ann) == "ANN"
    assert members.available_name("ANN") == "ANN 2"


@given(st.lists(st.text("aA ß2", min_size=1, max_size=MAX_NAME_CHARACTERS), max_size=15))
def test_free_names_are_unique(wanted: list[str]) -> None:
    """No two members have the same name, and no name grows too long."""
    members = Members(20)
    for connection_id, name in enumerate(wanted):
        seat_member(members, name, connection_id)
    assert len({normalized_name(name) for name in members.names()}) == len(wanted)
    assert all(len(name) <= MAX_NAME_CHARACTERS for name in members.names())


def test_ids_and_secrets() -> None:
    """Each member has a public id and a secret session, and neither reveals the other."""
    members = [Member("Ann") for _ in range(100)]
    assert len({member.id for member in members} | {member.session for member in members}) == 200


def join_and_leave(members: Members, count: int, connection_id: int) -> None:
    for number in range(count):
        members.release_seat(seat_member(members, f"Guest {number}", connection_id))


def test_the_oldest_sessions_are_dropped() -> None:
    """The members remember a thousand sessions beyond the seats."""
    members = Members(2)
    first = seat_member(members, "Ann", 1)
    members.release_seat(first)
    join_and_leave(members, MAX_SESSIONS + 1, 2)
    assert members.by_session(first.session) is first
    join_and_leave(members, 1, 2)
    assert members.by_session(first.session) is None


def test_seated_members_are_never_dropped() -> None:
    """However many others join and leave."""
    members = Members(2)
    ann = seat_member(members, "Ann", 1)
    join_and_leave(members, 3 * MAX_SESSIONS, 2)
    assert members.by_session(ann.session) is ann


def test_a_long_visit_counts_from_its_end() -> None:
    """A session is as old as its last seat."""
    members = Members(2)
    ann = seat_member(members, "Ann", 1)
    join_and_leave(members, 3 * MAX_SESSIONS, 2)
    members.release_seat(ann)
    join_and_leave(members, MAX_SESSIONS // 2, 2)
    assert members.by_session(ann.session) is ann


def test_who_may_send_files() -> None:
    """A member with a seat, also while their connection is broken, over the same kind of connection."""
    members, peer = Members(3), Peer("192.0.2.7", 1)
    ann = seat_member(members, "Ann", 1)
    assert members.seated_id(ann.session, peer) == ann.id
    members.disconnect(ann, 50.0)
    assert members.seated_id(ann.session, peer) == ann.id
    assert members.seated_id(ann.session, replace(peer, encrypted=False)) is None
    assert members.seated_id("", peer) is None
    members.release_seat(ann)
    assert members.seated_id(ann.session, peer) is None
