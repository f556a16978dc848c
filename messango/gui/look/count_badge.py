"""Messango's icon with a number on it: the count of unseen messages."""

from __future__ import annotations

from typing import Final

from messango.gui.look import painter, theme
from messango.gui.look.painter import Layer

#: Each digit as five rows of three dots; the highest of three bits is the left one.
_GLYPHS: Final = {
    "0": (7, 5, 5, 5, 7),
    "1": (2, 6, 2, 2, 7),
    "2": (7, 1, 7, 4, 7),
    "3": (7, 1, 7, 1, 7),
    "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7),
    "6": (7, 4, 7, 5, 7),
    "7": (7, 1, 1, 2, 2),
    "8": (7, 5, 7, 5, 7),
    "9": (7, 5, 7, 1, 7),
    "+": (0, 2, 7, 2, 0),
}
_ROWS, _COLUMNS = 5, 3


def badge_text(count: str) -> str:
    """Return a count as it fits on the icon: one digit, or `9+`."""
    return count if len(count) < 2 else "9+"


def badge(size: int, count: str) -> bytes:
    """Return a PNG of the icon, `size` pixels wide, with `badge_text(count)` on it."""
    palette = theme.LIGHT
    text = badge_text(count)
    middle_x, middle_y, radius = size * 0.68, size * 0.68, size * 0.31
    layers = [
        *painter.app_icon_layers(size, palette.primary, palette.on_primary),
        (palette.surface, painter.disc(middle_x, middle_y, radius + size * 0.03)),
        (palette.danger, painter.disc(middle_x, middle_y, radius)),
    ]
    dot = size * (0.078 if len(text) == 1 else 0.058)
    width = dot * (len(text) * (_COLUMNS + 1) - 1)
    left, top = middle_x - width / 2, middle_y - dot * _ROWS / 2
    for index, character in enumerate(text):
        layers += _glyph_layers(character, left + index * dot * (_COLUMNS + 1), top, dot)
    return painter.paint(size, size, layers)


def _glyph_layers(character: str, left: float, top: float, dot: float) -> list[Layer]:
    color = theme.LIGHT.surface
    return [
        (color, painter.rounded_box(x, y, x + dot, y + dot, 0))
        for row, bits in enumerate(_GLYPHS[character])
        for column in range(_COLUMNS)
        if bits >> (_COLUMNS - 1 - column) & 1
        for x, y in [(left + column * dot, top + row * dot)]
    ]
