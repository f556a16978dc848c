"""What a linked room begins with: all that the room had, in acts that each fit into a round."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from messango.link.fold.acts import Based
from messango.link.fold.stream_entry import MAX_ENTRY_BYTES, Place, StreamEntry, decode_entry, encode_entry
from messango.protocol.frames import Deleted, Edited, Entry, FileInfo, Message, Quote, Reacted, Told
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.room.history.file.replica_history import ReplicaHistory
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.history import MemoryHistory, SavedSession
from messango.room.linked.base import BaseUnreadable, base_acts
from tests.room.messages import make_messages

LINK = "1" * 32
NOW_S = 1_700_000_000.0

EVERYTHING: list[Entry] = [
    *make_messages(1, 3),
    Told(4, "t", "ann", 1.0, "Ann", "secret", to="bob", to_name="Bob"),
    Message(5, "f", "ann", 1.0, "Ann", "[file] a.jpg (1 B)", file=FileInfo("f" * 32, "a.jpg", 1, "ab" * 32)),
    Message(6, "a", "bob", 1.0, "Bob", "yes", reply=Quote(1)),
    Reacted(7, "r1", 1, "bob", "Bob", 2.0, "👍", on=True),
    Reacted(8, "r2", 1, "ann", "Ann", 2.0, "👍", on=True),
    Reacted(9, "r3", 1, "ann", "Ann", 2.0, "👍", on=False),
    Edited(10, "e1", 2, "ann", "Ann", 3.0, "first thoughts"),
    Edited(11, "e2", 2, "ann", "Ann", 3.0, "second thoughts"),
    Edited(12, "e3", 3, "ann", "Ann", 3.0, "never mind"),
    Deleted(13, "d", 3, "ann", "Ann", 4.0),
    Message(40, "later", "bob", 5.0, "Bob", "after a gap"),
]


def in_stream(acts: Sequence[Based]) -> list[Based]:
    """Return acts as another server reads them, each in a round of its own that is not too long."""
    rounds = [encode_entry(StreamEntry("s" * 32, "l" * 32, 1, Place(), [act])) for act in acts]
    assert max(map(len, rounds)) <= MAX_ENTRY_BYTES
    found = [act for data in rounds for act in decode_entry(data).acts]
    assert all(isinstance(act, Based) for act in found)
    return [act for act in found if isinstance(act, Based)]


def everything_of(path: Path) -> list[list[tuple[object, ...]]]:
    """Return the rows of all tables with entries."""
    with closing(SqliteHistory(path, NOW_S)) as history:
        database = history._database
        return [
            database.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()  # noqa: S608
            for table in ("message", "change", "reaction")
        ]


def test_another_server_has_the_same_file_then(tmp_path: Path) -> None:
    """Also which reactions were taken back, and that a text was edited: members who return ask for it."""
    with closing(SqliteHistory(tmp_path / "a.sqlite", NOW_S)) as history:
        history.append(EVERYTHING)
    with closing(ReplicaHistory(tmp_path / "a.sqlite", LINK, NOW_S, is_base=True)) as first:
        acts = in_stream([*base_acts(LINK, "Hall", first)])
        for act in acts:
            first.store(act.entries, {"place": "1"})
    with closing(ReplicaHistory(tmp_path / "b.sqlite", LINK, NOW_S)) as other:
        for act in acts:
            other.store(act.entries, {"place": "1"})
        assert other.latest == acts[-1].seq == 40
    assert everything_of(tmp_path / "b.sqlite") == everything_of(tmp_path / "a.sqlite")


def test_people_have_the_key_of_their_name(tmp_path: Path) -> None:
    people = [SavedSession("hash", "m1", "Änn  Ⅳ"), SavedSession("other", "m2", "Bob", encrypted=False)]
    with closing(ReplicaHistory(tmp_path / "a.sqlite", LINK, NOW_S)) as history:
        for seen_s, session in enumerate(people):
            history.save_sessions([session], seen_s)
        ((ann, bob), ()) = [act.people for act in base_acts(LINK, "Hall", history)]
    assert (ann.id, ann.name, ann.key, ann.proof, ann.encrypted) == ("m1", "Änn  Ⅳ", "änn iv", "hash", True)
    assert (bob.key, bob.encrypted) == ("bob", False)


def test_a_room_without_anything_begins_with_one_act() -> None:
    assert [*base_acts(LINK, "Hall", MemoryHistory())] == [Based(LINK, "Hall", 0, last=True)]


@pytest.mark.parametrize("text", ["x", "\x7f\U0001f44d" * (MAX_TEXT_CHARACTERS // 2)])
def test_a_long_history_is_cut_into_rounds(text: str) -> None:
    """In order, none missing, and none much smaller than it may be."""
    history = MemoryHistory()
    count = 1_200 if len(text) > 1 else 9_000
    history.append([Message(seq, f"{seq}", "ann", 1.0, "Ann", text) for seq in range(1, count + 1)])
    acts = in_stream([*base_acts(LINK, "Hall", history)])
    assert len(acts) >= 3
    assert [entry.seq for act in acts for entry in act.entries] == [*range(history.oldest, count + 1)]
    assert [act.last for act in acts] == [False] * (len(acts) - 1) + [True]
    sizes = [len(msgspec.json.encode(act)) for act in acts[:-2]]
    assert min(sizes) > MAX_ENTRY_BYTES * 0.9


def test_what_can_not_be_read_is_no_beginning(tmp_path: Path) -> None:
    """Else the linked room would lose the rest for good."""
    with closing(ReplicaHistory(tmp_path / "a.sqlite", LINK, NOW_S)) as history:
        history.store(make_messages(1, 900), {}, plain=True)
        acts = base_acts(LINK, "Hall", history)
        history._store._database.execute("DROP TABLE change")  # type: ignore[union-attr]
        with pytest.raises(BaseUnreadable):
            list(acts)
