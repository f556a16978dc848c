"""The conversation as it is shown, without a display: events go in, blocks to show come out.

What the room has accepted is settled: it keeps its place for good, and everybody sees the same order.
Own messages without a receipt wait below all that is settled, and move up when their receipt comes.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.client.events import MessageFailed, MessageHeard

#: The window keeps this many lines, and drops so many at a time: one by one would cost more than it saves.
MAX_LINES: Final = 5_000
TRIM_LINES: Final = 500

#: A longer silence than this shows the sender's name and the time once more.
GROUP_WITHIN_S: Final = 300.0


#: A little space, and the line with the name and the time.
HEAD_LINES: Final = 2


class Kind(enum.Enum):
    """What a block is."""

    MESSAGE = "message"
    NOTICE = "notice"
    RULE = "rule"


class Delivery(enum.Enum):
    """How far an own message has come."""

    NONE = "none"  # not ours, or from an earlier visit
    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the transcript; `headed` where the sender's name and the time stand above it."""

    kind: Kind
    text: str
    name: str = ""
    clock: str = ""
    own: bool = False
    headed: bool = False
    old: bool = False
    delivery: Delivery = Delivery.NONE
    fault: str = ""

    @property
    def lines(self) -> int:
        """How many lines it takes, those that wrap not counted."""
        return self.text.count("\n") + 1 + HEAD_LINES * self.headed + bool(self.fault)


@dataclass(frozen=True, slots=True)
class Added:
    """Show `block` below all that is settled."""

    block: Block


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Take the topmost `lines` away."""

    lines: int


Change: TypeAlias = Added | Trimmed


@dataclass(frozen=True, slots=True)
class _Sender:
    member: str
    name: str
    time: float


class Transcript:
    """Decides what is shown in which order; `take_changes` gives what is new since it was last asked.

    `now` gives seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._changes: list[Change] = []
        self._waiting: dict[str, tuple[str, float]] = {}
        self._line_counts: list[int] = []
        self._lines = 0
        self._last: _Sender | None = None
        self._day = ""
        self._history_shown = False
        self._own_name = ""
        self._own_member = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show at all."""
        return not self._line_counts and not self._waiting

    def enter(self, name: str, member: str) -> None:
        """Take note of who we are."""
        self._own_name, self._own_member = name, member

    def rename(self, name: str) -> None:
        """Take note of our new name."""
        self._own_name = name

    def said(self, message_id: str, text: str) -> None:
        """Show an own message as waiting."""
        self._waiting[message_id] = (text, self._now())

    def heard(self, event: MessageHeard) -> None:
        """Show a message that the room has accepted; an own one stops waiting."""
        if event.own:
            self._waiting.pop(event.id, None)
        if not event.history:
            self.end_history()
        self._show_day(event.time)
        delivery = Delivery.ACCEPTED if event.own else Delivery.NONE
        sender = _Sender(event.member, event.name, event.time)
        self._history_shown |= event.history
        self._add(self._message(sender, event.text, own=event.own, delivery=delivery, old=event.history))
        self._last = sender

    def failed(self, event: MessageFailed) -> None:
        """Show an own message as not sent, with the reason."""
        self._waiting.pop(event.id, None)
        fault = " ".join(f"Not sent. {event.reason} {event.hint}".split())
        sender = self._self_at(self._now())
        self._add(self._message(sender, event.text, own=True, delivery=Delivery.FAILED, fault=fault))
        self._last = sender

    def notice(self, text: str) -> None:
        """Show a quiet line: who came, who went."""
        self._add(Block(Kind.NOTICE, " ".join(text.split())))
        self._last = None

    def end_history(self) -> None:
        """Draw the line below what was said before we came, if anything was."""
        if self._history_shown:
            self._history_shown = False
            self._rule("You came in here")

    def give_up_waiting(self) -> None:
        """The stay is over: what still waits was not sent, as far as anybody can know."""
        for message_id, (text, _) in list(self._waiting.items()):
            reason = "The stay ended before the room confirmed it."
            self.failed(MessageFailed(message_id, text, reason, ""))

    def waiting(self) -> list[Block]:
        """Return the blocks below all that is settled: own messages without a receipt."""
        blocks = []
        last = self._last
        for text, said in self._waiting.values():
            sender = self._self_at(said)
            blocks.append(self._message(sender, text, own=True, delivery=Delivery.WAITING, after=last))
            last = sender
        return blocks

    def take_changes(self) -> list[Change]:
        """Return what has changed above the waiting messages, in order, and forget it."""
        changes, self._changes = self._changes, []
        return changes

    def _self_at(self, now: float) -> _Sender:
        return _Sender(self._own_member, self._own_name, now)

    def _message(
        self,
        sender: _Sender,
        text: str,
        *,
        own: bool,
        delivery: Delivery,
        old: bool = False,
        fault: str = "",
        after: _Sender | None = None,
    ) -> Block:
        last = after or self._last
        clock = time.strftime("%H:%M", _local(sender.time))
        headed = not (last is not None and _same_group(last, sender))
        return Block(Kind.MESSAGE, text, sender.name, clock, own, headed, old, delivery, fault)

    def _show_day(self, moment: float) -> None:
        """Draw a line with the date where a message is from another day than the one above it."""
        day = _day(moment)
        if day != (self._day or _day(self._now())):
            self._rule(day)
        self._day = day

    def _rule(self, text: str) -> None:
        self._add(Block(Kind.RULE, text))
        self._last = None

    def _add(self, block: Block) -> None:
        self._changes.append(Added(block))
        self._line_counts.append(block.lines)
        self._lines += block.lines
        if self._lines > MAX_LINES:
            self._trim()

    def _trim(self) -> None:
        count = lines = 0
        enough = max(TRIM_LINES, self._lines - MAX_LINES)
        while lines < enough and count < len(self._line_counts) - 1:
            lines += self._line_counts[count]
            count += 1
        del self._line_counts[:count]
        self._lines -= lines
        self._changes.append(Trimmed(lines))


def _same_group(last: _Sender, sender: _Sender) -> bool:
    same = (last.member, last.name) == (sender.member, sender.name)
    return same and 0 <= sender.time - last.time < GROUP_WITHIN_S


def _day(moment: float) -> str:
    local = _local(moment)
    return f"{time.strftime('%A', local)}, {local.tm_mday} {time.strftime('%B %Y', local)}"


def _local(moment: float) -> time.struct_time:
    try:
        return time.localtime(moment)
    except (OverflowError, ValueError, OSError):  # a server may send any number for a time
        return time.localtime(0)
