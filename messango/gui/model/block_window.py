"""Which blocks of a transcript a widget holds, and how many lines each takes there; no widget is touched."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final

#: A widget that follows the end holds so many blocks; one in which somebody reads, some more.
MAX_BLOCKS_FOLLOWING: Final = 300
MAX_BLOCKS_READING: Final = 600

#: So many blocks, or so many characters in them, are put in at one go: more would be felt.
BATCH_BLOCKS: Final = 120
BATCH_CHARACTERS: Final = 16_000

#: With fewer blocks than these beyond what is seen, more are fetched.
PREFETCH_BLOCKS: Final = 60


class BlockWindow:
    """Counts lines: the widget holds the blocks from `top` to before `bottom`, the first from line 1 on."""

    def __init__(self) -> None:
        self.top = 0
        self._line_counts: deque[int] = deque()

    @property
    def bottom(self) -> int:
        """The number of the block that would come next."""
        return self.top + len(self._line_counts)

    @property
    def total_lines(self) -> int:
        """How many lines there are in all."""
        return sum(self._line_counts)

    def __len__(self) -> int:
        """Return how many blocks there are."""
        return len(self._line_counts)

    def __contains__(self, number: int) -> bool:
        """Tell whether this block is there."""
        return self.top <= number < self.bottom

    def clear(self, at: int) -> None:
        """Hold nothing, and begin at this block."""
        self.top = at
        self._line_counts.clear()

    def append(self, counts: Sequence[int]) -> None:
        """Blocks with so many lines each came below."""
        self._line_counts.extend(counts)

    def prepend(self, counts: Sequence[int]) -> None:
        """Blocks with so many lines each came above."""
        self._line_counts.extendleft(reversed(counts))
        self.top -= len(counts)

    def drop_top(self, count: int) -> int:
        """Let the uppermost blocks go; returns how many lines those had."""
        self.top += min(count, len(self._line_counts))
        return sum(self._line_counts.popleft() for _ in range(min(count, len(self._line_counts))))

    def drop_bottom(self, count: int) -> int:
        """Let the lowest blocks go; returns how many lines those had."""
        return sum(self._line_counts.pop() for _ in range(min(count, len(self._line_counts))))

    def resize(self, number: int, lines: int) -> None:
        """This block has another number of lines now."""
        self._line_counts[number - self.top] = lines

    def start_line(self, number: int) -> int:
        """Return the line on which a block begins; one past the last for the block that would come next."""
        return 1 + sum(islice(self._line_counts, number - self.top))

    def line_count(self, number: int) -> int:
        """Return how many lines a block has."""
        return self._line_counts[number - self.top]

    def block_at(self, line: int) -> int:
        """Return the block to which a line belongs; the last for what is below all."""
        for offset, count in enumerate(self._line_counts):
            line -= count
            if line < 1:
                return self.top + offset
        return max(self.bottom - 1, self.top)


def batch_size(lengths: Sequence[int]) -> int:
    """Return how many blocks of these lengths are put in at one go; at least one, if there is one."""
    total = 0
    for count, length in enumerate(lengths[:BATCH_BLOCKS]):
        total += length
        if count and total > BATCH_CHARACTERS:
            return count
    return min(len(lengths), BATCH_BLOCKS)
