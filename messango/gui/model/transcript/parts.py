"""The loaded parts of a conversation: the newest, and perhaps others above it.

Older messages are added above when the room has sent them. What surrounds a message far above (the place
that a search has found) is an *island*: it is shown instead of the newest part until it meets it. What was
here before we were away for long is kept above a gap, until what we missed is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from messango.client.events import AnyReceived
from messango.gui.model.transcript.block_run import BlockRun
from messango.gui.model.transcript.blocks import Block, BlockKind
from messango.gui.model.transcript.message_groups import Grouping, MentionRule, add_above, grouping_after

#: Beyond this many blocks, or characters in them, a tenth is dropped: the oldest, or while the reader is
#: among them, those that are the farthest away.
MAX_BLOCKS: Final = 200_000
MAX_CHARACTERS: Final = 50_000_000

#: The newest blocks are kept while the reader is far above.
KEPT_NEWEST: Final = 1_000

#: Between the numbers of an island and those of all other parts: no two blocks ever have the same number.
_APART: Final = 1_000_000_000


class TranscriptParts:
    """Holds the blocks of all parts; no two have the same number.

    A block keeps its number, except when an island meets the newest part: then the island's numbers grow, and
    `on_renumbered` are called with by how much. `today` returns the date of today, as separators show it.
    """

    def __init__(self, today: Callable[[], str], is_mention: MentionRule) -> None:
        self._today, self._is_mention = today, is_mention
        #: The part to which new messages are added.
        self.newest = BlockRun()
        self.island: BlockRun | None = None
        #: What was the newest part before messages were missed; it may be the island.
        self.before_gap: BlockRun | None = None
        #: Whether the reader follows new messages.
        self.is_followed = True
        self.on_renumbered: list[Callable[[int], None]] = []
        #: The first block that somebody reads who has scrolled up, if what is dropped can be loaded again.
        self.read_from: int | None = None
        self._island_first = 0
        self._changed: set[int] = set()

    @property
    def shown(self) -> BlockRun:
        """The part that is shown: the island, if there is one."""
        return self.newest if self.island is None else self.island

    @property
    def shows_newest(self) -> bool:
        """Whether the newest part is shown."""
        return self.island is None

    def part_with(self, number: int) -> BlockRun:
        """Return the part with this block."""
        others = (part for part in (self.island, self.before_gap) if part is not None)
        return next((part for part in others if number in part), self.newest)

    def find(self, seq: int) -> int | None:
        """Return the block number of a message by its number in the room's order; first of what is shown."""
        parts = (part for part in (self.shown, self.newest, self.before_gap) if part is not None)
        return next((number for part in parts if (number := part.find(seq)) is not None), None)

    def replace(self, number: int, block: Block) -> None:
        """Replace a block by another one of the same message."""
        self.part_with(number).replace(number, block)
        self._changed.add(number)

    def pop_changed(self) -> set[int]:
        """Return the numbers of the blocks that have changed since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def mark_all_changed(self) -> None:
        """Count every block that is shown as changed."""
        self._changed.update(range(self.shown.first, self.shown.end))

    def append(self, block: Block) -> None:
        """Add a block to the newest part."""
        self.newest.append(block)
        self._make_room()
        if not self._is_over:
            return
        if self.read_from is not None and self.read_from < self.shown.first + len(self.shown) // 2:
            self._drop_below()
        else:
            self._drop(self.newest.drop_first)

    def add_older(self, messages: Iterable[AnyReceived]) -> None:
        """Add messages above what is shown; all are older, the newest is the last."""
        self._changed |= add_above(self.shown, [*Grouping(self._today(), self._is_mention).add_all(messages)])
        self._drop_below()

    def mark_beginning(self, text: str) -> None:
        """Say above what is shown that nothing is older."""
        if not self.shown.has_beginning:
            self.shown.prepend([Block(BlockKind.SEPARATOR, text)])
            self.shown.has_beginning = True

    def show_island(self, messages: Iterable[AnyReceived]) -> None:
        """Show these messages, which follow each other, instead of what is shown now."""
        self._island_first = min(self._island_first, self.newest.first) - _APART
        self.island = BlockRun(self._island_first)
        for block in Grouping(self._today(), self._is_mention).add_all(messages):
            self.island.append(block)

    def add_newer(self, messages: Iterable[AnyReceived]) -> None:
        """Add messages below the island; all are newer, the newest is the last."""
        if self.island is not None:
            for block in grouping_after(self.island, self._today(), self._is_mention).add_all(messages):
                self.island.append(block)
            self._drop_above()

    def join_island(self) -> None:
        """Put the island above the newest part: nothing is missing between them."""
        island, self.island = self.island, None
        self.before_gap = None
        if island is None:
            return
        self._put_above(island)
        for renumber in self.on_renumbered:
            renumber(self.newest.first - island.first)
        self._drop_above()

    def show_newest(self) -> None:
        """Drop the island, and show the newest part."""
        self.island = None

    def show_part_with(self, number: int) -> None:
        """Show the part with this block."""
        part = self.part_with(number)
        self.island = None if part is self.newest else part

    def start_after_gap(self) -> None:
        """Begin a new part: between what is here and what comes now, messages are missing.

        Somebody who follows sees what comes; a reader stays where they are.
        """
        former = self.newest
        self.newest = BlockRun(former.end + _APART)
        if self.island is None:
            self.before_gap = former
            self.island = None if self.is_followed else former
        else:
            self.before_gap = None  # The gap above the newest part begins below the island.

    def close_gap(self) -> None:
        """Put what was here before the gap above the newest part, which is shown."""
        former, self.before_gap = self.before_gap, None
        if former is not None:
            self._put_above(former)
            self._drop_above()

    def _put_above(self, part: BlockRun) -> None:
        self._changed |= add_above(self.newest, part.blocks(part.first, part.end))
        self.newest.has_beginning = part.has_beginning

    def _make_room(self) -> None:
        """Drop what is above the gap, if nobody reads it: it can be loaded again."""
        if self._is_over and self.before_gap is not self.island:
            self.before_gap = None

    @property
    def _is_over(self) -> bool:
        above = None if self.before_gap is self.island else self.before_gap
        parts = [part for part in (self.newest, self.island, above) if part is not None]
        return sum(map(len, parts)) > MAX_BLOCKS or sum(part.characters for part in parts) > MAX_CHARACTERS

    def _drop_below(self) -> None:
        """The reader is at the top: drop the newest but for the last ones; they can be loaded again."""
        self._make_room()
        if self._is_over and self.island is None:
            self.island = self.newest
            self.newest = self.island.split(max(self.island.first, self.island.end - KEPT_NEWEST))
        while self._is_over and self.island:
            self._drop(self.island.drop_last)

    def _drop_above(self) -> None:
        """The reader is at the bottom of what is shown: drop the oldest."""
        self._make_room()
        if self._is_over and self.island is not None:
            self.newest.drop_first(max(len(self.newest) - KEPT_NEWEST, 0))
        while self._is_over and self.shown:
            self._drop(self.shown.drop_first)

    def _drop(self, drop: Callable[[int], None]) -> None:
        drop(max(len(self.shown) // 10, 1))
        self._changed = {number for number in self._changed if number in self.part_with(number)}
