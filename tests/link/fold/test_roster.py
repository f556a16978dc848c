"""People and their names over several servers, one rule each."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from messango.link.fold import people, servers
from messango.link.fold.acts import Gone, Opened, Renamed, Silent
from tests.link.fold.room import LinkedServers, refusals
from tests.support.linked.made_up_acts import NORTH, SOUTH, WEST, based, came, card, opened, person, said
from tests.support.linked.replica_store import MemoryReplica


def test_a_name_is_for_one_server_alike() -> None:
    """Two servers propose the same name: the first in the stream has it, and the other sees that."""
    room = LinkedServers()
    assert refusals(room.by_north(came("1", "Ann"))) == [None]
    assert refusals(room.by_south(came("2", "ANN"), came("2", "Ann 2"))) == ["name-taken", None]
    assert [known.person.name for known in room.roster.people.present()] == ["Ann", "Ann 2"]


def test_a_name_is_free_when_its_holder_is_gone() -> None:
    """Only people who are in the room hold names."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"), Gone("1", "left"))
    assert refusals(room.by_south(came("2", "Ann"))) == [None]
    assert refusals(room.by_north(came("1", "Ann"))) == ["name-taken"]


def test_rename() -> None:
    """A member gets a free name, and the old one is free then; the act comes with the old one."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"), came("2", "Ben"))
    taken, done = room.by_north(Renamed("1", "ben", "ben"), Renamed("1", "Cem", "cem"))
    assert (taken.refusal, done.refusal) == ("name-taken", None)
    assert [one.name for one in done.ruling.people] == ["Ann"]
    assert refusals(room.by_south(came("3", "Ann"))) == [None]


def test_rename_to_the_same_key() -> None:
    """A member may change how their own name is written."""
    room = LinkedServers()
    assert refusals(room.by_north(came("1", "Ann"), Renamed("1", "ANN", "ann"))) == [None, None]
    assert room.roster.people.holder_of("ann") == "1"


def test_only_their_server_renames_and_takes_leave() -> None:
    """Another server has no say in who is at this one."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"))
    ordered = room.by_south(
        Renamed("1", "Cem", "cem"), Gone("1", "left"), Renamed("9", "X", "x"), Gone("9", "left")
    )
    assert refusals(ordered) == ["not-here", "not-here", "not-here", "unknown-member"]
    assert room.present == ["1"]


def test_move_to_another_server() -> None:
    """Who comes at another server is there now; the act says from where, and the old one can't end that."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"))
    (moved,) = room.by_south(came("1", "Ann"))
    assert moved.ruling.moved_from == NORTH
    assert refusals(room.by_north(Gone("1", "connection-broke"))) == ["not-here"]
    assert [known.server for known in room.roster.people.present()] == [SOUTH]


def test_come_again_at_the_same_server() -> None:
    """A seat that is proposed twice is one seat."""
    room = LinkedServers()
    first, again = room.by_north(came("1", "Ann"), came("1", "Ann"))
    assert (first.refusal, again.refusal, again.ruling.moved_from) == (None, None, "")
    assert room.present == ["1"]


def test_gone_and_back() -> None:
    """Who left is remembered, with the proof of their session, at any server."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"), Gone("1", "left"))
    known = room.south.fold.roster.people.find("1")
    assert known == room.roster.people.find("1")
    assert known is not None
    assert known.person.proof == "proof of 1"
    assert room.present == []
    assert refusals(room.by_south(came("1", "Ann"))) == [None]


def test_removed_by_any_server() -> None:
    """A kick works from each server; the session returns at none, and says nothing more."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"))
    assert refusals(room.by_south(Gone("1", "kicked", removed=True))) == [None]
    assert refusals(room.by_north(Gone("1", "left"), came("1", "Ann"), said("1", "a"))) == [
        "removed",
        "banned",
        "removed",
    ]
    assert room.roster.people.is_removed_session("proof of 1")
    assert room.north.ledger.kept == []


def test_removed_while_away() -> None:
    """Who is not in the room can be kept from returning."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"), Gone("1", "left"))
    room.by_south(Gone("1", "banned", removed=True))
    assert refusals(room.by_south(came("1", "Ann"))) == ["banned"]


def test_silent_server() -> None:
    """The people of a server that is declared gone are gone, all in one act; a second one changes nothing."""
    room = LinkedServers()
    room.by_south(came("1"), came("2"))
    room.by_north(came("3"))
    first, second = room.by_north(Silent(SOUTH, "south 1"), Silent(SOUTH, "south 1"))
    assert [one.id for one in first.ruling.people] == ["1", "2"]
    assert second.refusal == "unchanged"
    assert room.present == ["3"]


def test_a_server_that_was_declared_gone_comes_back() -> None:
    """It sees that its acts are refused, opens the same life again, and brings its members."""
    room = LinkedServers()
    room.by_south(came("1"))
    room.by_north(Silent(SOUTH, "south 1"))
    acts = (Renamed("1", "X", "x"), Gone("1", "left"), came("2"))
    assert refusals(room.by_south(*acts)) == ["not-here"] * 3
    assert refusals(room.by_south(said("1", "a"))) == [None]
    assert refusals(room.by_south(opened(SOUTH), came("1"))) == [None, None]
    assert room.present == ["1"]


def test_silent_means_one_life() -> None:
    """A server that has restarted since is not meant."""
    room = LinkedServers()
    room.south.restart("south 2")
    room.by_south(opened(SOUTH), came("1"))
    assert refusals(room.by_north(Silent(SOUTH, "south 1"), Silent(WEST, "west 1"))) == ["unchanged"] * 2
    assert room.present == ["1"]


def test_restarted_server() -> None:
    """Its members stay in the room, until they are back in its new life or that says that they are gone."""
    room = LinkedServers()
    room.by_south(came("1"), came("2"))
    room.south.restart("south 2")
    assert refusals(room.by_south(came("1"))) == ["not-here"]
    room.by_south(opened(SOUTH))
    assert room.present == ["1", "2"]
    (back, left) = room.by_south(came("1"), Gone("2", "connection-broke"))
    assert (back.refusal, back.ruling.moved_from, left.refusal) == (None, "", None)
    assert room.present == ["1"]


def test_a_server_opens_only_itself() -> None:
    """The card in the act is of the server that wrote the entry."""
    room = LinkedServers()
    assert refusals(room.by_south(opened(WEST))) == ["not-here"]


def test_the_newest_card_counts() -> None:
    """A server that has another address opens its life again."""
    room = LinkedServers()
    moved = replace(card(SOUTH), addresses=("192.0.2.9:8000",))
    room.by_south(Opened(moved))
    assert [server.card for server in room.roster.servers] == [card(NORTH), moved]


def test_a_late_opened_of_an_older_life() -> None:
    """The last entry of a dead process arrives after the new one has begun: the new one stays."""
    room = LinkedServers()
    late = room.south
    late.restart("south 2")
    late_round = late.round(opened(SOUTH))
    late.restart("south 3")
    late.read(room.stream)
    room.by_south(opened(SOUTH), came("1"))
    assert refusals(room.order(late_round)) == ["outdated"]
    assert refusals(room.by_south(came("2"))) == [None]


def test_many_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many servers, the first that is gone is forgotten; if all are here, the next one is refused."""
    monkeypatch.setattr(servers, "MAX_SERVERS", 2)
    room = LinkedServers()
    west = MemoryReplica(WEST, "west 1")
    west.read(room.stream)
    assert refusals(room.order(west.round(opened(WEST), came("9")))) == ["too-many-servers", "not-here"]
    west.read(room.stream)
    room.by_north(Silent(SOUTH, "south 1"))
    assert refusals(room.order(west.round(opened(WEST), came("9")))) == [None, None]
    assert [server.card.id for server in room.roster.servers] == [NORTH, WEST]
    assert refusals(room.by_south(came("1"))) == ["not-here"]


def test_many_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first who left are forgotten first, and so are the first who were removed."""
    monkeypatch.setattr(people, "MAX_AWAY", 2)
    monkeypatch.setattr(people, "MAX_REMOVED", 1)
    room = LinkedServers()
    for member in "1234":
        room.by_north(came(member), came(f"x{member}"), Gone(f"x{member}", "kicked", removed=True))
    room.by_north(*(Gone(member, "left") for member in "3124"))
    assert [known.person.id for known in room.roster.people.away()] == ["2", "4"]
    assert refusals(room.by_north(said("3", "a"), said("2", "a"))) == ["unknown-member", None]
    assert [room.roster.people.is_removed(f"x{member}") for member in "34"] == [False, True]
    room.north.store()
    assert not {"person:3", "removed:x3"} & room.north.stored.keys()


def test_sessions_of_the_room_before() -> None:
    """Who was known before the room was linked may return at any server."""
    room = LinkedServers(is_open=False)
    room.by_north(based(7, person("1", "Ann"), person("2", "Ben")), opened(NORTH))
    room.by_south(opened(SOUTH))
    assert [known.person.id for known in room.roster.people.away()] == ["1", "2"]
    assert refusals(room.by_south(came("1", "Ann"))) == [None]
