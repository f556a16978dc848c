"""Puts the pictures of emoji into a transcript's text widget, in the place of the emoji of its runs."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from messango.gui.look.look import Look
from messango.gui.model.text.bidi import OBJECT
from messango.gui.model.text.line_arrangement import Arrangement
from messango.gui.model.text.message_runs import drawn_text
from messango.gui.model.text.run_tags import EMOJI, FILE_CARD, REPLACED, TextRun
from messango.gui.model.text.sanitizer import TextSanitizer

#: Pixels left and right of a picture.
_PAD: Final = 1


class Place(NamedTuple):
    """Where an emoji is in the lines of a block: they count from 0, columns as in the widget."""

    line: int
    column: int
    emoji: str


class EmojiImages:
    """Draws the runs of blocks: without marks, and with pictures where there are any."""

    def __init__(self, text: tk.Text, look: Look, sanitizer: TextSanitizer) -> None:
        self._text, self._look, self._sanitizer = text, look, sanitizer
        self._wide_columns = int(text.tk.call("string", "length", "\U0001f96d"))

    @property
    def state(self) -> tuple[bool, int]:
        """What drawn emoji depend on: whether there are pictures, and their size."""
        return self._look.emoji.available, self._look.emoji_size

    def width(self) -> int:
        """The width of a picture, in pixels."""
        return self._look.emoji_size + 2 * _PAD

    def drawn(self, run: TextRun) -> str | None:
        """Return what is drawn for a run that is not drawn as it was sent, else None."""
        if REPLACED.isdisjoint(run[1]):  # most runs: nothing of the look is asked for
            return None
        return drawn_text(run, self._sanitizer, pictures=self._look.emoji.available)

    def is_replaced(self, runs: Sequence[TextRun]) -> bool:
        """Return whether a block is drawn otherwise than it was sent."""
        return any(not REPLACED.isdisjoint(tags) for _, tags in runs)

    def drawn_runs(self, runs: Sequence[TextRun]) -> list[TextRun]:
        """Return runs as they are drawn."""
        drawn = [(self.drawn(run), run) for run in runs]
        return [run if text is None else (text, run[1]) for text, run in drawn if text != ""]

    def places(self, runs: Sequence[TextRun], arrangement: Arrangement | None) -> list[Place]:
        """Return where the pictures of a block are; `arrangement` is how it is drawn, if its lines are."""
        if not any(EMOJI in tags for _, tags in runs) or not self._look.emoji.available:
            return []
        if arrangement is not None:
            return [Place(*found) for found in arrangement.pictures()]
        return [*self._simple_places(runs)]

    def _simple_places(self, runs: Sequence[TextRun]) -> Iterator[Place]:
        line = column = 0
        for text, tags in runs:
            drawn = self.drawn((text, tags))
            if drawn == OBJECT and EMOJI in tags:
                yield Place(line, column, text)
            shown = text if drawn is None else drawn
            if "\n" in shown:
                line, column = line + shown.count("\n"), 0
                shown = shown[shown.rfind("\n") + 1 :]
            column += len(shown) + (self._wide_columns - 1) * sum(character > "\uffff" for character in shown)

    def insert(self, first_line: int, places: Iterable[Place]) -> None:
        """Put pictures into text that was inserted by `doubled` runs and begins in this line."""
        call, path = self._text.tk.call, str(self._text)
        earlier: dict[int, int] = {}
        shifted = []
        for line, column, emoji in places:
            before = earlier.get(line, 0)
            earlier[line] = before + 1
            shifted.append((line, column + before, emoji))
        size = self._look.emoji_size
        for line, column, emoji in reversed(shifted):
            row = first_line + line
            image = self._look.emoji.image(emoji, size)
            # Between two characters it has their tags; at the edge of a range it would have none.
            call(path, "image", "create", f"{row}.{column + 1}", "-image", image, "-padx", _PAD)
            call(path, "delete", f"{row}.{column + 2}")
            call(path, "delete", f"{row}.{column}")


def doubled(run: TextRun) -> TextRun:
    """Return a drawn run with two characters for a picture or a card, between which it is put."""
    text, tags = run
    return (OBJECT * 2, tags) if text == OBJECT and (EMOJI in tags or FILE_CARD in tags) else run
