"""Keeps a bounded range of a transcript's blocks in a text widget."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from messango.gui.model.block_range import (
    BATCH_BLOCKS,
    MAX_BLOCKS_FOLLOWING,
    MAX_BLOCKS_READING,
    PREFETCH_BLOCKS,
    BlockRange,
    batch_size,
)
from messango.gui.model.blocks import Block
from messango.gui.model.text_runs import TextRunBuilder, count_lines
from messango.gui.model.transcript import Transcript

#: The mark where the pending blocks begin; everything above it is settled.
_PENDING: Final = "pending"
_SCROLL_ANCHOR: Final = "scroll-anchor"


class BlockText:
    """Inserts and deletes blocks, so that `text` holds those of `window` and the pending ones below."""

    def __init__(self, text: tk.Text, transcript: Transcript, run_builder: TextRunBuilder) -> None:
        self.text, self.transcript = text, transcript
        self.window = BlockRange()
        self.pending: list[Block] = []
        self.pending_lines: list[int] = []
        self._run_builder = run_builder
        text.mark_set(_PENDING, "end-1c")
        text.mark_gravity(_PENDING, "left")

    def sync(self, *, following: bool) -> bool:
        """Apply what has changed in the transcript; returns whether anything had.

        A view that follows the end gets the newest blocks; another one gets more only up to a limit.
        """
        changed, pending = self.transcript.pop_changed(), self.transcript.pending()
        if self.window.bottom == self.transcript.end and not changed and pending == self.pending:
            return False
        with self._editable():
            # Pending blocks go first: a block that changes just above would be inserted below the mark.
            self.text.delete(_PENDING, "end-1c")
            self._drop_trimmed()
            self._redraw(changed)
            self._append_new(pending, following=following)
        return True

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

    @contextmanager
    def _editable(self) -> Iterator[None]:
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
        if not len(self.window):
            self.window.clear(max(self.window.top, self.transcript.first))

    def _redraw(self, changed: set[int]) -> None:
        for number in sorted(changed):
            if number in self.window:
                line = self.window.start_line(number)
                self.text.delete(f"{line}.0", f"{line + self.window.line_count(number)}.0")
                self.window.resize(number, *self._insert(f"{line}.0", [self.transcript.block(number)]))

    def _append_new(self, pending: list[Block], *, following: bool) -> None:
        """Append a batch of new blocks, then the pending ones."""
        transcript, window = self.transcript, self.window
        self.pending, self.pending_lines = pending, []
        if following and transcript.end - window.bottom > MAX_BLOCKS_FOLLOWING:
            self.text.delete("1.0", "end-1c")
            window.clear(transcript.end - BATCH_BLOCKS)
        if self._has_room(following=following):
            self._append_batch()
        if following and len(window) > MAX_BLOCKS_FOLLOWING + BATCH_BLOCKS:
            self._drop_top(len(window) - MAX_BLOCKS_FOLLOWING)
        self.text.mark_set(_PENDING, "end-1c")
        if window.bottom == transcript.end:
            self.pending_lines = self._insert("end-1c", pending)

    def _append_batch(self) -> None:
        new = self.transcript.blocks(self.window.bottom, self.window.bottom + BATCH_BLOCKS)
        new = new[: batch_size([len(block.visible_text) for block in new])]
        self.window.append(self._insert("end-1c", new))

    def _prepend_batch(self) -> None:
        start = max(self.window.top - BATCH_BLOCKS, self.transcript.first)
        new = self.transcript.blocks(start, self.window.top)
        new = new[len(new) - batch_size([len(block.visible_text) for block in reversed(new)]) :]
        self.window.prepend(self._insert("1.0", new))

    def _fetch_above(self, bottom: int) -> None:
        self._preserve_scroll(self._prepend_batch)
        excess = len(self.window) - MAX_BLOCKS_READING
        if excess > 0:
            self._drop_bottom(min(excess, max(self.window.bottom - bottom - PREFETCH_BLOCKS, 0)))

    def _fetch_below(self, top: int) -> None:
        self._append_batch()
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
        self.pending, self.pending_lines = [], []

    def _insert(self, index: str, blocks: Sequence[Block]) -> list[int]:
        """Insert blocks by a single Tk call, ten times as fast as one for each; returns their line counts."""
        runs_by_block = [self._run_builder.build(block) for block in blocks]
        flat = [part for runs in runs_by_block for run in runs for part in run]
        if flat:
            self.text.tk.call(str(self.text), "insert", index, *flat)
        return [count_lines(runs) for runs in runs_by_block]

    def _preserve_scroll(self, change: Callable[[], None]) -> None:
        """Change blocks above without moving the visible text."""
        text = self.text
        text.mark_set(_SCROLL_ANCHOR, "@0,0")
        before = text.dlineinfo(_SCROLL_ANCHOR)
        change()
        text.yview(_SCROLL_ANCHOR)
        after = text.dlineinfo(_SCROLL_ANCHOR)
        if before and after:
            text.yview_scroll(after[1] - before[1], "pixels")
