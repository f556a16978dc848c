"""Checks what members of a linked room sent and saw, and what its servers have, against the promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from messango.link.fold.checkpoints import UNCHECKED
from messango.protocol.frames import Message, Told
from tests.lan.faults.checker import ClientRun, RoomMessage, Rule, Violation, check_runs
from tests.support.linked.replica_record import ReplicaRecord

#: How far a server that reads the stream again believes no others is its own affair.
_OWN_STATE = {UNCHECKED}


@dataclass(frozen=True, slots=True)
class Removal:
    """A member was kicked or banned: `witness` heard it after the message with the number `after`."""

    member: str
    after: int
    witness: str


def check_linked(
    runs: Sequence[ClientRun], replicas: Sequence[ReplicaRecord], removals: Sequence[Removal] = ()
) -> list[Violation]:
    """Return every broken promise, at the end of a run: all servers have read the whole stream.

    A member who moves from server to server is one run. What was private, and all entries but messages, are
    only in the checks of the replicas.
    """
    violations = list[Violation]()
    for replica in replicas:
        violations += _check_entries(replica)
        violations += _check_names(replica)
        violations += _check_removals(replica, removals)
        if replica is not replicas[0]:
            violations += _check_same(replicas[0], replica)
    history = public_messages(replicas[0])
    for run in runs:
        violations += _check_sender(run, history)
        violations += _check_lists(run)
    return [*violations, *check_runs(runs, history)]


def public_messages(replica: ReplicaRecord) -> list[RoomMessage]:
    """Return the messages to all, as the members' clients report them."""
    return [
        RoomMessage(one.seq, one.id, one.member, one.name, one.text, one.file.id if one.file else "")
        for one in replica.entries
        if isinstance(one, Message)
    ]


def _check_entries(replica: ReplicaRecord) -> Iterator[Violation]:
    """Check that numbers have no hole since the room was linked, and that each request counts once."""
    linked = [replica.base, *(one.seq for one in replica.entries if one.seq > replica.base)]
    for before, after in pairwise(linked):
        if after != before + 1:
            yield Violation(Rule.NUMBERS, f"{replica.label} has {after} after {before}")
    for (member, id_), times in Counter((one.member, one.id) for one in replica.entries).items():
        if times > 1:
            yield Violation(Rule.DUPLICATE, f"{replica.label} has {id_} of {member} {times} times")


def _check_same(first: ReplicaRecord, other: ReplicaRecord) -> Iterator[Violation]:
    """Compare two replicas; before the base, only messages: the first server has all changes of its own."""
    for ours, theirs in zip_longest(_comparable(first), _comparable(other)):
        if ours != theirs:
            yield Violation(
                Rule.REPLICAS, f"{first.label} has {ours} where {other.label} has {theirs}, and maybe more"
            )
            break
    for key in sorted((first.state.keys() | other.state.keys()) - _OWN_STATE):
        ours_text, theirs_text = first.state.get(key), other.state.get(key)
        if ours_text != theirs_text:
            yield Violation(
                Rule.REPLICAS,
                f"{key} is {ours_text} for {first.label} and {theirs_text} for {other.label}",
            )


def _comparable(replica: ReplicaRecord) -> list[object]:
    return [one for one in replica.entries if one.seq > replica.base or isinstance(one, Message | Told)]


def _check_names(replica: ReplicaRecord) -> Iterator[Violation]:
    for key, times in Counter(known.person.key for known in replica.present).items():
        if times > 1:
            yield Violation(Rule.NAMES, f"{times} members have the name {key} for {replica.label}")


def _check_lists(run: ClientRun) -> Iterator[Violation]:
    for joined in run.joins:
        for name, times in Counter(joined.members).items():
            if times > 1:
                yield Violation(
                    Rule.NAMES, f"{run.label} saw {name} {times} times in the list at {joined.at_s:.1f} s"
                )


def _check_removals(replica: ReplicaRecord, removals: Sequence[Removal]) -> Iterator[Violation]:
    present = {known.person.id for known in replica.present}
    for removal in removals:
        for entry in replica.entries:
            if entry.member == removal.member and entry.seq > removal.after:
                yield Violation(
                    Rule.REMOVED,
                    f"{replica.label} has {entry.seq} of {entry.name}, who was removed after {removal.after} "
                    f"for {removal.witness}",
                )
        if removal.member in present:
            yield Violation(Rule.REMOVED, f"{removal.member} is still in the room for {replica.label}")


def _check_sender(run: ClientRun, history: Sequence[RoomMessage]) -> Iterator[Violation]:
    """Check that what one member sent is in the history in the order in which they sent it."""
    numbers = {text: number for number, text in enumerate(run.sent)}
    own = [message.text for message in history if message.text in numbers]
    for before, after in pairwise(own):
        if numbers[after] < numbers[before]:
            yield Violation(Rule.SENDER, f"{run.label} sent “{after}” before “{before}”")
