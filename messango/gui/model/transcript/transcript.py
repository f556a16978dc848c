"""The transcript of a conversation, without a display: events go in, blocks to show come out.

A message that the room has accepted is settled: it never moves, and everybody sees the same order. Own
messages without a receipt are pending, below all settled ones, and move up when the receipt comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from messango.client.events import AnyReceived, MessageFailed
from messango.client.events.files import FileFailed
from messango.client.members.ignored import IgnoredMembers
from messango.client.members.presence_summary import PresenceSummary
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.files.conversation_files import ConversationFiles
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.transcript.blocks import NO_EXTRAS, Block, BlockKind, time_and_day
from messango.gui.model.transcript.message_block import changed_block, extras_of
from messango.gui.model.transcript.message_groups import Grouping, MentionRule
from messango.gui.model.transcript.parts import TranscriptParts
from messango.gui.model.transcript.pending_messages import PendingMessages
from messango.protocol.frames import Quote

#: At most this many people share one line that says who joined and left; it is rewritten for each.
MAX_PRESENCE: Final = 100

#: The separators below the messages from before we joined, and from while we were away.
_JOINED_HERE: Final = Block(BlockKind.SEPARATOR, "You joined here")
#: In place of what somebody quotes of a member whom we ignore.
_IGNORED: Final = "(you ignore this member)"

_WAS_AWAY: Final = Block(BlockKind.SEPARATOR, "You were away until here")


class Transcript:
    """Holds settled blocks, numbered from `first` up to, but without, `end`, and the pending ones below.

    `parts` holds what is loaded; `first` and `end` are those of the part that is shown. `now` returns seconds
    since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        #: Returns whose messages and reactions are hidden.
        self.ignored: Callable[[], IgnoredMembers] = IgnoredMembers
        #: Decides which messages are set apart.
        self.is_mention: MentionRule = lambda _: False
        self.files = ConversationFiles()
        self.parts = TranscriptParts(self.today, self._is_mention)
        self._pending = PendingMessages(now)
        self._grouping = Grouping("", self._is_mention)
        self._presence: PresenceSummary | None = None
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
    def first(self) -> int:
        """The number of the first block that is shown."""
        return self.parts.shown.first

    @property
    def end(self) -> int:
        """The number after that of the last block that is shown."""
        return self.parts.shown.end

    @property
    def is_empty(self) -> bool:
        """Whether there are no blocks, settled or pending."""
        return not self.parts.newest and not self._pending

    @property
    def unread(self) -> int | None:
        """The number of the block below the line *New messages*, or None."""
        return self._unread

    def block(self, number: int) -> Block:
        """Return a settled block."""
        return self.parts.part_with(number).block(number)

    def is_hidden(self, block: Block) -> bool:
        """Return whether a block is a message of somebody whom we ignore."""
        return block.is_message and not block.own and self.ignored().hides(block.member, block.name)

    def as_shown(self, block: Block) -> Block:
        """Return what is drawn of a block, with the card of its file.

        Nothing of those whom we ignore is, nor what others quote of them.
        """
        if self.is_hidden(block):
            return Block(BlockKind.HIDDEN, "", unread=block.unread)
        if block.extras is NO_EXTRAS:
            return block
        if block.extras.file is not None:
            card = self.files.cards.card(block.extras.file)
            block = replace(block, extras=replace(block.extras, card=card))
        if not (ignored := self.ignored()):
            return block
        reply, reactions = block.reply, ignored.shown_reactions(block.reactions)
        if reply is not None and ignored.hides("", reply.name):
            reply = Quote(reply.seq, reply.name, _IGNORED)
        return replace(block, extras=replace(block.extras, reply=reply, reactions=reactions))

    def blocks(self, start: int, stop: int) -> list[Block]:
        """Return the settled blocks with these numbers, as far as they still exist and are shown."""
        return self.parts.shown.blocks(start, stop)

    def pending(self) -> list[Block]:
        """Return the pending blocks: own messages without a receipt."""
        return self._pending.blocks(self._own_member, self._own_name, self._grouping.last_sender)

    @property
    def has_pending(self) -> bool:
        """Whether an own message waits for its receipt, or could not be sent."""
        return bool(self._pending)

    def redraw(self) -> None:
        """Show all blocks again: something that is not in them has changed how they are shown."""
        self.parts.mark_all_changed()

    def expand(self, number: int) -> None:
        """Show a long text in full."""
        self.parts.replace(number, replace(self.block(number), expanded=True))

    def collapse(self, number: int) -> None:
        """Show only the beginning of a long text again."""
        self.parts.replace(number, replace(self.block(number), expanded=False))

    def pop_changed(self) -> set[int]:
        """Return the numbers of the blocks that have changed since the last call."""
        return self.parts.pop_changed()

    def session_started(self, name: str, member: str) -> None:
        """Set our name and member id for a new session."""
        self._own_name, self._own_member = name, member
        self._session_count += 1

    def set_own_name(self, name: str) -> None:
        """Set our new name."""
        self._own_name = name

    def add_pending(self, message_id: str, message: OutgoingMessage) -> None:
        """Add an own message as pending; sending marks all others as read."""
        self._pending.add(message_id, message)
        self.mark_read()

    def add_pending_file(self, transfer_id: str, share: OutgoingShare) -> None:
        """Add an own file in the same way."""
        self._pending.add(transfer_id, share)
        self.files.cards.upload_started(transfer_id, share)
        self.mark_read()

    def message_received(
        self, event: AnyReceived, *, missed: bool = False, mentions_you: bool = False
    ) -> None:
        """Add an accepted message; an own one is no longer pending.

        With `missed` it came while the connection was broken: nobody has read it.
        """
        if event.own:
            self._pending.accepted(event.id)
            self.files.message_received(event)
        if not event.history:
            self.close_history()
        grouping = self._grouping
        grouping.day = grouping.day or self.today()
        if (separator := grouping.begin_day(event.time)) is not None:
            self._add(separator)
        self._history_open |= event.history and not event.own
        block = grouping.add(event, mentions_you=mentions_you)
        if self._mark_next_unread and not event.own and (missed or not event.history):
            block = replace(block, unread=self._has_read_content)
            self._add_unread_line()
        self._add(block)

    def find(self, seq: int) -> int | None:
        """Return the number of the block of a message, or None if it is not here (any more)."""
        return self.parts.find(seq)

    def restart_numbers(self) -> None:
        """Take the next numbers for another host's: the room has moved to somebody else."""
        self.parts.show_newest()
        self.parts.close_gap()
        self.parts.newest.restart_numbers()

    def start_after_gap(self) -> None:
        """Show what comes now apart from what is here, until the messages between them are loaded."""
        self._presence = None
        self._grouping.interrupt()
        self.parts.start_after_gap()

    def message_changed(self, event: AnyReceived, former_seq: int | None = None) -> None:
        """Show a message in its present form: edited, deleted, or with other reactions or another quote.

        `former_seq` is the number that it had before `restart_numbers`, if it may be shown from then.
        """
        number = self.find(event.seq)
        if number is None and former_seq is not None:
            number = self.parts.newest.find_former(former_seq)
            if number is not None and self.block(number).member == event.member:
                self.parts.newest.move(number, event.seq)
        if number is None or self.block(number).member != event.member:
            return
        block = self.block(number)
        changed = changed_block(block, event, extras_of(event, mentions_you=self.is_mention(event)))
        if changed != block:
            self.parts.replace(number, changed)
            if block.extras.file is not None and changed.is_deleted:
                self.files.pictures.drop(block.extras.file.id)
            if block.has_header and not changed.has_header:
                self._give_header(number + 1)

    def newest_of_others(self) -> Block | None:
        """Return the newest message of somebody else that is loaded."""
        blocks = self.parts.newest
        for number in range(blocks.end - 1, blocks.first - 1, -1):
            block = blocks.block(number)
            if block.is_message and not (block.own or block.is_deleted or self.is_hidden(block)):
                return block
        return None

    def message_failed(self, event: MessageFailed | FileFailed) -> None:
        """Mark an own message or file as not sent, with the reason."""
        self._pending.failed(event)
        self.files.cards.upload_ended(event.id)

    def pop_failed(self, message_id: str) -> OutgoingMessage | OutgoingShare | None:
        """Remove a failed message and return it; None if it is pending or accepted."""
        return self._pending.pop_failed(message_id)

    def fail_pending(self) -> None:
        """Mark all pending messages as not sent: the session has ended."""
        self._pending.fail_all()

    def member_joined(self, name: str, server: str = "") -> None:
        """Show that a member joined, in the same line as other arrivals and departures just before."""
        self._presence_block().member_joined(name, server)
        self._update_presence_block()

    def member_left(self, name: str, reason: str, note: str = "") -> None:
        """Show that a member left, in the same way."""
        self._presence_block().member_left(name, reason, note)
        self._update_presence_block()

    def add_notice(self, text: str) -> None:
        """Add a quiet line."""
        self._add(Block(BlockKind.NOTICE, " ".join(text.split())))
        self._grouping.interrupt()

    def add_notice_below_history(self, text: str) -> None:
        """Add a quiet line when the history is closed, so that it does not scroll out of sight above it."""
        self._below_history.append(text)

    def close_history(self) -> None:
        """Add the separator below the history, if there is any, and the notices that wait for it."""
        if self._history_open:
            self._history_open = False
            self._add(_JOINED_HERE if self._session_count < 2 else _WAS_AWAY)
            self._grouping.interrupt()
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
        if self._unread is not None and self._unread in self.parts.part_with(self._unread):
            self.parts.replace(self._unread, replace(self.block(self._unread), unread=False))
        self._unread = None

    @property
    def _has_read_content(self) -> bool:
        """Whether there is more above a new line than the separator of the history."""
        newest = self.parts.newest
        return bool(newest) and newest.block(newest.end - 1) not in (_JOINED_HERE, _WAS_AWAY)

    def _add_unread_line(self) -> None:
        """Move the line to the next block, unless a separator is there, which says the same."""
        self.mark_read()
        self._mark_next_unread = False
        if self._has_read_content:
            self._unread = self.parts.newest.end

    def _is_mention(self, message: AnyReceived) -> bool:
        return self.is_mention(message)

    def _give_header(self, number: int) -> None:
        """Show the sender's name above a block: the one above it, which had shown it, became an action."""
        part = self.parts.part_with(number - 1)
        if number in part and part.block(number).kind is BlockKind.MESSAGE:
            self.parts.replace(number, replace(part.block(number), has_header=True))
        elif number == self.parts.newest.end:
            self._grouping.interrupt()

    def today(self) -> str:
        """Return the date of today, as separators show it."""
        return time_and_day(self._now())[1]

    def _presence_block(self) -> PresenceSummary:
        if self._presence is None or len(self._presence) >= MAX_PRESENCE:
            self.add_notice("")
            self._presence = PresenceSummary()
        return self._presence

    def _update_presence_block(self) -> None:
        text = " ".join(self._presence.text.split()) if self._presence else ""
        self.parts.replace(self.parts.newest.end - 1, Block(BlockKind.NOTICE, text))

    def _add(self, block: Block) -> None:
        self._presence = None
        self.parts.append(block)
