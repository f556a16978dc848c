"""Holds what people said, were told and saw against what Messango promises: no thread, socket or clock."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

from messango.protocol.limits import MAX_BACKLOG_MESSAGES

#: Somebody whose client is gone may be seen among the members so long, and no longer.
GHOST_AFTER_S: Final = 40.0


@dataclass(frozen=True, slots=True)
class RoomMessage:
    """A message as the room numbers it, without where it was met."""

    seq: int
    id: str
    member: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message was shown; `own` makes it the receipt for one that this member said."""

    at_s: float
    message: RoomMessage
    own: bool = False


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A member got in, or `back` in, called `you`; `members` are the names it was told."""

    at_s: float
    you: str
    members: tuple[str, ...]
    latest: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class MemberEjected:
    """A run ended, or a message was refused, although nobody asked for it."""

    at_s: float
    reason: str


RunEvent: TypeAlias = MessageSeen | MemberJoined | MemberEjected


@dataclass(slots=True)
class ClientRun:
    """One client's run: what it was given to say, and what it told; `killed_s` is when it was killed."""

    label: str
    sent: list[str] = field(default_factory=list)
    events: list[RunEvent] = field(default_factory=list)
    killed_s: float | None = None

    @property
    def seen(self) -> list[MessageSeen]:
        """What it was shown, in order."""
        return [event for event in self.events if isinstance(event, MessageSeen)]

    @property
    def joins(self) -> list[MemberJoined]:
        """Each time that it got in."""
        return [event for event in self.events if isinstance(event, MemberJoined)]

    def name_at(self, at_s: float) -> str | None:
        """Return what it was called in the room at a time, or None before it was in."""
        names = [joined.you for joined in self.joins if joined.at_s <= at_s]
        return names[-1] if names else None

    def may_be_seen_at(self, at_s: float) -> bool:
        """Tell whether it may be among the members at a time."""
        return self.killed_s is None or at_s < self.killed_s + GHOST_AFTER_S


class Rule(enum.Enum):
    """What may be broken."""

    NUMBERS = "numbers rise by one"
    ORDER = "one order for all"
    DUPLICATE = "nothing is shown twice"
    LOST = "nothing accepted is lost"
    GAP = "who comes back sees what was said meanwhile"
    SEQ_DECREASED = "numbers never fall"
    DELIVERED = "all that was said arrives once"
    RESUMED = "who comes back is known again"
    GHOST = "nobody stays who is gone"
    EJECTED = "nobody is put out"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise, and where it is seen."""

    rule: Rule
    sentence: str

    def __str__(self) -> str:
        return f"{self.rule.value}: {self.sentence}"


def check(runs: Sequence[ClientRun], history: Sequence[RoomMessage]) -> list[Violation]:
    """Return every broken promise; `history` is the history in the end, in its order."""
    violations = [*_check_seq_numbers(history), *_check_one_order(runs, history), *_check_ghosts(runs)]
    for run in runs:
        violations += _check_seen_order(run)
        violations += _check_gaps(run, history)
        violations += _check_receipts(run, history)
        violations += _check_events(run)
    return [*violations, *_check_delivery(runs, history)]


def _check_seq_numbers(history: Sequence[RoomMessage]) -> Iterator[Violation]:
    for before, after in pairwise(history):
        if after.seq != before.seq + 1:
            yield Violation(Rule.NUMBERS, f"{after.seq} follows {before.seq} in the history")
    yield from _check_duplicates("the history", history)


def _check_one_order(runs: Sequence[ClientRun], history: Sequence[RoomMessage]) -> Iterator[Violation]:
    known = {message.seq: ("the history", message) for message in history}
    for run in runs:
        for saw in run.seen:
            where, message = known.setdefault(saw.message.seq, (run.label, saw.message))
            if message != saw.message:
                yield Violation(
                    Rule.ORDER, f"{message.seq} is {message} for {where}, {saw.message} for {run.label}"
                )


def _check_seen_order(run: ClientRun) -> Iterator[Violation]:
    """Judge the order in which one member saw messages."""
    for before, after in pairwise(saw.message.seq for saw in run.seen):
        if after <= before:
            yield Violation(Rule.ORDER, f"{run.label} saw {after} after {before}")
    yield from _check_duplicates(run.label, [saw.message for saw in run.seen])


def _check_duplicates(where: str, messages: Iterable[RoomMessage]) -> Iterator[Violation]:
    messages = list(messages)
    for what, times in Counter((message.member, message.id) for message in messages).items():
        if times > 1:
            yield Violation(Rule.DUPLICATE, f"{where} has {what} {times} times")
    for text, times in Counter(message.text for message in messages).items():
        if times > 1:
            yield Violation(Rule.DUPLICATE, f"{where} has “{text}” {times} times")


def _check_gaps(run: ClientRun, history: Sequence[RoomMessage]) -> Iterator[Violation]:
    """Find what one member should have seen between its first sight of the room and its last."""
    if not run.joins:
        return
    first = max(run.joins[0].latest - MAX_BACKLOG_MESSAGES + 1, history[0].seq if history else 0)
    seen_seqs = {saw.message.seq for saw in run.seen}
    last = max(seen_seqs, default=0)
    for message in history:
        if message.seq < first or message.seq in seen_seqs:
            continue
        if message.seq < last:
            yield Violation(Rule.GAP, f"{run.label} never saw {message}")
        elif run.killed_s is None:
            yield Violation(Rule.LOST, f"{run.label} was in to the end and never saw {message}")


def _check_receipts(run: ClientRun, history: Sequence[RoomMessage]) -> Iterator[Violation]:
    by_seq = {message.seq: message for message in history}
    for saw in run.seen:
        if by_seq.get(saw.message.seq) != saw.message:
            kind = "had the receipt of" if saw.own else "saw"
            yield Violation(Rule.LOST, f"{run.label} {kind} {saw.message}, which is not in the history")


def _check_events(run: ClientRun) -> Iterator[Violation]:
    """Judge how one member was received, again and again."""
    highest = 0
    for number, event in enumerate(run.events):
        if isinstance(event, MessageSeen):
            highest = max(highest, event.message.seq)
        elif isinstance(event, MemberEjected):
            yield Violation(Rule.EJECTED, f"{run.label} at {event.at_s:.1f} s: {event.reason}")
        else:
            if event.latest < highest:
                yield Violation(
                    Rule.SEQ_DECREASED, f"{run.label} was told of {event.latest} after it saw {highest}"
                )
            if number and not event.back:
                yield Violation(Rule.RESUMED, f"{run.label} at {event.at_s:.1f} s counted as new")


def _check_delivery(runs: Sequence[ClientRun], history: Sequence[RoomMessage]) -> Iterator[Violation]:
    times = Counter(message.text for message in history)
    for run in runs:
        if run.killed_s is None:
            received = {saw.message.text for saw in run.seen if saw.own}
            for text in run.sent:
                if times[text] != 1 or text not in received:
                    yield Violation(
                        Rule.DELIVERED,
                        f"“{text}” is in the history {times[text]} times"
                        f"{'' if text in received else ', and its sender has no receipt'}",
                    )
    sent_texts = {text for run in runs for text in run.sent}
    for text in times.keys() - sent_texts:
        yield Violation(Rule.DELIVERED, f"“{text}” is in the history, and nobody said it")


def _check_ghosts(runs: Sequence[ClientRun]) -> Iterator[Violation]:
    """Look in each list of members for a name that nobody has who may still be in."""
    for witness in runs:
        for joined in witness.joins:
            alive = {run.name_at(joined.at_s) for run in runs if run.may_be_seen_at(joined.at_s)}
            for name in joined.members:
                if name not in alive:
                    yield Violation(Rule.GHOST, f"{witness.label} was told of {name} at {joined.at_s:.1f} s")
