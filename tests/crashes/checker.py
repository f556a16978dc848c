"""Checks what members sent and saw against the entries of the history: no thread, socket or clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import msgspec

from messango.protocol.frames import AnyMessage, Entry, Problem, Reacted, ServerFrame, Welcome
from tests.room.entry_model import Model, ModelMessage, apply_entry

#: How a private text begins: with its sender and receiver.
_SECRET: Final = re.compile(r"secret (\w+) (\w+) ")


@dataclass(slots=True)
class MemberRecord:
    """What one member has sent and received over all connections."""

    name: str
    member: str = ""
    #: Entries in the order in which they came, each once; and the first answer to each request.
    entries: list[Entry] = field(default_factory=list)
    receipts: dict[str, Entry] = field(default_factory=dict)
    refused: dict[str, Problem] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    last_seq: int = 0
    #: How many answers were about entries that had come before.
    repeated: int = 0

    def welcomed(self, welcome: Welcome) -> None:
        """The member is in the room, for the first time or again."""
        if self.member not in ("", welcome.member):
            self.fault("was not recognized")
        self.member = welcome.member
        if welcome.latest < self.last_seq:
            self.fault(f"came back at {welcome.latest} after {self.last_seq}")

    def take(self, entry: Entry) -> None:
        """An entry has come; the answer to a request that was sent again may be one that came before."""
        if entry.seq > self.last_seq:
            self.entries.append(entry)
            self.last_seq = entry.seq
        elif entry.member == self.member and entry.id in self.receipts:
            self.repeated += 1
        else:
            self.fault(f"got {entry} after {self.last_seq}")

    def messages(self) -> dict[int, ModelMessage]:
        """Return the messages as this member sees them now, by number."""
        messages: dict[int, ModelMessage] = {}
        for entry in self.entries:
            if isinstance(entry, AnyMessage) or entry.target in messages:
                apply_entry(messages, entry)
            else:
                self.fault(f"was told of {entry}, and can't see what it is about")
        return messages

    def look_for_secrets(self, frame: ServerFrame | Problem) -> None:
        """Nothing in a frame may be a text between two others."""
        for pair in _SECRET.findall(msgspec.json.encode(frame).decode()):
            if self.name not in pair:
                self.fault(f"saw a text between {' and '.join(pair)}: {frame}")

    def fault(self, sentence: str) -> None:
        """Record a broken promise."""
        self.faults.append(f"{self.name} {sentence}")


def check(members: Sequence[MemberRecord], history: Sequence[Entry]) -> list[str]:
    """Return each broken promise in a sentence; `history` is what the file has at the end, in order."""
    found = [*_check_numbers(history)]
    model = Model()
    for entry in history:
        model.apply(entry)
    for member in members:
        found += member.faults
        found += _check_requests(member, history)
        found += _check_entries(member, model, history)
    ids = {(member.member, each) for member in members for each in member.sent}
    found += [f"nobody sent {entry}" for entry in history if (entry.member, entry.id) not in ids]
    return found


def _check_numbers(history: Sequence[Entry]) -> Iterator[str]:
    for before, after in pairwise(entry.seq for entry in history):
        if after != before + 1:
            yield f"{after} follows {before}"
    for what, times in Counter((entry.member, entry.id) for entry in history).items():
        if times > 1:
            yield f"{what} was accepted {times} times"


def _check_requests(member: MemberRecord, history: Sequence[Entry]) -> Iterator[str]:
    """Each request was answered, and what was confirmed is there."""
    own = {entry.id: entry for entry in history if entry.member == member.member}
    by_seq = {entry.seq: entry for entry in history}
    for request_id in member.sent:
        receipt, stored = member.receipts.get(request_id), own.get(request_id)
        if receipt is None:
            if request_id not in member.refused:
                yield f"{member.name} has no answer to {request_id}"
            elif stored is not None:
                yield f"{member.name} was refused {request_id}, which is {stored}"
        elif stored is None:
            if not _changed_nothing(receipt, by_seq.get(receipt.seq)):
                yield f"{member.name} had the receipt {receipt}, which is not in the history"
        elif (stored.seq, type(stored)) != (receipt.seq, type(receipt)):
            yield f"{member.name} had the receipt {receipt} for {stored}"


def _changed_nothing(receipt: Entry, stored: Entry | None) -> bool:
    """Return whether a reaction was there already, which is answered with the entry that added it."""
    if not isinstance(receipt, Reacted) or not isinstance(stored, Reacted):
        return False
    fields = ("target", "member", "emoji", "on")
    return all(getattr(receipt, name) == getattr(stored, name) for name in fields)


def _check_entries(member: MemberRecord, model: Model, history: Sequence[Entry]) -> Iterator[str]:
    """A member has seen each entry that they may see, once and in order, and sees what is there now."""
    visible = [entry.seq for entry in history if _target(model, entry).is_seen_by(member.member)]
    seen = [entry.seq for entry in member.entries]
    if seen != visible:
        yield f"{member.name} missed {sorted({*visible} - {*seen})}, and saw {sorted({*seen} - {*visible})}"
        return
    expected = model.seen_by(member.member)
    for seq, message in member.messages().items():
        if message.view() != expected[seq]:
            yield f"{member.name} sees {message.view()} as {seq}, and it is {expected[seq]}"


def _target(model: Model, entry: Entry) -> ModelMessage:
    return model.messages[getattr(entry, "target", entry.seq)]
