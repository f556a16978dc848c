"""Rounds, messages and the beginning of a room."""

from __future__ import annotations

import pytest

from messango.link.fold import lives
from messango.link.fold.acts import Locked, Silent
from messango.link.fold.errors import Forked, NewerStream, StreamGap
from messango.link.fold.stream_entry import Place, StreamEntry, encode_entry, raw_digest
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME
from tests.link.fold.room import LinkedServers, refusals
from tests.support.linked.made_up_acts import NORTH, SOUTH, WEST, based, came, opened, said
from tests.support.linked.replica_store import MemoryReplica


def test_messages_of_two_servers() -> None:
    """Messages are numbered in the stream's order; each server sees which acts are its own."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"))
    (first,) = room.by_north(said("1", "a", "b"))
    (second,) = room.by_south(said("1", "c"))
    assert [one.seq for one in (*first.results, *second.results)] == [1, 2, 3]
    assert (first.is_mine, second.is_mine) == (True, False)
    assert room.north.fold.place.room == 3


def test_a_message_is_known_by_its_member_and_id() -> None:
    """What was sent again has the number that it had, whichever server brings it."""
    room = LinkedServers()
    room.by_north(came("1"), came("2"), said("1", "a"))
    (again, other) = room.by_south(said("1", "a"), said("2", "a"))
    assert [one.seq for one in (*again.results, *other.results)] == [1, 2]


def test_authors() -> None:
    """Who never came says nothing; who left may have been on the way; the host is known everywhere."""
    room = LinkedServers()
    (unknown, host) = room.by_north(said("1", "a"), said(HOST_MEMBER_ID, "a"))
    assert (unknown.refusal, host.refusal) == ("unknown-member", None)
    assert [one.name for one in host.results] == [HOST_NAME]


def test_the_name_is_that_of_the_order() -> None:
    """A message carries the name that its author has when it is ordered."""
    room = LinkedServers()
    room.by_north(came("1", "Ann"), said("1", "a"))
    room.by_south(came("1", "Ann 2"))
    (late,) = room.by_north(said("1", "b"))
    assert [one.name for one in late.results] == ["Ann 2"]


def test_a_repeated_round_counts_once() -> None:
    """The engine stored a round twice, once after its window: the second has no effect on any server."""
    room = LinkedServers()
    data = room.north.round(came("1"), said("1", "a"))
    assert len(room.order(data)) == 2
    room.by_north(said("1", "b"))
    assert room.order(data) == []
    assert (room.north.fold.skipped, room.north.fold.place.room, room.north.fold.my_round) == (1, 2, 3)


def test_a_round_after_a_lost_one_does_not_count() -> None:
    """Rounds count without a hole, and a life begins with its first."""
    room = LinkedServers()
    assert room.order(room.north.round(came("1"), n=room.north.fold.my_round + 2)) == []
    room.north.restart("north 2")
    room.north.read(room.stream)
    assert room.order(room.north.round(opened(NORTH), n=2)) == []


def test_a_life_belongs_to_one_server() -> None:
    """A round of another server's life does not count."""
    room = LinkedServers()
    foreign = StreamEntry(SOUTH, "north 1", 2, room.south.fold.place, [came("1")])
    assert room.order(encode_entry(foreign)) == []
    assert room.present == []


def test_an_ended_life_does_not_count() -> None:
    """What a dead process had on its way arrives after its server began again: members send it again."""
    room = LinkedServers()
    room.by_south(came("1"))
    late = room.south.round(said("1", "a"))
    room.south.restart("south 2")
    assert not room.south.fold.is_over
    room.by_south(opened(SOUTH))
    assert room.order(late) == []
    old = MemoryReplica(SOUTH, "south 1")
    old.read(room.stream)
    assert old.fold.is_over


def test_many_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ended lives are forgotten first, also after a restart; present ones never."""
    monkeypatch.setattr(lives, "MAX_LIVES", 4)
    room = LinkedServers()
    for name in "gfedcb":
        room.south.restart(name)
        room.by_south(opened(SOUTH))
        room.north.store()
        room.north.restart()
    kept = {key for key in room.north.stored if key.startswith("life:")}
    assert kept == {"life:north 1", "life:d", "life:c", "life:b"}


@pytest.mark.parametrize("data", [b"", b"\xff\x00", b"{}", b"[" * 100_000, b'{"version":"2"}'])
def test_what_no_server_of_ours_wrote(data: bytes) -> None:
    """It counts for nothing, on every server alike, and is in the digest."""
    room = LinkedServers()
    before = room.north.fold.place
    assert room.order(data) == []
    assert room.north.fold.place.stream == before.stream + 1
    assert room.north.fold.place.digest != before.digest
    assert room.north.fold.skipped == 1


def test_a_later_version_is_not_skipped() -> None:
    """A server that can't read an entry must not go on as if it were nothing."""
    room = LinkedServers()
    before = room.north.fold.place
    for data in (
        b'{"version":2,"entries":[{"type":"painted"}]}',
        encode_entry(StreamEntry(NORTH, "north 1", 2, before, [Locked(on=True)], version=2)),
    ):
        with pytest.raises(NewerStream, match="later version"):
            room.north.fold.take(before.stream + 1, data)
    assert room.north.fold.place == before


def test_gap() -> None:
    """An entry is missing: that is said, and what was folded before is not folded again."""
    room = LinkedServers()
    data = room.north.round(came("1"))
    with pytest.raises(StreamGap, match="entry 4, not 3"):
        room.north.fold.take(4, data)
    assert room.north.fold.take(2, data) == []
    assert len(room.north.fold.take(3, data)) == 1


def test_last_raw_digest() -> None:
    """The link recognizes the entry at the place, also after a restart."""
    room = LinkedServers()
    assert MemoryReplica(NORTH).fold.last_raw_digest == ""
    data = room.north.round(came("1"))
    room.order(data)
    room.north.store()
    room.north.restart()
    assert room.north.fold.last_raw_digest == raw_digest(data)


def test_nothing_before_the_beginning() -> None:
    """Until the room's beginning is complete, nothing else is taken, and its place has no number."""
    room = LinkedServers(is_open=False)
    assert refusals(room.by_north(opened(NORTH), said("1", "a"))) == ["not-based", "not-based"]
    assert refusals(room.by_north(based(50, last=False), Silent(SOUTH, "x"))) == [None, "not-based"]
    assert (room.north.fold.is_based, room.north.fold.place.room) == (False, 0)
    assert refusals(room.by_north(based(70), opened(NORTH))) == [None, None]
    assert (room.north.fold.is_based, room.north.fold.place.room) == (True, 70)
    assert (room.north.fold.link, room.north.fold.name) == (based().link, "Hall")


def test_one_beginning() -> None:
    """No other server, no other link and nobody later begins the room again; a new life may go on."""
    room = LinkedServers(is_open=False)
    room.by_north(based(50, last=False))
    assert refusals(room.by_south(based(60))) == ["already-based"]
    assert refusals(room.by_north(based(60, link="2" * 32))) == ["already-based"]
    room.north.store()
    room.north.restart("north 2")
    assert refusals(room.by_north(based(60))) == [None]
    assert refusals(room.by_north(based(60))) == ["already-based"]


def forged(at: Place) -> bytes:
    """Return South's next round with another place."""
    return encode_entry(StreamEntry(SOUTH, "south 1", 2, at, [came("1")]))


def test_fork() -> None:
    """A writer that stood elsewhere after the same entry has made something else of the stream."""
    room = LinkedServers()
    place = room.north.fold.place
    for at, words in (
        (Place(place.stream, place.room, "0" * 16), "not the same"),
        (Place(place.stream, place.room + 1, place.digest), "last number is 1 there and 0 here"),
        (Place(place.stream + 1, place.room, place.digest), "read 3 entries of a stream that has 2"),
        (Place(0, 1, ""), "After entry 0"),
    ):
        with pytest.raises(Forked, match=words) as raised:
            room.north.fold.take(3, forged(at))
        assert raised.value.other == SOUTH
    assert room.north.fold.place == place
    assert room.north.fold.take(3, forged(place))


def test_fork_after_a_restart() -> None:
    """What is stored is enough to compare places from before the start."""
    room = LinkedServers()
    old = room.north.fold.place
    for number in range(100):
        room.by_north(came(str(number)))
    room.north.store()
    room.north.restart()
    with pytest.raises(Forked):
        room.north.fold.take(103, forged(Place(old.stream, 0, "0" * 16)))
    assert room.north.fold.take(103, forged(old))


def test_a_judgment_is_in_the_digest() -> None:
    """Two servers that read the same and decide otherwise are at different places."""
    room = LinkedServers()
    room.north.store()
    other = MemoryReplica(WEST)
    other.read(room.stream)
    room.by_north(Locked(on=True))
    other.fold.roster.restrictions.lock(Locked(on=True))
    other.read(room.stream)
    assert other.fold.place.digest != room.north.fold.place.digest
