"""Whatever happens to servers and stream, all replicas are one room; and a spoiled one is noticed."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from messango.link.fold import lives, people, servers
from messango.link.fold.errors import Forked, StreamGap
from tests.link.fold.world import World, world_after
from tests.support.linked.made_up_acts import SOUTH
from tests.support.linked.replica_store import MemoryReplica

worlds = st.builds(world_after, st.integers(0, 60), st.integers(0, 2**32))


@given(worlds)
def test_all_replicas_are_the_same(world: World) -> None:
    """Entries, people, names, bans, places and all that is stored, to the byte."""
    world.read_all()
    for replica in world.replicas.values():
        assert replica.ledger.kept == world.truth.ledger.kept
        assert replica.fold.place == world.truth.fold.place
        assert replica.stored == world.truth.stored


@given(worlds, st.lists(st.integers(1, 7), min_size=1), st.lists(st.booleans(), min_size=1))
def test_any_cut_and_any_restart(world: World, cuts: list[int], keeps: list[bool]) -> None:
    """A newcomer that reads in any batches, and dies after any of them, stored or not, gets the same."""
    world.read_all()
    replica = newcomer(world.stream, cuts, keeps)
    assert replica.stored == world.truth.stored
    assert replica.ledger.kept == world.truth.ledger.kept
    assert orders(replica) == orders(world.truth)


@given(st.integers(0, 60), st.integers(0, 2**32), st.lists(st.integers(1, 7), min_size=1))
def test_everybody_forgets_the_same(steps: int, seed: int, cuts: list[int]) -> None:
    """With less room than people, servers and lives need, every replica forgets the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "MAX_AWAY", 2)
        patch.setattr(people, "MAX_REMOVED", 1)
        patch.setattr(lives, "MAX_LIVES", 3)
        patch.setattr(servers, "MAX_SERVERS", 2)
        world = world_after(steps, seed)
        world.read_all()
        replica = newcomer(world.stream, cuts, [True, False])
        assert replica.stored == world.truth.stored
        assert orders(replica) == orders(world.truth)


def newcomer(stream: list[bytes], cuts: list[int], keeps: list[bool]) -> MemoryReplica:
    """Return a replica that has read in batches of these lengths, and restarted after each of them."""
    replica = MemoryReplica("newcomer")
    # A batch that is lost is read again, and is lost once.
    was_lost = False
    for number in itertools.count():
        replica.read(stream, replica.fold.place.stream + cuts[number % len(cuts)])
        is_kept = was_lost or keeps[number % len(keeps)]
        if is_kept:
            replica.store()
        was_lost = not is_kept
        replica.restart(f"life {number}")
        if replica.fold.place.stream == len(stream):
            return replica
    raise AssertionError


def orders(replica: MemoryReplica) -> list[list[object]]:
    """Return all that has an order in a roster."""
    roster = replica.fold.roster
    return [
        [*roster.people.present()],
        [*roster.people.away()],
        [*roster.servers],
        [*roster.restrictions.bans.items()],
    ]


@given(worlds)
def test_numbers_ids_and_senders(world: World) -> None:
    """Numbers have no hole, every (member, id) is there once, and each sender's messages are in order."""
    kept = world.truth.ledger.kept
    assert [one.seq for one in kept] == [*range(4, 4 + len(kept))]
    assert len({(one.member, one.id) for one in kept}) == len(kept)
    for member in {one.member for one in kept}:
        ids = [int(one.id) for one in kept if one.member == member]
        assert ids == [*range(1, len(ids) + 1)]


@given(worlds)
def test_names(world: World) -> None:
    """Two people in the room never have one key, at no time."""
    reader = MemoryReplica("reader")
    for seq in range(1, len(world.stream) + 1):
        reader.read(world.stream, seq)
        room = reader.fold.roster.people
        present = [*room.present()]
        assert len({known.person.key for known in present}) == len(present)
        assert all(room.holder_of(known.person.key) == known.person.id for known in present)


@given(worlds)
def test_removed_members_say_nothing(world: World) -> None:
    """After a removal in the order, the member's session is not in the room, and nothing of theirs is."""
    reader = MemoryReplica("reader")
    said_by: dict[str, int] = {}
    for seq in range(1, len(world.stream) + 1):
        reader.read(world.stream, seq)
        room = reader.fold.roster.people
        for member in (one for one in "123456" if room.is_removed(one)):
            count = sum(one.member == member for one in reader.ledger.kept)
            assert said_by.setdefault(member, count) == count
            assert room.find(member) is None


def a_byte_is_changed(stream: list[bytes], at: int) -> None:
    """The disk of one engine gives another byte."""
    middle = len(stream[at]) // 2
    stream[at] = stream[at][:middle] + bytes([stream[at][middle] ^ 1]) + stream[at][middle + 1 :]


def an_entry_is_lost(stream: list[bytes], at: int) -> None:
    """Those after it have its number."""
    del stream[at]


def an_entry_is_there_twice(stream: list[bytes], at: int) -> None:
    """Those after it have one number more."""
    stream.insert(at, stream[at])


def two_change_places(stream: list[bytes], at: int) -> None:
    """An entry and the one before it."""
    stream[at - 1], stream[at] = stream[at], stream[at - 1]


@pytest.mark.parametrize(
    "spoil",
    [a_byte_is_changed, an_entry_is_lost, an_entry_is_there_twice, two_change_places],
    ids=lambda spoil: spoil.__name__,
)
@given(worlds, st.data())
def test_a_spoiled_replica_is_noticed(
    spoil: Callable[[list[bytes], int], None], world: World, data: st.DataObject
) -> None:
    """It notices it itself, or as soon as it reads from the others, or they read from it."""
    world.read_all()
    spoiled_stream = [*world.stream]
    spoil(spoiled_stream, data.draw(st.integers(1, len(spoiled_stream) - 1)))
    assume(spoiled_stream != world.stream)
    spoiled, honest = MemoryReplica("spoiled", "life"), world.replicas[SOUTH]
    if not stops(spoiled, spoiled_stream):
        assert spoiled.fold.place != honest.fold.place
        word, answer = honest.round(), spoiled.round()
        assert stops(spoiled, [*spoiled_stream, word]) or stops(honest, [*world.stream, answer])


def stops(replica: MemoryReplica, stream: list[bytes]) -> bool:
    """Let a replica read on; returns whether it stopped and said why."""
    try:
        replica.read(stream)
    except (Forked, StreamGap) as error:
        return bool(str(error))
    return False


@given(worlds)
def test_a_hole_in_the_stream(world: World) -> None:
    """An entry that is not there is not passed over."""
    world.read_all()
    reader = MemoryReplica("reader")
    reader.read(world.stream, 2)
    with pytest.raises(StreamGap):
        reader.fold.take(4, world.stream[3])


def test_the_worlds_are_not_empty() -> None:
    """What the properties are about happens: messages, refusals, moves, silence, entries without effect."""
    seen = set[object]()
    for seed in range(60):
        world = world_after(60, seed)
        reader = MemoryReplica("reader")
        for one in reader.read(world.stream):
            seen |= {type(one.act).__name__, one.refusal, bool(one.results), bool(one.ruling.moved_from)}
            seen |= {f"{type(one.act).__name__} done"} if one.refusal is None else set()
        seen |= {"skipped"} if reader.fold.skipped else set()
    acts = ("Opened", "Silent", "Came", "Gone", "Renamed", "Banned", "Unbanned", "Locked", "Posted", "Based")
    refusals = ("banned", "locked", "name-taken", "not-here", "removed", "unchanged", "unknown-member")
    assert {*(f"{act} done" for act in acts), *refusals, "skipped", True} <= seen
