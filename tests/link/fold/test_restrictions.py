"""Bans and the lock, the same for all servers."""

from __future__ import annotations

from messango.link.fold.acts import Banned, Gone, Locked, Unbanned
from tests.link.fold.room import LinkedServers, refusals
from tests.support.linked.made_up_acts import came


def test_lock() -> None:
    """A lock by one server keeps newcomers out at all, and nobody who is known."""
    room = LinkedServers()
    room.by_north(came("1"), Gone("1", "left"))
    assert refusals(room.by_south(Locked(on=True), Locked(on=True))) == [None, "unchanged"]
    assert refusals(room.by_north(came("2", newcomer=True), came("1"))) == ["locked", None]
    room.north.store()
    room.north.restart()
    assert room.roster.restrictions.is_locked
    assert refusals(room.by_north(Locked(on=False), came("2", newcomer=True))) == [None, None]


def test_bans() -> None:
    """A ban replaces the one with its key; several end in one act, which says which ones did."""
    room = LinkedServers()
    room.by_north(Banned("b", '{"name":"B"}'), Banned("a", '{"name":"A"}'))
    room.by_south(Banned("b", '{"name":"B","reason":"again"}'))
    assert [*room.roster.restrictions.bans.items()] == [
        ("a", '{"name":"A"}'),
        ("b", '{"name":"B","reason":"again"}'),
    ]
    ended, nothing = room.by_north(Unbanned(["b", "c"]), Unbanned(["b"]))
    assert (ended.ruling.lifted, nothing.refusal) == (("b",), "not-banned")
    room.north.store()
    room.north.restart()
    assert [*room.roster.restrictions.bans] == ["a"]
