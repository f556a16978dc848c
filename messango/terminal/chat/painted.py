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

    def _repaint_all(self, render: Render) -> Repaint:
        blocks = [
            block if block.seq is None else replace(block, lines=render(block)) for block in self._blocks
        ]
        self._blocks, self._visible, self._is_moved = deque(blocks), self._rows - self._prompt_rows, False
        shown = blocks[self._top() :]
        while len(shown) > 1 and self._height(shown) > self._visible:
            del shown[0]
        self._visible = min(self._visible, self._height(shown))
        return Repaint(self._rows, [line for block in shown for line in block.lines])

    def _drop_old(self) -> None:
        index, above = len(self._blocks), 0
        while index and above < _SCREENS_KEPT * self._rows:
            index -= 1
            above += self._height([self._blocks[index]])
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
        lines = (line for block in blocks for line in block.lines)
        return sum(max(1, -(-_width(line) // self._columns)) for line in lines)


def _width(line: Line) -> int:
    text = "".join(part for _, part in line)
    width = wcswidth(text)
    return width if width >= 0 else get_cwidth(text)
