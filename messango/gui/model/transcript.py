"""The conversation as it is shown, without a display: events go in, blocks to show come out.

What the room has accepted is settled: it keeps its place for good, and everybody sees the same order.
Own messages without a receipt stand below all that is settled, and move up when their receipt comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from messango.client.commands import action_of
from messango.client.events import MessageFailed, MessageReceived
from messango.gui.model.blocks import GROUP_MOST, Block, Delivery, Kind, Sender, clock_and_day, same_group
from messango.gui.model.presence_summary import Comings

#: Beyond so many blocks, or so many characters in them, the oldest are let go, a tenth at a time.
MAX_BLOCKS: Final = 200_000
MAX_CHARACTERS: Final = 50_000_000

#: So many own messages without a receipt are shown one by one.
MAX_PENDING: Final = 100

#: What stands below what was said before we came in, and below what was said while we were away.
_CAME_IN: Final = Block(Kind.RULE, "You came in here")
_WAS_AWAY: Final = Block(Kind.RULE, "You were away until here")


@dataclass(frozen=True, slots=True)
class _Pending:
    text: str
    said: float
    fault: str = ""


class Transcript:
    """Holds what is settled as blocks numbered from `first` to before `end`, and what is pending below.

    A block keeps its number for good. `now` gives seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._blocks: list[Block] = []
        self._characters = 0
        self.first = 0
        self._changed: set[int] = set()
        self._pending: dict[str, _Pending] = {}
        self._last: Sender | None = None
        self._grouped = 0
        self._comings: Comings | None = None
        self._day = ""
        self._history_shown = False
        self._own_name = ""
        self._own_member = ""
        #: How often: a connection may break, and a closed room open again.
        self._entered = 0
        self._left_off = False
        self._unread: int | None = None

    @property
    def end(self) -> int:
        """The number that the next block will bear."""
        return self.first + len(self._blocks)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show at all."""
        return not self._blocks and not self._pending

    @property
    def unread(self) -> int | None:
        """The number of the block below the line where somebody left off."""
        return self._unread

    def block(self, number: int) -> Block:
        """Return a settled block."""
        return self._blocks[number - self.first]

    def blocks(self, start: int, stop: int) -> list[Block]:
        """Return the settled blocks of these numbers, those that are held."""
        return self._blocks[max(start - self.first, 0) : max(stop - self.first, 0)]

    def pending(self) -> list[Block]:
        """Return the blocks below all that is settled: own messages without a receipt."""
        blocks, last = [], self._last
        for key, waiting in list(self._pending.items())[-MAX_PENDING:]:
            sender = self._self_at(waiting.said)
            delivery = Delivery.FAILED if waiting.fault else Delivery.WAITING
            block = self._message(sender, waiting.text, own=True, delivery=delivery, after=last)
            blocks.append(replace(block, fault=waiting.fault, key=key))
            last = sender if block.kind is Kind.MESSAGE else None
        return blocks

    def open(self, number: int) -> None:
        """Show a long text whole."""
        self._replace(number, replace(self.block(number), open=True))

    def take_changed(self) -> set[int]:
        """Return which blocks are others than they were when this was last asked."""
        changed, self._changed = self._changed, set()
        return changed

    def enter(self, name: str, member: str) -> None:
        """Take note of who we are."""
        self._own_name, self._own_member = name, member
        self._entered += 1

    def rename(self, name: str) -> None:
        """Take note of our new name."""
        self._own_name = name

    def said(self, message_id: str, text: str) -> None:
        """Show an own message as waiting; who speaks has read what was said."""
        self._pending[message_id] = _Pending(text, self._now())
        self.read()

    def heard(self, event: MessageReceived) -> None:
        """Show a message that the room has accepted; an own one stops waiting."""
        if event.own:
            self._pending.pop(event.id, None)
        if not event.history:
            self.end_history()
        self._show_day(event.time)
        delivery = Delivery.ACCEPTED if event.own else Delivery.NONE
        sender = Sender(event.member, event.name, event.time)
        self._history_shown |= event.history
        after = self._last if self._grouped < GROUP_MOST else None
        block = self._message(sender, event.text, own=event.own, delivery=delivery, after=after)
        self._grouped = 1 if block.headed else self._grouped + 1
        if self._left_off and not event.own and not event.history and self._something_was_read:
            self._draw_unread()
            block = replace(block, unread=True)
        self._add(block)
        self._last = sender if block.kind is Kind.MESSAGE else None

    def failed(self, event: MessageFailed) -> None:
        """Show an own message as not sent, with the reason."""
        said = self._pending[event.id].said if event.id in self._pending else self._now()
        fault = " ".join(f"Not sent. {event.reason} {event.hint}".split())
        self._pending[event.id] = _Pending(event.text, said, fault)

    def take_failed(self, message_id: str) -> str | None:
        """Return what was not sent, and show it no more; None where it waits, or was taken."""
        pending = self._pending.get(message_id)
        if pending is None or not pending.fault:
            return None
        del self._pending[message_id]
        return pending.text

    def give_up_waiting(self) -> None:
        """The stay is over: what still waits was not sent, as far as anybody can know."""
        for message_id, waiting in list(self._pending.items()):
            if not waiting.fault:
                reason = "The stay ended before the room confirmed it."
                self.failed(MessageFailed(message_id, waiting.text, reason, ""))

    def joined(self, name: str) -> None:
        """Show that somebody came, in the line of those who came and went just before."""
        self._folded().joined(name)
        self._refold()

    def left(self, name: str, reason: str) -> None:
        """Show that somebody went, in the same way."""
        self._folded().left(name, reason)
        self._refold()

    def notice(self, text: str) -> None:
        """Show a quiet line."""
        self._add(Block(Kind.NOTICE, " ".join(text.split())))
        self._last = None

    def end_history(self) -> None:
        """Draw the line below what was said without us, if anything was."""
        if self._history_shown:
            self._history_shown = False
            self._add(_CAME_IN if self._entered < 2 else _WAS_AWAY)
            self._last = None

    def leave_off(self) -> None:
        """Nobody reads from here on: the line *New messages* is drawn above what comes next."""
        self._left_off = True

    def come_back(self) -> None:
        """Somebody reads on; a line that was drawn stays until they speak or leave off once more."""
        self._left_off = False

    def read(self) -> None:
        """All was read: there is no line."""
        if self._unread is not None and self._unread >= self.first:
            self._replace(self._unread, replace(self.block(self._unread), unread=False))
        self._unread = None

    @property
    def _something_was_read(self) -> bool:
        """Whether a line has something above it, and not only the line below the history."""
        return bool(self._blocks) and self._blocks[-1] not in (_CAME_IN, _WAS_AWAY)

    def _draw_unread(self) -> None:
        self.read()
        self._unread, self._left_off = self.end, False

    def _self_at(self, now: float) -> Sender:
        return Sender(self._own_member, self._own_name, now)

    def _message(
        self, sender: Sender, text: str, *, own: bool, delivery: Delivery, after: Sender | None
    ) -> Block:
        action = action_of(text)
        clock, _ = clock_and_day(sender.time)
        if action is not None:
            return Block(Kind.ACTION, action, sender.name, clock, own, delivery=delivery)
        headed = not (after is not None and same_group(after, sender))
        return Block(Kind.MESSAGE, text, sender.name, clock, own, headed, delivery=delivery)

    def _show_day(self, moment: float) -> None:
        """Draw a line with the date where a message is from another day than the one above it."""
        _, day = clock_and_day(moment)
        if day != (self._day or clock_and_day(self._now())[1]):
            self._rule(day)
        self._day = day

    def _rule(self, text: str) -> None:
        self._add(Block(Kind.RULE, text))
        self._last = None

    def _folded(self) -> Comings:
        if self._comings is None:
            self.notice("")
            self._comings = Comings()
        return self._comings

    def _refold(self) -> None:
        text = " ".join(self._comings.text.split()) if self._comings else ""
        self._replace(self.end - 1, Block(Kind.NOTICE, text))

    def _replace(self, number: int, block: Block) -> None:
        self._blocks[number - self.first] = block
        self._changed.add(number)

    def _add(self, block: Block) -> None:
        self._comings = None
        self._blocks.append(block)
        self._characters += len(block.text)
        if len(self._blocks) > MAX_BLOCKS or self._characters > MAX_CHARACTERS:
            self._trim(max(len(self._blocks) // 10, 1))

    def _trim(self, count: int) -> None:
        self._characters -= sum(len(block.text) for block in self._blocks[:count])
        del self._blocks[:count]
        self.first += count
        self._changed = {number for number in self._changed if number >= self.first}
