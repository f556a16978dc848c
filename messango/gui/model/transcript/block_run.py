"""A part of a conversation without a gap: its blocks, by block number and by the messages' own numbers."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

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
        #: Blocks before this index have the numbers of another host's room.
        self._known_from = 0

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
        later = islice(self._blocks, self._known_from, None)
        return next((block.seq for block in later if block.is_message), None)

    @property
    def newest_seq(self) -> int | None:
        """The last number of a message."""
        return next((block.seq for block in reversed(self._blocks) if block.is_message), None)

    def block(self, number: int) -> Block:
        """Return a block."""
        return self._blocks[number - self.first]

    def blocks(self, start: int, stop: int) -> list[Block]:
        """Return the blocks with these numbers, as far as there are any."""
        return self._blocks[max(start - self.first, 0) : max(stop - self.first, 0)]

    def find(self, seq: int) -> int | None:
        """Return the number of the block with a message, by the message's own number."""
        index = bisect_left(self._seqs, seq, self._known_from)
        if index < len(self._blocks) and self._blocks[index].seq == seq:
            return self.first + index
        return None

    def append(self, block: Block) -> None:
        """Add a block at the end."""
        if block.is_message and self._seqs and block.seq < self._seqs[-1]:
            self._known_from = len(self._blocks)  # another host counts from the start again
        self._seqs.append(block.seq if block.is_message or not self._seqs else self._seqs[-1])
        self._blocks.append(block)
        self.characters += len(block.text)

    def prepend(self, blocks: Sequence[Block]) -> None:
        """Add blocks above the first."""
        self._seqs[:0] = _last_seqs(blocks)
        self._blocks[:0] = blocks
        self.first -= len(blocks)
        self._known_from += len(blocks) if self._known_from else 0
        self.characters += _characters(blocks)

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
        self._known_from = max(self._known_from - count, 0)
        self.has_beginning &= not count

    def drop_last(self, count: int) -> None:
        """Drop blocks at the end."""
        start = max(len(self._blocks) - count, 0)
        self.characters -= _characters(self._blocks[start:])
        del self._blocks[start:], self._seqs[start:]

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
