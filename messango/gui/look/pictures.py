"""Scales lengths to the screen, and caches the pictures that are painted for it."""

from __future__ import annotations

import dataclasses
import tkinter as tk
from collections.abc import Callable

from messango.gui.look import icons, painter, theme
from messango.gui.look.count_badge import badge, badge_text
from messango.gui.look.painter import Box
from messango.gui.look.theme import Palette
from messango.gui.look.tk_root import display_scale


class Pictures:
    """Paints each picture once per size and colour; every method returns the name of a Tk image.

    Images are created by Tk commands, not as `PhotoImage`: that class calls Tk when Python collects it,
    and that may happen in any thread.
    """

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._scale = display_scale(root)
        self._images: set[str] = set()
        #: The text size, in percent; pictures beside text grow with it.
        self.zoom_percent = theme.NORMAL_PERCENT

    def scaled(self, length: float) -> int:
        """Return a length of `theme` (pixels at 96 dpi) in pixels of this screen."""
        return round(length * self._scale)

    def scaled_with_text(self, length: float) -> int:
        """Return a length of `theme` for something beside text: it also grows with the text size."""
        return round(length * self._scale * self.zoom_percent / theme.NORMAL_PERCENT)

    def box(self, box: Box, size: tuple[int, int]) -> str:
        """Return a box for ttk to stretch; its lengths and `size` are pixels at 96 dpi."""
        # tkinter joins the names of an element's images with spaces, so a name can't contain one.
        name = "messango-box-" + "-".join(map(str, (*dataclasses.astuple(box), *size)))
        if name not in self._images:
            sharp = dataclasses.replace(
                box, radius=self.scaled(box.radius), border_width=box.border_width * self._scale
            )
            self._create(name, sharp.png(*(self.scaled(length) for length in size)))
        return name

    def chip(self, size: tuple[int, int], palette: Palette, *, own: bool) -> str:
        """Return the round box behind a reaction; `size` is in pixels of this screen."""
        width, height = size
        name = f"messango-chip-{palette.name}-{own}-{width}-{height}"
        if name not in self._images:
            fill, border = (palette.selection, palette.focus) if own else (palette.recessed, palette.border)
            edge = (1.5 if own else 1) * self._scale
            self._create(name, Box(fill, border, height / 2 - 1, edge).png(width, height))
        return name

    def seat_dots(self, taken: int, seats: int, palette: Palette, *, faded: bool) -> str:
        """Return a row of dots, one for each seat; the taken ones are filled."""
        full = palette.muted if faded else palette.focus
        size = self.scaled_with_text(theme.DOT)
        name = f"messango-dots-{taken}-{seats}-{full}-{size}"
        if name not in self._images:
            self._create(name, painter.seat_dots(taken, seats, size, full, palette.disabled))
        return name

    def icon(self, icon: str, palette: Palette) -> str:
        """Return an icon for a button; `icon` is a key of `icons.ICONS`."""
        size = self.scaled_with_text(theme.ICON)
        name = f"messango-{icon}-{palette.name}-{size}"
        if name not in self._images:
            self._create(name, icons.ICONS[icon](size, palette.muted, palette.background))
        return name

    def padlock(self, palette: Palette) -> str:
        """Return a padlock."""
        size = self.scaled_with_text(theme.LOCK)
        name = f"messango-lock-{palette.name}-{size}"
        if name not in self._images:
            self._create(name, painter.padlock(size, palette.muted))
        return name

    def key(self, palette: Palette) -> str:
        """Return a key, the sign of a password."""
        size = self.scaled_with_text(theme.LOCK)
        name = f"messango-key-{palette.name}-{size}"
        if name not in self._images:
            self._create(name, icons.key(size, palette.muted, palette.surface))
        return name

    def avatar(self, color: str) -> str:
        """Return the disc behind a member's initial."""
        size = self.scaled_with_text(theme.AVATAR)
        name = f"messango-avatar-{color}-{size}"
        if name not in self._images:
            disc = painter.disc(size / 2, size / 2, size / 2 - 0.5)
            self._create(name, painter.paint(size, size, [(color, disc)]))
        return name

    def skin_tone(self, color: str, palette: Palette, *, chosen: bool) -> str:
        """Return a disc of a skin tone, with a ring around the chosen one."""
        size = self.scaled_with_text(theme.SKIN_TONE + 6)
        name = f"messango-tone-{color}-{palette.name}-{size}-{chosen}"
        if name not in self._images:
            middle, radius = size / 2, size / 2 - 0.5
            ring = palette.focus if chosen else palette.surface
            layers = ((ring, radius), (palette.surface, radius * 0.8), (color, radius * 0.66))
            discs = [(ink, painter.disc(middle, middle, length)) for ink, length in layers]
            self._create(name, painter.paint(size, size, discs))
        return name

    def app_icon(self, size: int) -> str:
        """Return Messango's icon, `size` pixels wide at 96 dpi."""
        name = f"messango-app-icon-{size}"
        if name not in self._images:
            fill, dot_color = theme.LIGHT.primary, theme.LIGHT.on_primary
            self._create(name, painter.app_icon(self.scaled(size), fill, dot_color))
        return name

    def badge(self, size: int, count: str) -> str:
        """Return Messango's icon with a count on it; without a count, the plain icon."""
        if not count:
            return self.app_icon(size)
        name = f"messango-badge-{size}-{badge_text(count)}"
        if name not in self._images:
            self._create(name, badge(self.scaled(size), count))
        return name

    def cached(self, name: str, paint: Callable[[], bytes]) -> str:
        """Return the image of this name, painted as PNG if there is none yet."""
        if name not in self._images:
            self._create(name, paint())
        return name

    def _create(self, name: str, png: bytes) -> None:
        self._root.tk.call("image", "create", "photo", name, "-data", png)
        self._images.add(name)
