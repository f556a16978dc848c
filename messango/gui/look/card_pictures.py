"""The painted parts of a file's card: its box, the icon of its kind, and round corners over a picture."""

from __future__ import annotations

from messango.gui.look import theme
from messango.gui.look.file_icons import FILE_ICONS
from messango.gui.look.painter import Box, Shape, disc, paint
from messango.gui.look.pictures import Pictures
from messango.gui.look.theme import Palette


class CardPictures:
    """Paints them when the first card is drawn; every method returns the name of a Tk image."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    def box(self, size: tuple[int, int], palette: Palette, border: str) -> str:
        """Return the box of a card of this size, in pixels, with a border in this colour."""
        scaled = self._pictures.scaled
        name = f"messango-card-{palette.name}-{border}-{size[0]}-{size[1]}"
        edge = scaled(2) if border != palette.border else max(scaled(1), 1)
        box = Box(palette.recessed, border, scaled(theme.RADIUS), edge)
        return self._pictures.cached(name, lambda: box.png(*size))

    def icon(self, kind: str, palette: Palette) -> str:
        """Return the icon of a kind of file on its tile; `kind` is a key of `FILE_ICONS`."""
        size = self._pictures.scaled_with_text(theme.FILE_ICON)
        name = f"messango-file-{kind}-{palette.name}-{size}"
        return self._pictures.cached(name, lambda: FILE_ICONS[kind](size, palette.accent, palette.selection))

    def tile(self, palette: Palette) -> str:
        """Return the round square behind an icon."""
        size = self._pictures.scaled_with_text(theme.FILE_TILE)
        box = Box(palette.selection, None, self._pictures.scaled(theme.RADIUS - 2))
        return self._pictures.cached(f"messango-tile-{palette.name}-{size}", lambda: box.png(size, size))

    def corner(self, background: str, *, right: bool, bottom: bool) -> str:
        """Return a corner in the colour of the background: over a picture, it makes that round there."""
        size = self._pictures.scaled(theme.RADIUS)
        name = f"messango-corner-{background}-{size}-{right}-{bottom}"
        middle = disc(0 if right else size, 0 if bottom else size, size)
        return self._pictures.cached(name, lambda: paint(size, size, [(background, _outside(middle))]))


def _outside(shape: Shape) -> Shape:
    return lambda x, y: -shape(x, y)
