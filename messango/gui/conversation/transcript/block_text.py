"""Keeps a bounded range of a transcript's blocks in a text widget."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from messango.gui.conversation.files.file_rows import FileRows
from messango.gui.conversation.transcript.embedded_rows import EmbeddedRows
from messango.gui.conversation.transcript.emoji_images import EmojiImages, doubled
from messango.gui.conversation.transcript.reaction_rows import ReactionRows
from messango.gui.conversation.transcript.text_metrics import TextMetrics
from messango.gui.model.text.bidi import has_rtl
from messango.gui.model.text.line_arrangement import Arrangement, arrange
from messango.gui.model.text.quote_line import fit_quote
from messango.gui.model.text.run_tags import TextRun
from messango.gui.model.text.text_runs import TextRunBuilder, count_lines
from messango.gui.model.transcript.block_range import (
    BATCH_BLOCKS,
    FETCH_BLOCKS,
    MAX_BLOCKS_FOLLOWING,
    MAX_BLOCKS_READING,
    PREFETCH_BLOCKS,
    BlockRange,
    batch_size,
)
from messango.gui.model.transcript.blocks import Block
from messango.gui.model.transcript.transcript import Transcript
from messango.protocol.text.emoji_signs import emoji_places

#: The mark where the pending blocks begin; everything above it is settled.
_PENDING: Final = "pending"
_SCROLL_ANCHOR: Final = "scroll-anchor"

#: A picture takes about 70 us to insert, a batch of plain text 3 ms.
_PICTURE_WEIGHT: Final = 100


class BlockText:
    """Inserts and deletes blocks, so that `text` holds those of `window` and the pending ones below.

    With `reorders` the widget can't draw text from right to left, and gets it in visual order.
    """

    def __init__(
        self,
        text: tk.Text,
        transcript: Transcript,
        run_builder: TextRunBuilder,
        reaction_rows: ReactionRows,
        file_rows: FileRows,
        images: EmojiImages,
        *,
        reorders: bool,
    ) -> None:
        self.text, self.transcript = text, transcript
        self.reaction_rows, self.file_rows, self._images = reaction_rows, file_rows, images
        self.window = BlockRange()
        self.pending: list[Block] = []
        self.pending_lines: list[int] = []
        #: Increases with each change of the text.
        self.version = 0
        self._run_builder = run_builder
        self.reorders, self._metrics = reorders, TextMetrics(text, images.width)
        self._rows = EmbeddedRows(text, self._metrics, reaction_rows, file_rows)
        self._arranged_for = self._metrics.state()
        self._drawn_for = images.state
        #: Of the blocks with text from right to left, by number, and of the pending ones.
        self._arrangements: dict[int, Arrangement] = {}
        self._pending_arrangements: list[Arrangement | None] = []
        text.mark_set(_PENDING, "end-1c")
        text.mark_gravity(_PENDING, "left")
        transcript.parts.on_renumbered.append(self._renumber)

    def sync(self, *, following: bool) -> bool:
        """Apply what has changed in the transcript; returns whether anything had.

        A view that follows the end gets the newest blocks; another one gets more only up to a limit.
        """
        changed = self.transcript.pop_changed() | self._with_changed_files()
        pending = self.transcript.pending() if self.transcript.parts.shows_newest else []
        if self.window.bottom == self.transcript.end and not changed and pending == self.pending:
            return False
        with self._editable():
            # Pending blocks go first: a block that changes just above would be inserted below the mark.
            self.text.delete(_PENDING, "end-1c")
            self._drop_trimmed()
            if following or not changed:
                self._redraw(changed)
            else:
                self._preserve_scroll(lambda: self._redraw_seam(changed), changed)
            self._append_new(pending, following=following)
        return True

    def _with_changed_files(self) -> set[int]:
        """Return the numbers of the blocks in the widget whose files are no longer what they were."""
        files = self.transcript.files.pop_changed()
        if not files:
            return set()
        blocks = self.transcript.blocks(self.window.top, self.window.bottom)
        first = max(self.window.top, self.transcript.first)
        return {
            number
            for number, block in enumerate(blocks, first)
            if (file := block.extras.file) is not None and file.id in files
        }

    def has_more(self, *, following: bool) -> bool:
        """Return whether `sync` has more blocks to append."""
        return self.window.bottom < self.transcript.end and self._has_room(following=following)

    def load_from(self, number: int) -> None:
        """Replace all blocks by a batch that begins with block `number`."""
        with self._editable():
            self.text.delete("1.0", "end-1c")
            self.window.clear(number)
            self._append_batch()
            self._forget_pending()

    def fetch_around(self, top: int, bottom: int) -> None:
        """Prefetch blocks near the visible ones, `top` to `bottom`, and drop blocks far from them."""
        window, transcript = self.window, self.transcript
        above = top - window.top < PREFETCH_BLOCKS and window.top > transcript.first
        below = window.bottom - bottom < PREFETCH_BLOCKS and window.bottom < transcript.end
        if not (above or below):
            return  # changing the widget's state makes it report a scroll, so this would never end
        with self._editable():
            if above:
                self._fetch_above(bottom)
            else:
                self._fetch_below(top)

    def rearrange(self) -> None:
        """After the widget's size or fonts have changed, break the lines again that are broken here."""
        state, images_state = self._metrics.state(), self._images.state
        if state == self._arranged_for and images_state == self._drawn_for:
            return
        others = self._numbers_with_quotes()
        if images_state != self._drawn_for:
            others |= self._numbers_with_emoji()
        self._arranged_for, self._drawn_for = state, images_state
        self._rows.relayout()
        if self._arrangements or others or self.pending:
            with self._editable():
                self._preserve_scroll(lambda: self._rearrange(others))

    def recolor(self) -> None:
        """Draw in the present palette what has no tag that does it."""
        self._rows.recolor()

    def arrangement(self, number: int) -> Arrangement:
        """Return how a settled block in the widget is drawn."""
        if number in self._arrangements:
            return self._arrangements[number]
        runs = self._runs(self.transcript.as_shown(self.transcript.block(number)))
        return arrange(runs, self._metrics, self._images.drawn, reorder=False)

    def arranged_at(self, line: int) -> tuple[Arrangement, int] | None:
        """Return the arrangement of the block with this line, and its first line.

        None if the block is drawn as it was sent.
        """
        if line <= self.window.total_lines:
            number = self.window.block_at(line)
            found = self._arrangements.get(number)
            if found is None and number >= self.transcript.first:
                found = self._replaced(self.transcript.as_shown(self.transcript.block(number)))
            return (found, self.window.start_line(number)) if found else None
        start = self.window.total_lines + 1
        pending = zip(self.pending, self.pending_lines, self._pending_arrangements, strict=False)
        for block, lines, arrangement in pending:
            if line < start + lines:
                found = arrangement or self._replaced(block)
                return (found, start) if found else None
            start += lines
        return None

    def _replaced(self, block: Block) -> Arrangement | None:
        """Return the arrangement of a block with marks or emoji; it is made only when it is asked for."""
        runs = self._runs(block)
        if not self._images.is_replaced(runs):
            return None
        return arrange(runs, self._metrics, self._images.drawn, reorder=False)

    def _renumber(self, shift: int) -> None:
        """An island that is in the widget has met the newest part."""
        self.window.top += shift
        self._arrangements = {number + shift: found for number, found in self._arrangements.items()}

    @contextmanager
    def _editable(self) -> Iterator[None]:
        self.version += 1
        self.text.configure(state="normal")
        try:
            yield
        finally:
            self.text.configure(state="disabled")

    # The methods below need an editable widget.

    def _has_room(self, *, following: bool) -> bool:
        return following or len(self.window) < MAX_BLOCKS_READING

    def _drop_trimmed(self) -> None:
        trimmed = min(self.transcript.first - self.window.top, len(self.window))
        if trimmed > 0:
            self._drop_top(trimmed)
        dropped = min(self.window.bottom - self.transcript.end, len(self.window))
        if dropped > 0:
            self._drop_bottom(dropped)
        if not len(self.window):
            self.window.clear(min(max(self.window.top, self.transcript.first), self.transcript.end))

    def _redraw(self, changed: set[int]) -> None:
        for number in sorted(changed):
            if number in self.window:
                line = self.window.start_line(number)
                self.text.delete(f"{line}.0", f"{line + self.window.line_count(number)}.0")
                block = self.transcript.block(number)
                self.window.resize(number, *self._insert_settled(f"{line}.0", number, [block]))

    def _redraw_seam(self, changed: set[int]) -> None:
        """Redraw blocks; to stay in place, what is below one that became shorter needs something above it."""
        if self.window.top > self.transcript.first:
            self._prepend_batch()
        self._redraw(changed)

    def _rearrange(self, others: set[int]) -> None:
        self.text.delete(_PENDING, "end-1c")
        self._redraw(others.union(number for number in self._arrangements if number in self.window))
        self.text.mark_set(_PENDING, "end-1c")
        self._insert_pending()

    def _append_new(self, pending: list[Block], *, following: bool) -> None:
        """Append a batch of new blocks, then the pending ones."""
        transcript, window = self.transcript, self.window
        self.pending, self.pending_lines = pending, []
        if following and transcript.end - window.bottom > MAX_BLOCKS_FOLLOWING:
            self.text.delete("1.0", "end-1c")
            window.clear(max(transcript.end - BATCH_BLOCKS, transcript.first))
        if self._has_room(following=following):
            self._append_batch()
        if following and len(window) > MAX_BLOCKS_FOLLOWING + BATCH_BLOCKS:
            self._drop_top(len(window) - MAX_BLOCKS_FOLLOWING)
        self.text.mark_set(_PENDING, "end-1c")
        self._insert_pending()

    def _insert_pending(self) -> None:
        self.pending_lines, self._pending_arrangements = [], []
        if self.window.bottom == self.transcript.end and self.pending:
            self.pending_lines, self._pending_arrangements = self._insert("end-1c", self.pending)

    def _append_batch(self, most: int = BATCH_BLOCKS) -> None:
        new = self.transcript.blocks(self.window.bottom, self.window.bottom + most)
        new = new[: batch_size([*map(_weight, new)])]
        self.window.append(self._insert_settled("end-1c", self.window.bottom, new))

    def _prepend_batch(self) -> None:
        start = max(self.window.top - FETCH_BLOCKS, self.transcript.first)
        new = self.transcript.blocks(start, self.window.top)
        new = new[len(new) - batch_size([*map(_weight, reversed(new))]) :]
        self.window.prepend(self._insert_settled("1.0", self.window.top - len(new), new))

    def _fetch_above(self, bottom: int) -> None:
        self._preserve_scroll(self._prepend_batch)
        excess = len(self.window) - MAX_BLOCKS_READING
        if excess > 0:
            self._drop_bottom(min(excess, max(self.window.bottom - bottom - PREFETCH_BLOCKS, 0)))

    def _fetch_below(self, top: int) -> None:
        self._append_batch(FETCH_BLOCKS)
        self.text.mark_set(_PENDING, "end-1c")
        excess = min(len(self.window) - MAX_BLOCKS_READING, top - self.window.top - PREFETCH_BLOCKS)
        if excess > 0:
            self._preserve_scroll(lambda: self._drop_top(excess))

    def _drop_top(self, count: int) -> None:
        self.text.delete("1.0", f"{self.window.drop_top(count) + 1}.0")

    def _drop_bottom(self, count: int) -> None:
        self.window.drop_bottom(count)
        self.text.delete(f"{self.window.total_lines + 1}.0", "end-1c")
        self._forget_pending()

    def _forget_pending(self) -> None:
        self.text.mark_set(_PENDING, "end-1c")
        self.pending, self.pending_lines, self._pending_arrangements = [], [], []

    def _insert_settled(self, index: str, first: int, blocks: Sequence[Block]) -> list[int]:
        """Insert blocks with the numbers from `first` on; returns their line counts."""
        counts, arrangements = self._insert(index, blocks)
        for number in [*self._arrangements]:
            if number not in self.window or first <= number < first + len(blocks):
                del self._arrangements[number]
        for number, arrangement in enumerate(arrangements, first):
            if arrangement is not None:
                self._arrangements[number] = arrangement
        return counts

    def _insert(self, index: str, blocks: Sequence[Block]) -> tuple[list[int], list[Arrangement | None]]:
        """Insert blocks by a single Tk call, ten times as fast as one for each; returns their line counts."""
        blocks = [self.transcript.as_shown(block) for block in blocks]
        runs_by_block = [self._runs(block) for block in blocks]
        arrangements = [self._arranged(runs) for runs in runs_by_block]
        pairs = [*zip(runs_by_block, arrangements, strict=True)]
        drawn = [found.runs if found else self._images.drawn_runs(runs) for runs, found in pairs]
        counts = [count_lines(runs) for runs in drawn]
        flat = [part for runs in drawn for run in runs for part in doubled(run)]
        if flat:
            first_line = int(self.text.index(index).split(".")[0])
            self.text.tk.call(str(self.text), "insert", index, *flat)
            self._insert_pictures(pairs, counts, first_line)
            self._rows.insert(blocks, drawn, counts, first_line)
        return counts, arrangements

    def _runs(self, block: Block) -> list[TextRun]:
        runs = self._run_builder.build(block)
        return runs if block.reply is None else fit_quote(runs, self._metrics)

    def _insert_pictures(
        self, pairs: list[tuple[list[TextRun], Arrangement | None]], counts: list[int], line: int
    ) -> None:
        for (runs, arrangement), count in zip(pairs, counts, strict=True):
            self._images.insert(line, self._images.places(runs, arrangement))
            line += count

    def _numbers_with_quotes(self) -> set[int]:
        blocks = self.transcript.blocks(self.window.top, self.window.bottom)
        return {number for number, block in enumerate(blocks, self.window.top) if block.reply is not None}

    def _numbers_with_emoji(self) -> set[int]:
        blocks = self.transcript.blocks(self.window.top, self.window.bottom)
        return {
            number
            for number, block in enumerate(blocks, self.window.top)
            if not (block.text.isascii() and block.name.isascii())
        }

    def _arranged(self, runs: Sequence[TextRun]) -> Arrangement | None:
        if self.reorders and any(has_rtl(text) for text, _ in runs):
            return arrange(runs, self._metrics, self._images.drawn)
        return None

    def _preserve_scroll(self, change: Callable[[], None], changed: Collection[int] = ()) -> None:
        """Change blocks without moving the visible text, except that of the blocks that are `changed`."""
        text = self.text
        text.mark_set(_SCROLL_ANCHOR, self._anchor(changed))
        before = text.dlineinfo(_SCROLL_ANCHOR)
        change()
        text.yview(_SCROLL_ANCHOR)
        after = text.dlineinfo(_SCROLL_ANCHOR)
        if before and after:
            text.yview_scroll(after[1] - before[1], "pixels")

    def _anchor(self, changed: Collection[int]) -> str:
        """Return the first visible line that stays as it is."""
        number = first = self.window.block_at(int(self.text.index("@0,0").split(".")[0]))
        while number in changed and number < self.window.bottom:
            number += 1
        index = f"{self.window.start_line(number)}.0"
        return index if number > first and self.text.dlineinfo(index) else "@0,0"


def _weight(block: Block) -> int:
    """Return how long it takes to draw a block, in characters: each picture takes as long as many."""
    return block.weight + _PICTURE_WEIGHT * sum(1 for _ in emoji_places(block.visible_text))
