"""The rows of reactions under messages: small round chips with an emoji and a count."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from messango.gui.conversation.emoji.drawing import draw_emoji
from messango.gui.conversation.transcript.embedded import leave_to_text
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.transcript.reaction_texts import count_text
from messango.protocol.frames import Reaction
from messango.protocol.text.emoji_signs import plain_sign

#: The tag of all rows' bindings: with bindings of its own, each row would cost several Tcl commands.
_BINDINGS: Final = "MessangoReactions"


@dataclass(frozen=True, slots=True)
class Chip:
    """A drawn reaction and where it is in its row, in pixels."""

    reaction: Reaction
    x: int
    y: int
    width: int


@dataclass(slots=True)
class _Row:
    canvas: tk.Canvas
    reactions: Sequence[Reaction]
    background: str
    chips: list[Chip]


class ReactionRows:
    """Makes a canvas for each message with reactions that is in the text; Tk destroys it with its line.

    `on_press` gets the index of the row in the text and the reaction that was clicked; `on_hover` the canvas
    and the chip under the pointer, or None when it leaves.
    """

    def __init__(self, text: tk.Text, look: Look, sanitizer: TextSanitizer) -> None:
        self._text, self._look, self._sanitizer = text, look, sanitizer
        self.on_press: Callable[[str, Reaction], None] = lambda _index, _reaction: None
        self.on_hover: Callable[[tk.Canvas, Chip | None], None] = lambda _canvas, _chip: None
        self._rows: dict[str, _Row] = {}
        self._hovered: Chip | None = None
        self._widths: dict[tuple[str, str], int] = {}
        self._bind()

    def __len__(self) -> int:
        """Return the number of rows in the text."""
        return len(self._rows)

    def insert(self, index: str, reactions: Sequence[Reaction], background: str, width: int) -> None:
        """Insert a row at an index of the text, with lines of this width."""
        canvas = tk.Canvas(
            self._text, highlightthickness=0, borderwidth=0, background=background, takefocus=False
        )
        canvas.bindtags((_BINDINGS,))
        row = self._rows[str(canvas)] = _Row(canvas, reactions, background, [])
        self._draw(row, width)
        self._text.window_create(index, window=canvas, align="center")

    def relayout(self, width: int) -> None:
        """Break the rows for lines of another width, or draw them in another size."""
        self._widths.clear()
        for row in self._rows.values():
            self._draw(row, width)

    def recolor(self, background: Callable[[str], str], width: int) -> None:
        """Draw all rows in the present palette; `background` returns the colour at an index of the text."""
        for row in self._rows.values():
            row.background = background(self._text.index(str(row.canvas)))
            row.canvas.configure(background=row.background)
        self.relayout(width)

    def row_at(self, index: str) -> list[Chip]:
        """Return the chips of the row at an index of the text."""
        path = str(self._text.window_cget(index, "window"))
        return self._rows[path].chips

    def _draw(self, row: _Row, width: int) -> None:
        canvas = row.canvas
        canvas.delete("all")
        row.chips = [*self._laid_out(row.reactions, width)]
        for chip in row.chips:
            self._draw_chip(canvas, chip)
        right = max((chip.x + chip.width for chip in row.chips), default=1)
        bottom = max((chip.y for chip in row.chips), default=0) + self._chip_height
        canvas.configure(width=right, height=bottom)

    def _laid_out(self, reactions: Sequence[Reaction], width: int) -> list[Chip]:
        px = self._look.scaled
        gap = px(theme.TINY)
        chips: list[Chip] = []
        x = y = 0
        for reaction in reactions:
            chip_width = self._chip_width(reaction)
            if x and x + chip_width > width:
                x, y = 0, y + self._chip_height + gap
            chips.append(Chip(reaction, x, y, chip_width))
            x += chip_width + gap
        return chips

    def _draw_chip(self, canvas: tk.Canvas, chip: Chip) -> None:
        palette, pictures, reaction = self._look.palette, self._look.pictures, chip.reaction
        height, inset = self._chip_height, self._look.scaled(theme.CHIP_INSET)
        image = pictures.chip((chip.width, height), palette, own=reaction.mine)
        canvas.create_image(chip.x, chip.y, image=image, anchor="nw")
        middle = chip.y + height // 2
        place = chip.x + inset + self._emoji_width(reaction) // 2, middle
        draw_emoji(canvas, self._look, self._sanitizer, reaction.emoji, place, self._look.emoji_size)
        canvas.create_text(
            chip.x + chip.width - inset,
            middle,
            text=count_text(reaction),
            font=_count_font(reaction),
            fill=palette.text if reaction.mine else palette.muted,
            anchor="e",
        )

    def _chip_width(self, reaction: Reaction) -> int:
        px = self._look.scaled
        count = self._measure(_count_font(reaction), count_text(reaction))
        return self._emoji_width(reaction) + px(theme.TINY) + count + 2 * px(theme.CHIP_INSET)

    def _emoji_width(self, reaction: Reaction) -> int:
        if self._look.emoji.available:
            return self._look.emoji_size
        sign = plain_sign(reaction.emoji)
        text = self._sanitizer.line(sign.text)
        if sign.is_boxed:
            return self._measure(theme.SMALL, text) + self._look.scaled(theme.TINY)
        return self._measure(theme.EMOJI, text)

    @property
    def _chip_height(self) -> int:
        return self._look.line_height(theme.BODY) + self._look.scaled(theme.TINY)

    def _measure(self, font: str, text: str) -> int:
        key = font, text
        if key not in self._widths:
            self._widths[key] = int(self._text.tk.call("font", "measure", font, text))
        return self._widths[key]

    def _bind(self) -> None:
        text = self._text
        text.bind_class(_BINDINGS, "<ButtonRelease-1>", self._on_press)
        text.bind_class(_BINDINGS, "<Motion>", self._on_motion)
        text.bind_class(_BINDINGS, "<Leave>", self._on_leave)
        text.bind_class(_BINDINGS, "<Destroy>", self._on_destroy)
        leave_to_text(text, _BINDINGS)

    def _chip_under(self, event: tk.Event[tk.Misc]) -> Chip | None:
        row, height = self._rows.get(str(event.widget)), self._chip_height
        if row is None:
            return None
        inside = (
            chip
            for chip in row.chips
            if chip.x <= event.x < chip.x + chip.width and chip.y <= event.y < chip.y + height
        )
        return next(inside, None)

    def _on_press(self, event: tk.Event[tk.Misc]) -> None:
        row, chip = self._rows.get(str(event.widget)), self._chip_under(event)
        if row is not None and chip is not None:
            self._hover(row.canvas, None)
            self.on_press(self._text.index(str(row.canvas)), chip.reaction)

    def _on_motion(self, event: tk.Event[tk.Misc]) -> None:
        row, chip = self._rows.get(str(event.widget)), self._chip_under(event)
        if row is not None and chip != self._hovered:
            row.canvas.configure(cursor="hand2" if chip else "")
            self._hover(row.canvas, chip)

    def _on_leave(self, event: tk.Event[tk.Misc]) -> None:
        row = self._rows.get(str(event.widget))
        if row is not None:
            self._hover(row.canvas, None)

    def _hover(self, canvas: tk.Canvas, chip: Chip | None) -> None:
        self._hovered = chip
        self.on_hover(canvas, chip)

    def _on_destroy(self, event: tk.Event[tk.Misc]) -> None:
        row = self._rows.pop(str(event.widget), None)
        if row is not None:
            row.canvas.destroy()  # tkinter keeps a reference until then


def _count_font(reaction: Reaction) -> str:
    """An own reaction is told by the weight of its count, too, not only by its colour."""
    return theme.SMALL_STRONG if reaction.mine else theme.SMALL
