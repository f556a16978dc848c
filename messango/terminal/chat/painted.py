"""Which of the printed lines are still on the screen, above the prompt, so that they can be changed there.

The terminal's own scrollback holds what has left the screen: nothing there can be changed. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, TypeAlias

from prompt_toolkit.utils import get_cwidth
from wcwidth import wcswidth

from messango.terminal.chat.chat_state import Line

#: Blocks are kept for this many screens, in case it becomes larger.
_SCREENS_KEPT: Final = 2


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together. Those of a message have its number `seq`, and show it if `numbered`."""

    lines: list[Line]
    seq: int | None = None
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Repaint:
    """Go up by `rows_up` rows from the prompt, or to the top, erase from there, and print these lines."""

    rows_up: int
    lines: list[Line]


#: Returns the present lines of a message's block.
Render: TypeAlias = Callable[[Block], list[Line]]


class PaintedBlocks:
    """Follows what is printed. Sizes are those of the terminal, in rows and columns."""

    def __init__(self) -> None:
        self._blocks: deque[Block] = deque()
        #: So many of the rows directly above the prompt are ours and on the screen.
        self._visible = 0
        self._rows = self._columns = self._prompt_rows = 0
        #: Whether the size has changed since the blocks were printed: each terminal wraps and moves what it
        #: shows in its own way.
        self._is_moved = False
        #: Whether more was printed than fits on the screen: then all of it is ours.
        self._has_dropped = False

    @property
    def visible_seqs(self) -> set[int]:
        """The numbers of the messages of which something is on the screen, hidden ones too."""
        return {block.seq for block in islice(self._blocks, self._top(), None) if block.seq is not None}

    def printed(self, blocks: Iterable[Block], rows: int, columns: int) -> None:
        """Note what was printed above the prompt."""
        self._note_size(rows, columns)
        for block in blocks:
            if block.lines or block.seq is not None:
                self._blocks.append(block)
                self._visible += self._height([block])
        self._visible = min(self._visible, rows - 1)
        self._drop_old()

    def prompt_drawn(self, prompt_rows: int, rows: int) -> None:
        """Note the height of the prompt: a higher one has pushed rows off the screen."""
        self._prompt_rows = prompt_rows
        self._visible = max(0, min(self._visible, rows - prompt_rows))

    def repaint(self, seqs: Collection[int], render: Render, rows: int, columns: int) -> Repaint | None:
        """Change messages by number; return what to paint, or None if none of them is on the screen."""
        self._note_size(rows, columns)
        first = next((i for i in range(self._top(), len(self._blocks)) if self._blocks[i].seq in seqs), None)
        if first is None:
            return None
        if self._is_moved:
            return self._repaint_all(render)
        old = [self._blocks.pop() for _ in range(len(self._blocks) - first)][::-1]
        new = [replace(block, lines=render(block)) if block.seq in seqs else block for block in old]
        rows_up = min(self._height(old), self._visible)
        self._blocks.extend(new)
        self._visible = min(self._visible - rows_up + self._height(new), rows - 1)
        return Repaint(rows_up, [line for block in new for line in block.lines])

    def resized(self, render: Render, rows: int, columns: int) -> Repaint | None:
        """Return what to paint after a change of size, or None if the size is the same."""
        former_columns = self._columns
        self._note_size(rows, columns)
        if not self._is_moved or not self._blocks:
            return None
        # The status line is as wide as the terminal was: a narrower one has broken it into several rows.
        return self._repaint_all(render, broken_rows=-(-former_columns // columns) - 1)

    def _repaint_all(self, render: Render, broken_rows: int = 0) -> Repaint:
        rows_up = self._height(self._blocks) + broken_rows
        if self._has_dropped or rows_up + self._prompt_rows >= self._rows:
            rows_up = self._rows
        blocks = [
            block if block.seq is None else replace(block, lines=render(block)) for block in self._blocks
        ]
        self._blocks, self._is_moved = deque(blocks), False
        lines = [line for block in blocks for line in block.lines]
        first, height = len(lines), 0
        while first and height + row_count(lines[first - 1], self._columns) <= self._rows - self._prompt_rows:
            first -= 1
            height += row_count(lines[first], self._columns)
        self._visible = height
        return Repaint(rows_up, lines[first:])

    def _drop_old(self) -> None:
        index, above = len(self._blocks), 0
        while index and above < _SCREENS_KEPT * self._rows:
            index -= 1
            above += self._height([self._blocks[index]])
        self._has_dropped = self._has_dropped or index > 0
        for _ in range(index):
            self._blocks.popleft()

    def _top(self) -> int:
        """Return the index of the first block of which something is on the screen."""
        index, above = len(self._blocks), 0
        while index and (self._is_moved or above < self._visible):
            index -= 1
            above += self._height([self._blocks[index]])
        return index

    def _note_size(self, rows: int, columns: int) -> None:
        if (self._rows, self._columns) not in ((rows, columns), (0, 0)):
            self._is_moved = True
        self._rows, self._columns = rows, columns

    def _height(self, blocks: Iterable[Block]) -> int:
        """Return how many rows of the terminal blocks take: it wraps lines that are too long for one."""
        return sum(row_count(line, self._columns) for block in blocks for line in block.lines)


def row_count(line: Line, columns: int) -> int:
    """Return how many rows of a terminal a line takes.

    A character of two columns does not begin in the last one: a line of them takes more rows than its width
    divided by the columns.
    """
    text = "".join(part for _, part in line)
    width = wcswidth(text)
    if width <= columns and width >= 0:
        return 1
    count, used = 1, 0
    for character in text:
        width = get_cwidth(character)
        if used + width > columns:
            count, used = count + 1, 0
        used += width
    return count
