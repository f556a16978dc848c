"""Counts which blocks of a transcript a text widget holds, and how many lines each has."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final

#: Most blocks in a widget that follows new messages, and in one whose reader has scrolled up.
MAX_BLOCKS_FOLLOWING: Final = 300
MAX_BLOCKS_READING: Final = 600

#: Most blocks, and characters in them, to insert at once: more would be a noticeable delay.
BATCH_BLOCKS: Final = 120
BATCH_CHARACTERS: Final = 16_000

#: The same while the reader scrolls: the text moves smoothly, and what is fetched is not visible yet.
FETCH_BLOCKS: Final = 40

#: With fewer blocks than these beyond the visible ones, more are fetched.
PREFETCH_BLOCKS: Final = 60


class BlockRange:
    """The widget holds the blocks from `top` up to, but without, `bottom`; the first begins in line 1."""

    def __init__(self) -> None:
        self.top = 0
        self._line_counts: deque[int] = deque()

    @property
    def bottom(self) -> int:
        """The number of the block after the last one."""
        return self.top + len(self._line_counts)

    @property
    def total_lines(self) -> int:
        """The number of all lines."""
        return sum(self._line_counts)

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self._line_counts)

    def __contains__(self, number: int) -> bool:
        """Return whether the widget holds this block."""
        return self.top <= number < self.bottom

    def clear(self, at: int) -> None:
        """Drop all blocks; the next one is block `at`."""
        self.top = at
        self._line_counts.clear()

    def append(self, counts: Sequence[int]) -> None:
        """Add blocks with these line counts at the bottom."""
        self._line_counts.extend(counts)

    def prepend(self, counts: Sequence[int]) -> None:
        """Add blocks with these line counts at the top."""
        self._line_counts.extendleft(reversed(counts))
        self.top -= len(counts)

    def drop_top(self, count: int) -> int:
        """Drop blocks at the top; returns how many lines they had."""
        self.top += min(count, len(self._line_counts))
        return sum(self._line_counts.popleft() for _ in range(min(count, len(self._line_counts))))

    def drop_bottom(self, count: int) -> int:
        """Drop blocks at the bottom; returns how many lines they had."""
        return sum(self._line_counts.pop() for _ in range(min(count, len(self._line_counts))))

    def resize(self, number: int, lines: int) -> None:
        """Set the number of lines of a block."""
        self._line_counts[number - self.top] = lines

    def start_line(self, number: int) -> int:
        """Return the first line of a block; for `bottom`, the line after the last one."""
        return 1 + sum(islice(self._line_counts, number - self.top))

    def line_count(self, number: int) -> int:
        """Return the number of lines of a block."""
        return self._line_counts[number - self.top]

    def block_at(self, line: int) -> int:
        """Return the block that contains a line; the last block for a line below all."""
        for offset, count in enumerate(self._line_counts):
            line -= count
            if line < 1:
                return self.top + offset
        return max(self.bottom - 1, self.top)


def batch_size(weights: Sequence[int]) -> int:
    """Return how many blocks of these weights to insert at once; at least one, if there is one."""
    total = 0
    for count, weight in enumerate(weights[:BATCH_BLOCKS]):
        total += weight
        if count and total > BATCH_CHARACTERS:
            return count
    return min(len(weights), BATCH_BLOCKS)
