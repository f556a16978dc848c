"""The connections of members' browsers, each with its member."""

from __future__ import annotations

from messango.server.clients.registry.member_connections import MAX_CONNECTIONS, MemberConnections


def test_the_least_recently_used_one_is_replaced() -> None:
    """Each use counts; those of other members do not."""
    connections = MemberConnections[int]()
    assert [connections.add(number, "ann") for number in range(MAX_CONNECTIONS)] == [None] * MAX_CONNECTIONS
    assert connections.add(0, "ann") is None
    assert connections.add(100, "ben") is None
    assert connections.add(8, "ann") == 1
    assert connections.add(9, "ann") == 2


def test_a_connection_may_change_its_member() -> None:
    """It counts for one only."""
    connections = MemberConnections[int]()
    for number in range(MAX_CONNECTIONS):
        connections.add(number, "ann")
    connections.add(0, "ben")
    assert connections.add(100, "ann") is None


def test_a_connection_is_removed() -> None:
    """Once."""
    connections = MemberConnections[int]()
    connections.add(1, "ann")
    assert connections.remove(1)
    assert not connections.remove(1)
