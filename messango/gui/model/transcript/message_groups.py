"""Groups the blocks of messages by sender, below a separator with the date of each day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from msgspec.structs import replace

from messango.client.events import AnyReceived
from messango.gui.model.transcript.block_run import BlockRun
from messango.gui.model.transcript.blocks import (
    MAX_GROUP,
    Block,
    BlockKind,
    DeliveryStatus,
    Sender,
    same_group,
    time_and_day,
)
from messango.gui.model.transcript.message_block import extras_of, message_block, sender_of

#: Returns whether a message mentions us.
MentionRule: TypeAlias = Callable[[AnyReceived], bool]


@dataclass(slots=True)
class Grouping:
    """What decides about the next message's header and about the separator above it."""

    #: The day of the messages so far; at first of today, which needs no separator.
    day: str
    is_mention: MentionRule
    last_sender: Sender | None = None
    size: int = 0

    def interrupt(self) -> None:
        """Begin a new group: something else is above the next message."""
        self.last_sender = None

    def begin_day(self, moment: float) -> Block | None:
        """Return the separator above a message of this time, if it is from another day than the last one."""
        _, day = time_and_day(moment)
        changed, self.day = day != self.day, day
        if not changed:
            return None
        self.interrupt()
        return Block(BlockKind.SEPARATOR, day)

    def add(self, event: AnyReceived, *, mentions_you: bool) -> Block:
        """Return the block of the next message."""
        sender, extras = sender_of(event), extras_of(event, mentions_you=mentions_you)
        delivery = DeliveryStatus.ACCEPTED if event.own else DeliveryStatus.NONE
        after = self.last_sender if self.size < MAX_GROUP else None
        block = message_block(sender, event.text, extras, own=event.own, delivery=delivery, after=after)
        self.size = 1 if block.has_header else self.size + 1
        self.last_sender = sender if block.kind is BlockKind.MESSAGE else None
        return replace(block, seq=event.seq)

    def add_all(self, messages: Iterable[AnyReceived]) -> Iterator[Block]:
        """Yield the blocks of the next messages and the separators between them."""
        for message in messages:
            if (separator := self.begin_day(message.time)) is not None:
                yield separator
            yield self.add(message, mentions_you=self.is_mention(message))


def grouping_after(run: BlockRun, today: str, is_mention: MentionRule) -> Grouping:
    """Return what decides about the message that follows a run's last block."""
    grouping = Grouping(today, is_mention)
    last = next((block for block in _backwards(run) if block.is_message), None)
    if last is not None:
        _, grouping.day = time_and_day(last.time)
    if len(run) and (block := run.block(run.end - 1)).kind is BlockKind.MESSAGE:
        grouping.last_sender, grouping.size = _sender(block), _group_size(_backwards(run))
    return grouping


def add_above(run: BlockRun, older: list[Block]) -> set[int]:
    """Add older blocks above a run, as if all had been added in their order.

    Returns the numbers of blocks that are others now: at the seam a separator may be needed or not, and the
    first message may belong to the group above it.
    """
    lead = _lead(run)
    before = run.blocks(run.first, run.first + len(lead) + 1)
    last = next((block for block in reversed(older) if block.is_message), None)
    if last is None or len(before) == len(lead):
        run.prepend(older)
        return set()
    first_number, message = run.first, before[-1]
    day = time_and_day(message.time)[1]
    seam = [block for block in lead if block != Block(BlockKind.SEPARATOR, day)]
    if time_and_day(last.time)[1] != day:
        seam.append(Block(BlockKind.SEPARATOR, day))
    run.drop_first(len(lead))
    if message.kind is BlockKind.MESSAGE:
        run.replace(run.first, replace(message, has_header=bool(seam) or _begins_group(older, run)))
    run.prepend([*older, *seam])
    return {number for number, block in enumerate(before, first_number) if run.block(number) != block}


def _lead(run: BlockRun) -> list[Block]:
    """Return what is above the first message."""
    lead: list[Block] = []
    for number in range(run.first, run.end):
        if (block := run.block(number)).is_message:
            break
        lead.append(block)
    return lead


def _begins_group(older: list[Block], run: BlockRun) -> bool:
    """Return whether the first message of `run` needs a header below these blocks."""
    above, first = older[-1], run.block(run.first)
    if above.kind is not BlockKind.MESSAGE or not same_group(_sender(above), _sender(first)):
        return True
    following = (run.block(number) for number in range(run.first + 1, run.end))
    size = 1
    for block in following:
        if block.has_header or block.kind is not BlockKind.MESSAGE:
            break
        size += 1
    return size + _group_size(reversed(older)) > MAX_GROUP


def _group_size(backwards: Iterable[Block]) -> int:
    size = 0
    for block in backwards:
        if block.kind is not BlockKind.MESSAGE:
            break
        size += 1
        if block.has_header:
            break
    return size


def _backwards(run: BlockRun) -> Iterator[Block]:
    return (run.block(number) for number in range(run.end - 1, run.first - 1, -1))


def _sender(block: Block) -> Sender:
    return Sender(block.member, block.name, block.time, block.extras.to)
