"""Puts what is not text into the lines of blocks: rows of reactions, and the cards of files."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from messango.gui.conversation.files.file_rows import FileRows
from messango.gui.conversation.transcript.reaction_rows import ReactionRows
from messango.gui.conversation.transcript.text_metrics import TextMetrics
from messango.gui.model.text.run_tags import FILE_CARD, REACTIONS, TextRun
from messango.gui.model.text.text_runs import count_lines
from messango.gui.model.transcript.blocks import NO_EXTRAS, Block


class EmbeddedRows:
    """Inserts into lines that are in the widget already; most blocks have nothing for it."""

    def __init__(self, text: tk.Text, metrics: TextMetrics, reactions: ReactionRows, files: FileRows) -> None:
        self._text, self._metrics = text, metrics
        self.reactions, self.files = reactions, files

    def insert(
        self, blocks: Sequence[Block], drawn: Sequence[Sequence[TextRun]], counts: Sequence[int], line: int
    ) -> None:
        """Insert what blocks have, as they were `drawn` in so many lines; the first begins in this line."""
        if all(block.extras is NO_EXTRAS for block in blocks):
            return
        for block, runs, count in zip(blocks, drawn, counts, strict=True):
            if block.extras.card is not None:
                self._insert_card(block, runs, line)
            line += count
            if block.reactions:
                self._insert_reactions(block, f"{line - 1}.0")

    def relayout(self) -> None:
        """Draw them for lines of another width, or in another size."""
        self.reactions.relayout(self._width(REACTIONS))
        self.files.relayout(self._width(FILE_CARD))

    def recolor(self) -> None:
        """Draw them in the present palette."""
        self.reactions.recolor(self._background, self._width(REACTIONS))
        self.files.recolor(self._background, self._width(FILE_CARD))

    def _insert_card(self, block: Block, runs: Sequence[TextRun], line: int) -> None:
        """Put the card between the two characters that were drawn for it: so it has their tags."""
        place = next((number for number, (_, tags) in enumerate(runs) if FILE_CARD in tags), None)
        card = block.extras.card
        if place is None or card is None:
            return
        row = line + count_lines([*runs[:place]])
        background, width = self._background(f"{row}.0"), self._width(FILE_CARD)
        self.files.insert(f"{row}.1", card, block.extras.file, background, width)
        self._text.delete(f"{row}.2")
        self._text.delete(f"{row}.0")

    def _insert_reactions(self, block: Block, index: str) -> None:
        tags = self._text.tag_names(index)
        width = self._width(REACTIONS)
        self.reactions.insert(index, block.reactions, self._background(index), width)
        for tag in tags:
            self._text.tag_add(tag, index)

    def _width(self, tag: str) -> int:
        return self._metrics.line_width(("other", tag))

    def _background(self, index: str) -> str:
        """Return the colour of a line: that of the last of its tags that has one."""
        tags = reversed(self._text.tag_names(index))
        return next((color for tag in tags if (color := str(self._text.tag_cget(tag, "background")))), "")
