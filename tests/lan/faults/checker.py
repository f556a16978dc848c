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
class Said:
    """A message as the room numbers it, without where it was met."""

    seq: int
    id: str
    member: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Saw:
    """A message was shown; `own` makes it the receipt for one that this member said."""

    at_s: float
    message: Said
    own: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """A member got in, or `back` in, called `you`; `members` are the names it was told."""

    at_s: float
    you: str
    members: tuple[str, ...]
    latest: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class PutOut:
    """A stay ended, or a message was refused, although nobody asked for it."""

    at_s: float
    reason: str


Happening: TypeAlias = Saw | Came | PutOut


@dataclass(slots=True)
class Stay:
    """One client's run: what it was given to say, and what it told; `gone_s` is when it was killed."""

    label: str
    said: list[str] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    gone_s: float | None = None

    @property
    def saw(self) -> list[Saw]:
        """What it was shown, in order."""
        return [one for one in self.happenings if isinstance(one, Saw)]

    @property
    def came(self) -> list[Came]:
        """Each time that it got in."""
        return [one for one in self.happenings if isinstance(one, Came)]

    def name_at(self, at_s: float) -> str | None:
        """Return what it was called in the room at a time, or None before it was in."""
        names = [came.you for came in self.came if came.at_s <= at_s]
        return names[-1] if names else None

    def may_be_seen_at(self, at_s: float) -> bool:
        """Tell whether it may be among the members at a time."""
        return self.gone_s is None or at_s < self.gone_s + GHOST_AFTER_S


class Rule(enum.Enum):
    """What may be broken."""

    NUMBERS = "numbers rise by one"
    ORDER = "one order for all"
    TWICE = "nothing is shown twice"
    LOST = "nothing accepted is lost"
    GAP = "who comes back sees what was said meanwhile"
    FELL = "numbers never fall"
    DELIVERED = "all that was said arrives once"
    RESUMED = "who comes back is known again"
    GHOST = "nobody stays who is gone"
    PUT_OUT = "nobody is put out"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise, and where it is seen."""

    rule: Rule
    sentence: str

    def __str__(self) -> str:
        return f"{self.rule.value}: {self.sentence}"


def check(stays: Sequence[Stay], kept: Sequence[Said]) -> list[Violation]:
    """Return every broken promise; `kept` is the history in the end, in its order."""
    violations = [*_numbers(kept), *_one_order(stays, kept), *_ghosts(stays)]
    for stay in stays:
        violations += _shown(stay)
        violations += _complete(stay, kept)
        violations += _receipts(stay, kept)
        violations += _visits(stay)
    return [*violations, *_delivered(stays, kept)]


def _numbers(kept: Sequence[Said]) -> Iterator[Violation]:
    for before, after in pairwise(kept):
        if after.seq != before.seq + 1:
            yield Violation(Rule.NUMBERS, f"{after.seq} follows {before.seq} in the history")
    yield from _repeated("the history", kept)


def _one_order(stays: Sequence[Stay], kept: Sequence[Said]) -> Iterator[Violation]:
    known = {message.seq: ("the history", message) for message in kept}
    for stay in stays:
        for saw in stay.saw:
            where, message = known.setdefault(saw.message.seq, (stay.label, saw.message))
            if message != saw.message:
                yield Violation(
                    Rule.ORDER, f"{message.seq} is {message} for {where}, {saw.message} for {stay.label}"
                )


def _shown(stay: Stay) -> Iterator[Violation]:
    """Judge the order in which one member saw messages."""
    for before, after in pairwise(saw.message.seq for saw in stay.saw):
        if after <= before:
            yield Violation(Rule.ORDER, f"{stay.label} saw {after} after {before}")
    yield from _repeated(stay.label, [saw.message for saw in stay.saw])


def _repeated(where: str, messages: Iterable[Said]) -> Iterator[Violation]:
    messages = list(messages)
    for what, times in Counter((message.member, message.id) for message in messages).items():
        if times > 1:
            yield Violation(Rule.TWICE, f"{where} has {what} {times} times")
    for text, times in Counter(message.text for message in messages).items():
        if times > 1:
            yield Violation(Rule.TWICE, f"{where} has “{text}” {times} times")


def _complete(stay: Stay, kept: Sequence[Said]) -> Iterator[Violation]:
    """Find what one member should have seen between its first sight of the room and its last."""
    if not stay.came:
        return
    first = max(stay.came[0].latest - MAX_BACKLOG_MESSAGES + 1, kept[0].seq if kept else 0)
    seen = {saw.message.seq for saw in stay.saw}
    last = max(seen, default=0)
    for message in kept:
        if message.seq < first or message.seq in seen:
            continue
        if message.seq < last:
            yield Violation(Rule.GAP, f"{stay.label} never saw {message}")
        elif stay.gone_s is None:
            yield Violation(Rule.LOST, f"{stay.label} was in to the end and never saw {message}")


def _receipts(stay: Stay, kept: Sequence[Said]) -> Iterator[Violation]:
    by_seq = {message.seq: message for message in kept}
    for saw in stay.saw:
        if by_seq.get(saw.message.seq) != saw.message:
            kind = "had the receipt of" if saw.own else "saw"
            yield Violation(Rule.LOST, f"{stay.label} {kind} {saw.message}, which is not in the history")


def _visits(stay: Stay) -> Iterator[Violation]:
    """Judge how one member was received, again and again."""
    highest = 0
    for number, happening in enumerate(stay.happenings):
        if isinstance(happening, Saw):
            highest = max(highest, happening.message.seq)
        elif isinstance(happening, PutOut):
            yield Violation(Rule.PUT_OUT, f"{stay.label} at {happening.at_s:.1f} s: {happening.reason}")
        else:
            if happening.latest < highest:
                yield Violation(
                    Rule.FELL, f"{stay.label} was told of {happening.latest} after it saw {highest}"
                )
            if number and not happening.back:
                yield Violation(Rule.RESUMED, f"{stay.label} at {happening.at_s:.1f} s counted as new")


def _delivered(stays: Sequence[Stay], kept: Sequence[Said]) -> Iterator[Violation]:
    times = Counter(message.text for message in kept)
    for stay in stays:
        if stay.gone_s is None:
            received = {saw.message.text for saw in stay.saw if saw.own}
            for text in stay.said:
                if times[text] != 1 or text not in received:
                    yield Violation(
                        Rule.DELIVERED,
                        f"“{text}” is in the history {times[text]} times"
                        f"{'' if text in received else ', and its sender has no receipt'}",
                    )
    said = {text for stay in stays for text in stay.said}
    for text in times.keys() - said:
        yield Violation(Rule.DELIVERED, f"“{text}” is in the history, and nobody said it")


def _ghosts(stays: Sequence[Stay]) -> Iterator[Violation]:
    """Look in each list of members for a name that nobody has who may still be in."""
    for witness in stays:
        for came in witness.came:
            alive = {stay.name_at(came.at_s) for stay in stays if stay.may_be_seen_at(came.at_s)}
            for name in came.members:
                if name not in alive:
                    yield Violation(Rule.GHOST, f"{witness.label} was told of {name} at {came.at_s:.1f} s")
