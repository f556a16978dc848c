"""A part of a conversation without a gap: its blocks, by block number and by the messages' own numbers."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from msgspec.structs import replace

from messango.gui.model.transcript.blocks import Block


class BlockRun:
    """Blocks numbered from `first` up to, but without, `end`; the numbers may be negative.

    Blocks can be added at both ends and dropped at both: none of the others changes its number.
    """

    def __init__(self, first: int = 0) -> None:
        self.first = first
        #: Of all texts.
        self.characters = 0
        #: Whether the first block says that nothing is older.
        self.has_beginning = False
        self._blocks: list[Block] = []
        #: For each block the number of the last message up to it, for bisection.
        self._seqs = array("q")
        #: Messages before this block have the numbers of another host's room, from the other one on those of
        #: the host before.
        self._renumbered_at = self._former_at = first
        #: Blocks of messages from before that got a number in the present room.
        self._moved: dict[int, int] = {}
        self._oldest_moved: int | None = None
        self._loaded_to = 0

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self._blocks)

    def __contains__(self, number: int) -> bool:
        """Return whether there is a block with this number."""
        return self.first <= number < self.end

    @property
    def end(self) -> int:
        """The number of the next block."""
        return self.first + len(self._blocks)

    @property
    def oldest_seq(self) -> int | None:
        """The first number of a message, as the room counts now."""
        if self._oldest_moved is not None:
            return self._oldest_moved
        later = islice(self._blocks, max(self._renumbered_at - self.first, 0), None)
        return next((block.seq for block in later if block.is_message), None)

    @property
    def newest_seq(self) -> int | None:
        """The last number of a message."""
        return next((block.seq for block in reversed(self._blocks) if block.is_message), None)

    @property
    def loaded_to(self) -> int:
        """The number up to which nothing is missing: at least that of the last message."""
        return max(self._loaded_to, self.newest_seq or 0)

    @loaded_to.setter
    def loaded_to(self, seq: int) -> None:
        self._loaded_to = seq

    def block(self, number: int) -> Block:
        """Return a block."""
        return self._blocks[number - self.first]

    def blocks(self, start: int, stop: int) -> list[Block]:
        """Return the blocks with these numbers, as far as there are any."""
        return self._blocks[max(start - self.first, 0) : max(stop - self.first, 0)]

    def find(self, seq: int) -> int | None:
        """Return the number of the block with a message, by the message's own number in the present room."""
        number = self._find(seq, self._renumbered_at, self.end)
        number = self._moved.get(seq) if number is None else number
        return number if number is not None and number in self else None

    def find_former(self, seq: int) -> int | None:
        """Return the same by the number that the message had in the room of the host before."""
        return self._find(seq, self._former_at, self._renumbered_at)

    def restart_numbers(self) -> None:
        """Messages have another host's numbers from now on; `find` does not find the former ones."""
        self._former_at, self._renumbered_at = self._renumbered_at, self.end
        self._moved, self._oldest_moved = {}, None

    def move(self, number: int, seq: int) -> None:
        """Give a message from before `restart_numbers` its number in the present room."""
        self.replace(number, replace(self.block(number), seq=seq))
        self._note_moved(number, seq)

    def _note_moved(self, number: int, seq: int) -> None:
        self._moved[seq] = number
        self._oldest_moved = min(self._oldest_moved or seq, seq)

    def _find(self, seq: int, start: int, stop: int) -> int | None:
        start, stop = max(start - self.first, 0), max(stop - self.first, 0)
        index = bisect_left(self._seqs, seq, start, stop)
        is_found = index < stop and self._seqs[index] == seq and self._blocks[index].is_message
        return self.first + index if is_found else None

    def append(self, block: Block) -> None:
        """Add a block at the end."""
        last = self._seqs[-1] if self._seqs and self._renumbered_at < self.end else 0
        self._seqs.append(max(block.seq, last))
        self._blocks.append(block)
        self.characters += len(block.text)

    def prepend(self, blocks: Sequence[Block]) -> None:
        """Add blocks above the first."""
        self._seqs[:0] = _last_seqs(blocks)
        self._blocks[:0] = blocks
        self.characters += _characters(blocks)
        self.first -= len(blocks)
        if self._renumbered_at == self.first + len(blocks):
            self._renumbered_at = self._former_at = self.first
            return
        # Below them are messages with other numbers.
        for number, block in enumerate(blocks, self.first):
            if block.is_message:
                self._note_moved(number, block.seq)

    def replace(self, number: int, block: Block) -> None:
        """Replace a block by another one of the same message."""
        index = number - self.first
        self.characters += len(block.text) - len(self._blocks[index].text)
        self._blocks[index] = block

    def drop_first(self, count: int) -> None:
        """Drop blocks at the beginning."""
        count = min(count, len(self._blocks))
        self.characters -= _characters(self._blocks[:count])
        del self._blocks[:count], self._seqs[:count]
        self.first += count
        self._renumbered_at = max(self._renumbered_at, self.first)
        self._former_at = max(self._former_at, self.first)
        self.has_beginning &= not count
        if self._moved and count:
            self._moved = {seq: number for seq, number in self._moved.items() if number >= self.first}
            self._oldest_moved = min(self._moved, default=None)

    def drop_last(self, count: int) -> None:
        """Drop blocks at the end."""
        start = max(len(self._blocks) - count, 0)
        self.characters -= _characters(self._blocks[start:])
        del self._blocks[start:], self._seqs[start:]
        self._loaded_to = 0

    def split(self, number: int) -> BlockRun:
        """Move the blocks from this number on to another run, with the same numbers."""
        rest = BlockRun(number)
        for block in self.blocks(number, self.end):
            rest.append(block)
        self.drop_last(len(rest))
        return rest


def _characters(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _last_seqs(blocks: Sequence[Block]) -> array[int]:
    first = next((block.seq for block in blocks if block.is_message), 1)
    seqs, last = array("q"), first - 1
    for block in blocks:
        last = block.seq if block.is_message else last
        seqs.append(last)
    return seqs
