"""Checks a course of transfers against what the room promises: no thread, socket, clock or disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.crashes.files.records import Announced, Evidence, Outcome, Receiver, Stored, Visit


def check(evidence: Evidence) -> list[str]:
    """Return each broken promise in a sentence."""
    found = [*_check_history(evidence), *_check_outcomes(evidence)]
    for visit in evidence.visits:
        found += _check_visit(visit, evidence)
    for receiver in evidence.receivers:
        found += _check_receiver(receiver, evidence)
    found += _check_store(evidence, evidence.stored, "at the end")
    found += _check_store(evidence, evidence.after_an_hour, "after an hour")
    return [*found, *_check_leftovers(evidence)]


def check_without_history(evidence: Evidence) -> list[str]:
    """Return each broken promise of a room that keeps nothing: what was there went with each server."""
    found: list[str] = []
    seen = {each.file: each for visit in evidence.visits for each in visit.announced}
    for visit in evidence.visits:
        found += _check_sent(visit.announced, evidence)
        found += _check_once(f"{visit.member}'s screen", visit.announced)
    for receiver in evidence.receivers:
        for file, content in receiver.saved.items():
            if content != seen[file].content:
                found.append(f"{receiver.member} has {content} for {seen[file]}")
        found += _check_left(receiver, evidence)
    announced = {each.id for each in seen.values()}
    for sent_id, sent in evidence.sent.items():
        if sent_id in announced and sent.outcome in (Outcome.REFUSED, Outcome.CANCELLED):
            found.append(f"{sent.sender} was told that {sent_id} is not sent ({sent.reason}), and it was")
    if evidence.stored != Stored():
        found.append(f"the room has left {evidence.stored}")
    return found


def _check_history(evidence: Evidence) -> Iterator[str]:
    """What is announced was sent, with these bytes, and once."""
    yield from _check_sent(evidence.history, evidence)
    yield from _check_once("the history", evidence.history)


def _check_sent(there: Sequence[Announced], evidence: Evidence) -> Iterator[str]:
    for announced in there:
        sent = evidence.sent.get(announced.id)
        if sent is None:
            yield f"nobody sent {announced}"
        elif sent.content != announced.content:
            yield f"{announced} is not what {sent.sender} sent: {sent.content}"


def _check_once(where: str, announced: Sequence[Announced]) -> Iterator[str]:
    for field in ("id", "seq"):
        for value, times in Counter(getattr(each, field) for each in announced).items():
            if times > 1:
                yield f"{where} has {field} {value} {times} times"


def _check_outcomes(evidence: Evidence) -> Iterator[str]:
    """What the sender was told about a file is true."""
    there = {announced.id: announced.seq for announced in evidence.history}
    gone = {announced.id for visit in evidence.visits for announced in visit.announced} - there.keys()
    for sent_id, sent in evidence.sent.items():
        is_announced = sent_id in there or sent_id in gone
        if sent.outcome is Outcome.ACCEPTED and sent_id not in there and not _was_deleted(sent_id, evidence):
            yield f"{sent.sender} saw {sent_id} announced, and it is not in the history"
        if sent.outcome in (Outcome.REFUSED, Outcome.CANCELLED) and is_announced:
            yield f"{sent.sender} was told that {sent_id} is not sent ({sent.reason}), and it was announced"


def _was_deleted(sent_id: str, evidence: Evidence) -> bool:
    seqs = {each.seq for visit in evidence.visits for each in visit.announced if each.id == sent_id}
    return bool(seqs & evidence.deleted)


def _check_visit(visit: Visit, evidence: Evidence) -> Iterator[str]:
    """A member sees each announcement once, in order, and as the history has it."""
    yield from _check_once(f"{visit.member}'s screen", visit.announced)
    seqs = [announced.seq for announced in visit.announced]
    if seqs != sorted(seqs):
        yield f"{visit.member} saw {seqs}"
    by_seq = {announced.seq: announced for announced in evidence.history}
    for announced in visit.announced:
        if announced.seq not in evidence.deleted and by_seq.get(announced.seq) != announced:
            yield f"{visit.member} saw {announced}, and the history has {by_seq.get(announced.seq)}"


def _check_receiver(receiver: Receiver, evidence: Evidence) -> Iterator[str]:
    """Each announced file arrived whole; only a deleted one may be missing."""
    for announced in evidence.history:
        sent = evidence.sent.get(announced.id)
        if sent is not None and sent.sender == receiver.member:
            continue
        if receiver.wanted is not None and announced.file not in receiver.wanted:
            continue
        if announced.file not in receiver.saved:
            if announced.seq not in evidence.deleted:
                reason = receiver.failed.get(announced.file, "no reason was given")
                yield f"{receiver.member} does not have {announced}: {reason}"
        elif receiver.saved[announced.file] != announced.content:
            yield f"{receiver.member} has {receiver.saved[announced.file]} for {announced}"
    yield from _check_left(receiver, evidence)


def _check_left(receiver: Receiver, evidence: Evidence) -> Iterator[str]:
    if receiver.left:
        yield f"{receiver.member} has partial files left: {receiver.left}"
    contents = {sent.content for sent in evidence.sent.values()}
    for name, content in receiver.unreported.items():
        if content not in contents:
            yield f"{receiver.member} has a file {name} with {content}, which nobody sent"


def _check_store(evidence: Evidence, stored: Stored, when: str) -> Iterator[str]:
    """The store has exactly the files of the messages that are there, with their bytes, each once."""
    wanted = {each.seq: each for each in evidence.history if each.seq not in evidence.deleted}
    by_seq = {seq: file for file in stored.files for seq in file.shares}
    for seq, announced in wanted.items():
        file = by_seq.get(seq)
        if file is None or file.file != announced.file:
            yield f"{when} the store has no record of {announced}"
        elif stored.blobs.get(file.blob) != announced.content:
            yield f"{when} the store has {stored.blobs.get(file.blob)} for {announced}"
    if extra := by_seq.keys() - wanted.keys():
        yield f"{when} the store keeps files for messages that are not there: {sorted(extra)}"
    if unknown := stored.blobs.keys() - {file.blob for file in stored.files}:
        yield f"{when} the store has bytes without a record: {sorted(unknown)}"
    contents = Counter(stored.blobs.values())
    if twice := [content for content, times in contents.items() if times > 1]:
        yield f"{when} the store has the same bytes twice: {twice}"


def _check_leftovers(evidence: Evidence) -> Iterator[str]:
    """After an hour nothing unfinished is there, and at the end of its time nothing at all."""
    hour = evidence.after_an_hour
    if hour.parts:
        yield f"after an hour partial files are there: {hour.parts}"
    if unshared := [file.file for file in hour.files if not file.shares]:
        yield f"after an hour files are there that nobody shared: {unshared}"
    left = evidence.after_all
    if left.files or left.blobs or left.parts:
        yield f"after all the time the store still has {left}"
