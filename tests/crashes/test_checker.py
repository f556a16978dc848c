"""Made-up records: good ones pass, and each broken promise is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import pytest

from messango.protocol.frames import (
    Deleted,
    Edited,
    Entry,
    Message,
    Problem,
    Reacted,
    RoomInfo,
    Told,
    Welcome,
)
from tests.crashes.checker import MemberRecord, check

#: What Ann, Ben and Cleo said.
HISTORY: list[Entry] = [
    Message(1, "a1", "ann", 1.0, "Ann", "now edited", edited=True),
    Told(2, "b1", "ben", 2.0, "Ben", "secret Ben Ann hello", to="ann", to_name="Ann"),
    Reacted(3, "a2", 2, "ann", "Ann", 3.0, "👍", on=True),
    Edited(4, "a3", 1, "ann", "Ann", 4.0, "now edited"),
    Message(5, "c1", "cleo", 5.0, "Cleo", "", deleted=True),
    Deleted(6, "c2", 5, "cleo", "Cleo", 6.0),
]
NAMES = ("Ann", "Ben", "Cleo")


@dataclass
class MadeUp:
    """The checker's input."""

    records: dict[str, MemberRecord]
    history: list[Entry]


def good_records() -> dict[str, MemberRecord]:
    """Return what the three have seen; Cleo sees nothing of what is between the others."""
    records = {name: MemberRecord(name, name.lower()) for name in NAMES}
    for record in records.values():
        private = () if record.name != "Cleo" else (2, 3)
        for entry in HISTORY:
            if entry.seq not in private:
                record.take(entry)
            if entry.member == record.member:
                record.sent.append(entry.id)
                record.receipts[entry.id] = entry
    return records


def test_good_records_pass() -> None:
    """Nothing is found if nothing is wrong; a reaction that was there is answered with the older entry."""
    records = good_records()
    records["Ann"].sent += ["a4", "a5"]
    records["Ann"].receipts["a4"] = msgspec.structs.replace(HISTORY[2], id="a4")
    records["Ann"].refused["a5"] = Problem("unknown-entry", "", "", "a5")
    assert check([*records.values()], HISTORY) == []


def _is_gone(made: MadeUp) -> None:
    """The last confirmed deletion is not in the file."""
    del made.history[-1]


def _is_accepted_twice(made: MadeUp) -> None:
    """A repeated request took a number of its own."""
    made.history.append(msgspec.structs.replace(HISTORY[0], seq=7))
    for record in made.records.values():
        record.take(made.history[-1])


def _is_missed(made: MadeUp) -> None:
    """Somebody who came back did not get an entry."""
    del made.records["Ben"].entries[3]


def _is_seen_by_a_third(made: MadeUp) -> None:
    """A reaction to a private message went to all."""
    made.records["Cleo"].entries.insert(1, HISTORY[2])


def _is_another_text(made: MadeUp) -> None:
    """A member sees another text than is there."""
    made.records["Cleo"].entries[1] = msgspec.structs.replace(made.records["Cleo"].entries[1], text="before")


def _is_not_answered(made: MadeUp) -> None:
    """A request got no answer."""
    made.records["Ben"].sent.append("b2")


def _is_refused_and_kept(made: MadeUp) -> None:
    """A request that was refused after a break is in the file."""
    del made.records["Ann"].receipts["a3"]
    made.records["Ann"].refused["a3"] = Problem("not-yours", "", "", "a3")


def _is_nobodys(made: MadeUp) -> None:
    """An entry that nobody sent."""
    made.records["Cleo"].sent.remove("c1")


def _is_another_entry(made: MadeUp) -> None:
    """A receipt told of another number than the file."""
    made.records["Ann"].receipts["a2"] = HISTORY[3]


def _has_a_gap(made: MadeUp) -> None:
    """A number is missing."""
    made.history[-1] = msgspec.structs.replace(HISTORY[-1], seq=8)
    for record in made.records.values():
        record.entries[-1] = made.history[-1]
    made.records["Cleo"].receipts["c2"] = made.history[-1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_is_gone, "which is not in the history"),
        (_is_accepted_twice, "was accepted 2 times"),
        (_is_missed, "Ben missed [4]"),
        (_is_seen_by_a_third, "saw [3]"),
        (_is_another_text, "Cleo sees"),
        (_is_not_answered, "Ben has no answer to b2"),
        (_is_refused_and_kept, "Ann was refused a3"),
        (_is_nobodys, "nobody sent"),
        (_is_another_entry, "for Reacted"),
        (_has_a_gap, "8 follows 5"),
    ],
)
def test_a_broken_promise_is_found(change: Callable[[MadeUp], None], sentence: str) -> None:
    """Each kind has its own sentence."""
    made = MadeUp(good_records(), [*HISTORY])
    change(made)
    assert any(sentence in found for found in check([*made.records.values()], made.history))


def test_faults_that_a_member_notices() -> None:
    """A text between two others in a frame, numbers that fall, and a room that forgot the member."""
    record = MemberRecord("Cleo", "cleo")
    record.look_for_secrets(HISTORY[1])
    record.last_seq = 9
    info = RoomInfo(1, "0" * 32, "Tea", "1", 1, 5, locked=False, history=True, features=(), password=False)
    record.welcomed(Welcome(info, "Cleo", "other", "s", ["Cleo"], 8, 1))
    record.take(HISTORY[0])
    record.entries.append(HISTORY[2])
    assert record.messages() == {}
    assert [len(record.faults), "Ben and Ann" in record.faults[0]] == [5, True]
    assert check([record], [])[:5] == record.faults[:5]
