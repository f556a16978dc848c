"""Made-up ends of runs of linked rooms: a good one passes, and each spoiled replica is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from messango.link.fold.acts import Gone, Renamed
from messango.protocol.frames import Edited, Message, Reacted
from messango.room.history.file.sqlite_history import SqliteHistory
from tests.lan.faults.checker import ClientRun, MemberJoined, MessageSeen, RoomMessage, Rule
from tests.link.fold.room import LinkedServers
from tests.support.linked.checker import Removal, check_linked, public_messages
from tests.support.linked.made_up_acts import NORTH, SOUTH, based, came, opened, said
from tests.support.linked.replica_record import ReplicaRecord, read_replica
from tests.support.linked.replica_store import MemoryReplica


@dataclass(slots=True)
class End:
    """The checker's input."""

    north: ReplicaRecord
    south: ReplicaRecord
    ann: ClientRun
    ben: ClientRun
    removals: list[Removal] = field(default_factory=list)

    def broken_rules(self) -> set[Rule]:
        """Return the rules that are broken."""
        found = check_linked([self.ann, self.ben], [self.north, self.south], self.removals)
        return {violation.rule for violation in found}


def good_end() -> End:
    """Return the end of a room of two servers: Ann moves from North to South, and Cem is kicked after 25."""
    room = LinkedServers(is_open=False)
    room.by_north(based(20), opened(NORTH), came("ann", "Ann"))
    room.by_south(opened(SOUTH), came("ben", "Ben"), came("cem", "Cem"))
    room.by_north(said("ann", "1", "2"))
    room.by_south(said("ben", "1"))
    room.by_south(came("ann", "Ann"), said("ann", "2", "3"), said("cem", "1"))
    room.by_north(Gone("cem", "kicked", removed=True))
    room.by_south(said("cem", "2"), said("ben", "2"))
    north, south = record("North", room.north), record("South", room.south)
    messages = public_messages(north)
    removal = Removal("cem", 25, "Ben")
    ann, ben = run_of(("Ann",), messages), run_of(("Ben", "Cem", "Dan"), messages)
    return End(north, south, ann, ben, [removal])


def record(label: str, replica: MemoryReplica) -> ReplicaRecord:
    """Return what a replica in memory has at the end."""
    replica.store()
    old = Message(20, "old", "dan", 1.0, "Dan", "from before")
    kept = [Message(one.seq, one.id, one.member, one.time, one.name, one.text) for one in replica.ledger.kept]
    return ReplicaRecord(label, [old, *kept], dict(replica.stored))


def run_of(names: tuple[str, ...], messages: list[RoomMessage]) -> ClientRun:
    """Return the run of a member who saw everything, and who also sent what is by the other names."""
    run = ClientRun(names[0], [one.text for one in messages if one.name in names])
    run.events = [MemberJoined(0.0, run.label, ("Ann", "Ben"), latest=0)]
    run.events += [MessageSeen(float(one.seq), one, own=one.name in names) for one in messages]
    return run


def test_a_good_end_passes() -> None:
    """Nothing is found if nothing is wrong."""
    assert good_end().broken_rules() == set()


def test_changes_take_numbers_too() -> None:
    """A reaction is no hole; and before the base, only the first server has them."""
    end = good_end()
    for replica in (end.north, end.south):
        replica.entries.append(Reacted(27, "r", 21, "ben", "Ben", 1.0, "+", on=True))
    end.north.entries.insert(0, Edited(19, "e", 18, "dan", "Dan", 1.0, "text"))
    assert end.broken_rules() == set()


def both(end: End) -> tuple[ReplicaRecord, ReplicaRecord]:
    return end.north, end.south


def a_message_is_lost_by_one_server(end: End) -> None:
    """South's disk forgot its last."""
    end.south.entries.pop()


def a_message_is_lost_by_all(end: End) -> None:
    """The stream was rolled back after everybody saw it."""
    for replica in both(end):
        replica.entries.pop()


def a_number_is_left_out(end: End) -> None:
    """South skipped an entry and counted on."""
    end.south.entries[-1] = msgspec.structs.replace(end.south.entries[-1], seq=27)


def a_message_is_there_twice(end: End) -> None:
    """South counted what was sent again."""
    again = msgspec.structs.replace(end.south.entries[-1], seq=27)
    end.south.entries.append(again)


def two_messages_change_places(end: End) -> None:
    """South has them in the other order."""
    entries = end.south.entries
    entries[2], entries[3] = (
        msgspec.structs.replace(entries[3], seq=entries[2].seq),
        msgspec.structs.replace(entries[2], seq=entries[3].seq),
    )


def a_text_is_another_one(end: End) -> None:
    """A byte of South's file is spoiled."""
    entry = end.south.entries[-1]
    assert isinstance(entry, Message)
    end.south.entries[-1] = msgspec.structs.replace(entry, text="something else")


def a_message_from_before_is_missing(end: End) -> None:
    """South did not get all of the room as it was."""
    end.south.entries.pop(0)


def a_digest_is_another_one(end: End) -> None:
    """South has read something else."""
    place = json.loads(end.south.state["place"])
    place["place"][2] = "0" * 16
    end.south.state["place"] = json.dumps(place)


def a_person_is_missing(end: End) -> None:
    """South does not know that Ben is in the room."""
    del end.south.state["person:ben"]


def two_members_have_one_name(end: End) -> None:
    """Both servers let Ben be Ann."""
    for replica in both(end):
        replica.state["person:ben"] = replica.state["person:ben"].replace('"ben","proof', '"ann","proof')


def a_name_is_listed_twice(end: End) -> None:
    """A server's list of members has Ann of both servers."""
    end.ben.events[0] = MemberJoined(0.0, "Ben", ("Ann", "Ann", "Ben"), latest=0)


def a_name_is_another_one_at_a_server(end: End) -> None:
    """Ben saw Ann's message under a name that she does not have."""
    place, seen = next(
        (number, one)
        for number, one in enumerate(end.ben.events)
        if isinstance(one, MessageSeen) and one.message.name == "Ann"
    )
    end.ben.events[place] = replace(seen, message=replace(seen.message, name="Ann 2"))


def a_sender_is_out_of_order(end: End) -> None:
    """Ann sent what is second first."""
    end.ann.sent[0], end.ann.sent[1] = end.ann.sent[1], end.ann.sent[0]


def a_removed_member_speaks(end: End) -> None:
    """Cem was removed before his message that is there."""
    end.removals[0] = replace(end.removals[0], after=24)


def a_removed_member_stays(end: End) -> None:
    """Both servers still list Cem."""
    for replica in both(end):
        replica.state["person:cem"] = replica.state["person:ben"].replace("ben", "cem")


def a_member_misses_a_message(end: End) -> None:
    """Ann did not see what was said while she moved."""
    del end.ann.events[4]


def a_member_sees_a_message_twice(end: End) -> None:
    """Ann saw it at both servers."""
    end.ann.events.insert(4, end.ann.events[3])


def a_receipt_is_missing(end: End) -> None:
    """What Ann sent last was never stored."""
    end.ann.sent.append("Is there anybody?")


@pytest.mark.parametrize(
    ("spoil", "rules"),
    [
        (a_message_is_lost_by_one_server, {Rule.REPLICAS}),
        (a_message_is_lost_by_all, {Rule.LOST, Rule.DELIVERED}),
        (a_number_is_left_out, {Rule.NUMBERS, Rule.REPLICAS}),
        (a_message_is_there_twice, {Rule.DUPLICATE, Rule.REPLICAS}),
        (two_messages_change_places, {Rule.REPLICAS}),
        (a_text_is_another_one, {Rule.REPLICAS}),
        (a_message_from_before_is_missing, {Rule.REPLICAS}),
        (a_digest_is_another_one, {Rule.REPLICAS}),
        (a_person_is_missing, {Rule.REPLICAS}),
        (two_members_have_one_name, {Rule.NAMES}),
        (a_name_is_listed_twice, {Rule.NAMES}),
        (a_name_is_another_one_at_a_server, {Rule.ORDER, Rule.LOST}),
        (a_sender_is_out_of_order, {Rule.SENDER}),
        (a_removed_member_speaks, {Rule.REMOVED}),
        (a_removed_member_stays, {Rule.REMOVED}),
        (a_member_misses_a_message, {Rule.GAP}),
        (a_member_sees_a_message_twice, {Rule.DUPLICATE, Rule.ORDER}),
        (a_receipt_is_missing, {Rule.DELIVERED}),
    ],
)
def test_a_broken_promise_is_found(spoil: Callable[[End], None], rules: set[Rule]) -> None:
    """Each spoiled end breaks exactly the rules that it should."""
    end = good_end()
    spoil(end)
    assert end.broken_rules() == rules


def test_read_replica(tmp_path: Path) -> None:
    """A history file gives its entries, and the fold's state beside them."""
    room = LinkedServers()
    room.by_north(came("ann", "Ann"), Renamed("ann", "Anna", "anna"))
    room.north.store()
    entry = Message(1, "1", "ann", 1.0, "Anna", "hello")
    history = SqliteHistory(tmp_path / "hall.sqlite", 1.0)
    history.append_with_state([entry], room.north.stored, {}, plain=False)
    history.close()
    read = read_replica("North", tmp_path / "hall.sqlite")
    assert (read.entries, read.state, read.base) == ([entry], room.north.stored, 0)
    assert [known.person.name for known in read.present] == ["Anna"]
