"""Draws the card of a file, or a picture in its frame, on a canvas in the transcript."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.card_pictures import CardPictures
from messango.gui.look.look import Look
from messango.gui.model.files.file_card import (
    CardStatus,
    FileCard,
    Progress,
    fraction,
    picture_size,
    state_text,
)
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.files.middle_ellipsis import shortened_name

#: Canvas tags of what changes in place.
_STATE: Final = "state"
_BAR: Final = "bar"
_MARK: Final = "mark"
PICTURE: Final = "picture"


class CardDrawing:
    """Draws cards in lines of a given width; all sizes are in pixels of this screen."""

    def __init__(self, look: Look, sanitizer: TextSanitizer) -> None:
        self._look, self._sanitizer = look, sanitizer
        self._parts = CardPictures(look.pictures)

    def picture_box(self, card: FileCard, width: int) -> tuple[int, int]:
        """Return how large a picture is shown in a line."""
        most = [self._look.scaled_with_text(side) for side in theme.PICTURE_SIZE]
        return picture_size(card.width, card.height, (max(min(most[0], width), 1), most[1]))

    def size(self, card: FileCard, width: int) -> tuple[int, int]:
        """Return the size of a card in a line; it depends on nothing that changes later."""
        if card.is_picture:
            least = self._look.scaled(theme.MIN_PICTURE)
            shown = self.picture_box(card, width)
            return max(shown[0], least), max(shown[1], least)
        return max(min(self._look.scaled_with_text(theme.CARD_WIDTH), width), 1), self._height

    def clear(self, canvas: tk.Canvas, card: FileCard, width: int) -> None:
        """Draw nothing of a card but its size."""
        canvas.delete("all")
        size = self.size(card, width)
        canvas.configure(width=size[0], height=size[1])

    def draw(self, canvas: tk.Canvas, card: FileCard, progress: Progress, width: int) -> None:
        """Draw a card of a file."""
        size = self.size(card, width)
        self.clear(canvas, card, width)
        self._draw_box(canvas, size)
        self._draw_icon(canvas, card, (self._pad + self._tile // 2, size[1] // 2))
        left, top = self._text_left, (size[1] - self._lines) // 2
        name = shortened_name(
            card.name, lambda text: self._width(text, theme.STRONG) <= size[0] - left - self._pad
        )
        canvas.create_text(
            left,
            top,
            text=self._sanitizer.name(name),
            font=theme.STRONG,
            fill=self._look.palette.text,
            anchor="nw",
        )
        is_bad = card.status is CardStatus.FAILED
        color = self._look.palette.danger if is_bad else self._look.palette.muted
        top += self._look.line_height(theme.STRONG)
        canvas.create_text(left, top, font=theme.SMALL, fill=color, anchor="nw", tags=_STATE)
        self.update(canvas, card, progress, width)

    def draw_picture(
        self, canvas: tk.Canvas, card: FileCard, progress: Progress, width: int, image: str, note: str
    ) -> None:
        """Draw a picture, or without an `image` the frame for it, with a `note`."""
        size = self.size(card, width)
        self.clear(canvas, card, width)
        middle = size[0] // 2, size[1] // 2
        if not image or not _fills(canvas, image, size):
            self._draw_box(canvas, size)
        if image:
            canvas.create_image(*middle, image=image, tags=PICTURE)
        else:
            self._draw_note(canvas, card, size, note)
        edge = self._look.scaled(2)
        canvas.create_rectangle(
            edge // 2, edge // 2, size[0] - edge, size[1] - edge, width=edge, tags=_MARK, state="hidden"
        )
        background = str(canvas.cget("background"))
        for right in (False, True):
            for bottom in (False, True):
                corner = self._parts.corner(background, right=right, bottom=bottom)
                x, y = size[0] * right, size[1] * bottom
                anchor = f"{'s' if bottom else 'n'}{'e' if right else 'w'}"
                canvas.create_image(x, y, image=corner, anchor=anchor)
        self._draw_bar(canvas, card, progress, size)

    def update(self, canvas: tk.Canvas, card: FileCard, progress: Progress, width: int) -> None:
        """Show how far a file is; nothing moves."""
        size = self.size(card, width)
        if not card.is_picture:
            text = self._sanitizer.label(state_text(card, progress))
            room = size[0] - self._text_left - self._pad
            canvas.itemconfigure(_STATE, text=self._look.ellipsized(text, theme.SMALL, room))
        self._draw_bar(canvas, card, progress, size)

    def mark(self, canvas: tk.Canvas, card: FileCard, width: int, color: str) -> None:
        """Show a border in a colour around a card, for the keyboard or a search; or none."""
        if card.is_picture:
            canvas.itemconfigure(_MARK, outline=color, state="normal" if color else "hidden")
        else:
            palette = self._look.palette
            box = self._parts.box(self.size(card, width), palette, color or palette.border)
            canvas.itemconfigure(_MARK, image=box)

    def _draw_box(self, canvas: tk.Canvas, size: tuple[int, int]) -> None:
        palette = self._look.palette
        box = self._parts.box(size, palette, palette.border)
        canvas.create_image(0, 0, image=box, anchor="nw", tags=_MARK)

    def _draw_icon(self, canvas: tk.Canvas, card: FileCard, middle: tuple[int, int]) -> None:
        palette = self._look.palette
        canvas.create_image(*middle, image=self._parts.tile(palette))
        canvas.create_image(*middle, image=self._parts.icon(card.kind.value, palette))

    def _draw_note(self, canvas: tk.Canvas, card: FileCard, size: tuple[int, int], note: str) -> None:
        """Draw the icon in the middle, and below it the note, if there is space for it."""
        line, gap = self._look.line_height(theme.SMALL), self._look.scaled(theme.SMALL_GAP)
        shown = self._look.ellipsized(self._sanitizer.label(note), theme.SMALL, size[0] - 2 * gap)
        has_room = size[1] > self._tile + line + 3 * gap and size[0] > 2 * self._tile and shown
        y = size[1] // 2 - (line + gap) // 2 if has_room else size[1] // 2
        if min(size) > self._tile:
            self._draw_icon(canvas, card, (size[0] // 2, y))
        if has_room:
            canvas.create_text(
                size[0] // 2,
                y + self._tile // 2 + gap,
                text=shown,
                font=theme.SMALL,
                fill=self._look.palette.muted,
                anchor="n",
            )

    def _draw_bar(self, canvas: tk.Canvas, card: FileCard, progress: Progress, size: tuple[int, int]) -> None:
        canvas.delete(_BAR)
        if not card.is_moving:
            return
        height, palette = self._look.scaled(theme.TINY), self._look.palette
        left = self._pad if card.is_picture else self._text_left
        right, y = size[0] - self._pad, size[1] - self._pad // 2
        done = left + round((right - left) * fraction(card, progress))
        for end, color in ((right, palette.border), (done, palette.primary)):
            if end > left:
                canvas.create_rectangle(left, y - height, end, y, fill=color, width=0, tags=_BAR)

    def _width(self, text: str, font: str) -> int:
        return self._look.text_width(self._sanitizer.name(text), font)

    @property
    def _pad(self) -> int:
        return self._look.scaled(theme.INSET)

    @property
    def _tile(self) -> int:
        return self._look.scaled_with_text(theme.FILE_TILE)

    @property
    def _text_left(self) -> int:
        return self._tile + 2 * self._pad

    @property
    def _height(self) -> int:
        return max(self._tile, self._lines + self._look.scaled(theme.TINY)) + 2 * self._pad

    @property
    def _lines(self) -> int:
        return self._look.line_height(theme.STRONG) + self._look.line_height(theme.SMALL)


def _fills(canvas: tk.Canvas, image: str, size: tuple[int, int]) -> bool:
    """Return whether an image fills a frame: small ones do not, nor some that were shrunk without Pillow, or
    that have other proportions than the room said. A rounded pixel is not seen.
    """
    shown = (int(canvas.tk.call("image", side, image)) for side in ("width", "height"))
    return all(side >= whole - 1 for side, whole in zip(shown, size, strict=True))
