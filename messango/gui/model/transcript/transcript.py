"""The transcript of a conversation, without a display: events go in, blocks to show come out.

A message that the room has accepted is settled: it never moves, and everybody sees the same order. Own
messages without a receipt are pending, below all settled ones, and move up when the receipt comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from messango.client.commands import action_of
from messango.client.events import MessageFailed, MessageReceived
from messango.client.presence_summary import PresenceSummary
from messango.gui.model.transcript.blocks import (
    MAX_GROUP,
    Block,
    BlockKind,
    DeliveryStatus,
    Sender,
    same_group,
    time_and_day,
)

#: Beyond this many blocks, or characters in them, the oldest tenth is dropped.
MAX_BLOCKS: Final = 200_000
MAX_CHARACTERS: Final = 50_000_000

#: At most this many people share one line that says who joined and left; it is rewritten for each.
MAX_PRESENCE: Final = 100

#: Most pending messages that are shown.
MAX_PENDING: Final = 100

#: The separators below the messages from before we joined, and from while we were away.
_JOINED_HERE: Final = Block(BlockKind.SEPARATOR, "You joined here")
_WAS_AWAY: Final = Block(BlockKind.SEPARATOR, "You were away until here")


@dataclass(frozen=True, slots=True)
class _Pending:
    text: str
    sent_at: float
    error: str = ""


class Transcript:
    """Holds settled blocks, numbered from `first` up to, but without, `end`, and the pending ones below.

    A block never changes its number. `now` returns seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._blocks: list[Block] = []
        self._characters = 0
        self.first = 0
        self._changed: set[int] = set()
        self._pending: dict[str, _Pending] = {}
        self._last_sender: Sender | None = None
        self._group_size = 0
        self._presence: PresenceSummary | None = None
        self._day = ""
        #: Notices for the place below the history.
        self._below_history: list[str] = []
        self._history_open = False
        self._own_name = ""
        self._own_member = ""
        #: More than one if a connection broke or a closed room was opened again.
        self._session_count = 0
        self._mark_next_unread = False
        self._unread: int | None = None

    @property
    def end(self) -> int:
        """The number of the next block."""
        return self.first + len(self._blocks)

    @property
    def is_empty(self) -> bool:
        """Whether there are no blocks, settled or pending."""
        return not self._blocks and not self._pending

    @property
    def unread(self) -> int | None:
        """The number of the block below the line *New messages*, or None."""
        return self._unread

    def block(self, number: int) -> Block:
        """Return a settled block."""
        return self._blocks[number - self.first]

    def blocks(self, start: int, stop: int) -> list[Block]:
        """Return the settled blocks with these numbers, as far as they still exist."""
        return self._blocks[max(start - self.first, 0) : max(stop - self.first, 0)]

    def pending(self) -> list[Block]:
        """Return the pending blocks: own messages without a receipt."""
        blocks, last = [], self._last_sender
        for key, waiting in list(self._pending.items())[-MAX_PENDING:]:
            sender = self._own_sender(waiting.sent_at)
            delivery = DeliveryStatus.FAILED if waiting.error else DeliveryStatus.WAITING
            block = self._message(sender, waiting.text, own=True, delivery=delivery, after=last)
            blocks.append(replace(block, error=waiting.error, pending_id=key))
            last = sender if block.kind is BlockKind.MESSAGE else None
        return blocks

    def expand(self, number: int) -> None:
        """Show a long text in full."""
        self._replace(number, replace(self.block(number), expanded=True))

    def collapse(self, number: int) -> None:
        """Show only the beginning of a long text again."""
        self._replace(number, replace(self.block(number), expanded=False))

    def pop_changed(self) -> set[int]:
        """Return the numbers of the blocks that have changed since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def session_started(self, name: str, member: str) -> None:
        """Set our name and member id for a new session."""
        self._own_name, self._own_member = name, member
        self._session_count += 1

    def set_own_name(self, name: str) -> None:
        """Set our new name."""
        self._own_name = name

    def add_pending(self, message_id: str, text: str) -> None:
        """Add an own message as pending; sending marks all others as read."""
        self._pending[message_id] = _Pending(text, self._now())
        self.mark_read()

    def message_received(self, event: MessageReceived, *, missed: bool = False) -> None:
        """Add an accepted message; an own one is no longer pending.

        With `missed` it came while the connection was broken: nobody has read it.
        """
        if event.own:
            self._pending.pop(event.id, None)
        if not event.history:
            self.close_history()
        self._add_day_separator(event.time)
        delivery = DeliveryStatus.ACCEPTED if event.own else DeliveryStatus.NONE
        sender = Sender(event.member, event.name, event.time)
        self._history_open |= event.history and not event.own
        after = self._last_sender if self._group_size < MAX_GROUP else None
        block = self._message(sender, event.text, own=event.own, delivery=delivery, after=after)
        self._group_size = 1 if block.has_header else self._group_size + 1
        if self._mark_next_unread and not event.own and (missed or not event.history):
            block = replace(block, unread=self._has_read_content)
            self._add_unread_line()
        self._add(block)
        self._last_sender = sender if block.kind is BlockKind.MESSAGE else None

    def message_failed(self, event: MessageFailed) -> None:
        """Mark an own message as not sent, with the reason."""
        sent_at = self._pending[event.id].sent_at if event.id in self._pending else self._now()
        error = " ".join(f"Not sent. {event.reason} {event.hint}".split())
        self._pending[event.id] = _Pending(event.text, sent_at, error)

    def pop_failed(self, message_id: str) -> str | None:
        """Remove a failed message and return its text; None if it is pending or accepted."""
        pending = self._pending.get(message_id)
        if pending is None or not pending.error:
            return None
        del self._pending[message_id]
        return pending.text

    def fail_pending(self) -> None:
        """Mark all pending messages as not sent: the session has ended."""
        for message_id, waiting in list(self._pending.items()):
            if not waiting.error:
                reason = "The session ended before the room confirmed it."
                self.message_failed(MessageFailed(message_id, waiting.text, reason, ""))

    def member_joined(self, name: str) -> None:
        """Show that a member joined, in the same line as other arrivals and departures just before."""
        self._presence_block().member_joined(name)
        self._update_presence_block()

    def member_left(self, name: str, reason: str, note: str = "") -> None:
        """Show that a member left, in the same way."""
        self._presence_block().member_left(name, reason, note)
        self._update_presence_block()

    def add_notice(self, text: str) -> None:
        """Add a quiet line."""
        self._add(Block(BlockKind.NOTICE, " ".join(text.split())))
        self._last_sender = None

    def add_notice_below_history(self, text: str) -> None:
        """Add a quiet line when the history is closed, so that it does not scroll out of sight above it."""
        self._below_history.append(text)

    def close_history(self) -> None:
        """Add the separator below the history, if there is any, and the notices that wait for it."""
        if self._history_open:
            self._history_open = False
            self._add(_JOINED_HERE if self._session_count < 2 else _WAS_AWAY)
            self._last_sender = None
        waiting, self._below_history = self._below_history, []
        for text in waiting:
            self.add_notice(text)

    def mark_unread_from_here(self) -> None:
        """Draw the line *New messages* above the next message: nobody is reading from now on."""
        self._mark_next_unread = True

    def mark_watching(self) -> None:
        """Draw no new line: the user is reading again. A line that is there stays until they write."""
        self._mark_next_unread = False

    def mark_read(self) -> None:
        """Remove the line *New messages*."""
        if self._unread is not None and self._unread >= self.first:
            self._replace(self._unread, replace(self.block(self._unread), unread=False))
        self._unread = None

    @property
    def _has_read_content(self) -> bool:
        """Whether there is more above a new line than the separator of the history."""
        return bool(self._blocks) and self._blocks[-1] not in (_JOINED_HERE, _WAS_AWAY)

    def _add_unread_line(self) -> None:
        """Move the line to the next block, unless a separator is there, which says the same."""
        self.mark_read()
        self._mark_next_unread = False
        if self._has_read_content:
            self._unread = self.end

    def _own_sender(self, now: float) -> Sender:
        return Sender(self._own_member, self._own_name, now)

    def _message(
        self, sender: Sender, text: str, *, own: bool, delivery: DeliveryStatus, after: Sender | None
    ) -> Block:
        action = action_of(text)
        clock, _ = time_and_day(sender.time)
        if action is not None:
            return Block(BlockKind.ACTION, action, sender.name, clock, own, delivery=delivery)
        headed = not (after is not None and same_group(after, sender))
        return Block(BlockKind.MESSAGE, text, sender.name, clock, own, headed, delivery=delivery)

    def _add_day_separator(self, moment: float) -> None:
        """Add a separator with the date if a message is from another day than the one above it."""
        _, day = time_and_day(moment)
        if day != (self._day or time_and_day(self._now())[1]):
            self._add_separator(day)
        self._day = day

    def _add_separator(self, text: str) -> None:
        self._add(Block(BlockKind.SEPARATOR, text))
        self._last_sender = None

    def _presence_block(self) -> PresenceSummary:
        if self._presence is None or len(self._presence) >= MAX_PRESENCE:
            self.add_notice("")
            self._presence = PresenceSummary()
        return self._presence

    def _update_presence_block(self) -> None:
        text = " ".join(self._presence.text.split()) if self._presence else ""
        self._replace(self.end - 1, Block(BlockKind.NOTICE, text))

    def _replace(self, number: int, block: Block) -> None:
        self._blocks[number - self.first] = block
        self._changed.add(number)

    def _add(self, block: Block) -> None:
        self._presence = None
        self._blocks.append(block)
        self._characters += len(block.text)
        if len(self._blocks) > MAX_BLOCKS or self._characters > MAX_CHARACTERS:
            self._trim(max(len(self._blocks) // 10, 1))

    def _trim(self, count: int) -> None:
        self._characters -= sum(len(block.text) for block in self._blocks[:count])
        del self._blocks[:count]
        self.first += count
        self._changed = {number for number in self._changed if number >= self.first}
