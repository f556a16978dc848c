"""Draws an emoji on a canvas: a picture where there is one, else a plain sign."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.text.emoji_signs import plain_sign

#: Emoji of at most this size, in pixels at 96 dpi, are in the size of a text.
_SMALL: Final = 21


def draw_emoji(
    canvas: tk.Canvas, look: Look, sanitizer: TextSanitizer, sign: str, place: tuple[int, int], size: int
) -> None:
    """Draw an emoji with its centre in a place; a flag without a picture is its letters in a box."""
    x, y = place
    if look.emoji.available:
        canvas.create_image(x, y, image=look.emoji.image(sign, size))
        return
    plain = plain_sign(sign)
    palette = look.palette
    if not plain.is_boxed:
        font = theme.LARGE_EMOJI if size > look.scaled_with_text(_SMALL) else theme.EMOJI
        canvas.create_text(x, y, text=sanitizer.line(plain.text), font=font, fill=palette.text)
        return
    text = canvas.create_text(x, y, text=sanitizer.line(plain.text), font=theme.SMALL, fill=palette.muted)
    left, top, right, bottom = canvas.bbox(text)
    margin = look.scaled(2)
    canvas.create_rectangle(left - margin, top, right + margin, bottom, outline=palette.muted)
