"""Checks what members sent, received and saw against Messango's promises: no thread, socket or clock."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

from messango.protocol.limits import MAX_BACKLOG_MESSAGES

#: A member whose client is gone may be listed this long, and no longer.
GHOST_AFTER_S: Final = 40.0


@dataclass(frozen=True, slots=True)
class RoomMessage:
    """A message with its number, the same for all members."""

    seq: int
    id: str
    member: str
    name: str
    text: str
    #: The id of the file that it announces, if it does. Other rules are for files: `file_record`.
    file: str = ""


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A member saw a message; `own` makes it the receipt for one of their messages."""

    at_s: float
    message: RoomMessage
    own: bool = False


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A member joined, or with `back` rejoined, as `you`; `members` are the listed names."""

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
    """A run of one client: the messages that it should send, its events, and when it was killed, if so."""

    label: str
    sent: list[str] = field(default_factory=list)
    events: list[RunEvent] = field(default_factory=list)
    killed_s: float | None = None
    #: Names that it has taken since it joined.
    later_names: list[str] = field(default_factory=list)
    #: How long it may still be listed after it was killed.
    ghost_after_s: float = GHOST_AFTER_S

    @property
    def seen(self) -> list[MessageSeen]:
        """The messages that it saw, in order."""
        return [event for event in self.events if isinstance(event, MessageSeen)]

    @property
    def joins(self) -> list[MemberJoined]:
        """Each time that it joined."""
        return [event for event in self.events if isinstance(event, MemberJoined)]

    def name_at(self, at_s: float) -> str | None:
        """Return its name in the room at a time, or None before it joined."""
        names = [joined.you for joined in self.joins if joined.at_s <= at_s]
        return names[-1] if names else None

    def may_be_seen_at(self, at_s: float) -> bool:
        """Return whether it may be listed as a member at a time."""
        return self.killed_s is None or at_s < self.killed_s + self.ghost_after_s


class Rule(enum.Enum):
    """A promise that may be broken."""

    NUMBERS = "numbers rise by one"
    ORDER = "one order for all"
    DUPLICATE = "nothing is shown twice"
    LOST = "nothing accepted is lost"
    GAP = "a member who comes back sees the messages they missed"
    SEQ_DECREASED = "numbers never fall"
    DELIVERED = "every message arrives once"
    RESUMED = "a member who comes back is recognized"
    GHOST = "no gone member stays listed"
    EJECTED = "nobody is ejected"
    SENDER = "each sender's messages are in order"
    REPLICAS = "linked servers have the same room"
    NAMES = "no two members have one name"
    REMOVED = "a removed member says nothing more"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise, and where it shows."""

    rule: Rule
    sentence: str

    def __str__(self) -> str:
        return f"{self.rule.value}: {self.sentence}"


def check(runs: Sequence[ClientRun], history: Sequence[RoomMessage]) -> list[Violation]:
    """Return every broken promise; `history` is the final history, in its order."""
    return [*_check_seq_numbers(history), *check_runs(runs, history)]


def check_runs(runs: Sequence[ClientRun], history: Sequence[RoomMessage]) -> list[Violation]:
    """Return the broken promises that show in what members sent and saw; `history` may have other entries."""
    violations = [*_check_one_order(runs, history), *_check_ghosts(runs)]
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
    """Check the order in which one member saw messages."""
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
    """Find messages that a member should have seen between the first and the last that it saw."""
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
            yield Violation(Rule.LOST, f"{run.label} stayed to the end and never saw {message}")


def _check_receipts(run: ClientRun, history: Sequence[RoomMessage]) -> Iterator[Violation]:
    by_seq = {message.seq: message for message in history}
    for saw in run.seen:
        if by_seq.get(saw.message.seq) != saw.message:
            kind = "had the receipt of" if saw.own else "saw"
            yield Violation(Rule.LOST, f"{run.label} {kind} {saw.message}, which is not in the history")


def _check_events(run: ClientRun) -> Iterator[Violation]:
    """Check that a member never went back in numbers, and was recognized after each reconnect."""
    highest = 0
    for number, event in enumerate(run.events):
        if isinstance(event, MessageSeen):
            highest = max(highest, event.message.seq)
        elif isinstance(event, MemberEjected):
            yield Violation(Rule.EJECTED, f"{run.label} at {event.at_s:.1f} s: {event.reason}")
        else:
            if event.latest < highest:
                yield Violation(
                    Rule.SEQ_DECREASED,
                    f"{run.label} joined at {event.latest} after it saw {highest}",
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
    for text in {message.text for message in history if not message.file} - sent_texts:
        yield Violation(Rule.DELIVERED, f"“{text}” is in the history, and nobody sent it")


def _check_ghosts(runs: Sequence[ClientRun]) -> Iterator[Violation]:
    """Search each list of members for a name without a living client."""
    for witness in runs:
        for joined in witness.joins:
            present = [run for run in runs if run.may_be_seen_at(joined.at_s)]
            alive = {name for run in present for name in (run.name_at(joined.at_s), *run.later_names)}
            for name in joined.members:
                if name not in alive:
                    yield Violation(Rule.GHOST, f"{witness.label} saw {name} listed at {joined.at_s:.1f} s")
