"""Turns `theme` into ttk themes, fonts and pictures: one `Look` for each root."""

from __future__ import annotations

import bisect
import dataclasses
import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from messango.gui.look import icons, painter, theme
from messango.gui.look.count_badge import badge, badge_text
from messango.gui.look.painter import Box
from messango.gui.look.theme import Palette
from messango.gui.look.tk_root import display_scale
from messango.gui.look.ttk_styles import TtkStyles

_FALLBACK_FAMILY: Final = "TkDefaultFont"
_FALLBACK_FIXED: Final = "TkFixedFont"


class Look:
    """Owns the fonts, the pictures and the two ttk themes of a root, and knows which palette is shown.

    Fonts and pictures are made by Tk commands, not by tkinter's objects: those call Tk when Python
    collects them, and that may happen in any thread.
    """

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._style = ttk.Style(root)
        self._scale = display_scale(root)
        self._images: set[str] = set()
        self._percent = theme.NORMAL_PERCENT
        self.palette = theme.LIGHT
        #: Whether a palette is shown already.
        self.applied = False
        self._make_fonts()
        self._set_window_icon()

    def scaled(self, length: float) -> int:
        """Return a length of `theme`, stretched to this screen."""
        return round(length * self._scale)

    def scaled_with_text(self, length: float) -> int:
        """Return a length of `theme` for what stands beside words, and grows with them."""
        return round(length * self._scale * self._percent / theme.NORMAL_PERCENT)

    def zoom(self, percent: int) -> None:
        """Show all type in the size of `theme` nearest to `percent`; widgets hear `<<ThemeChanged>>`."""
        self._percent = theme.zoom_step(percent, 0)
        for name, font in theme.FONTS.items():
            points = max(round(font.points * self._percent / theme.NORMAL_PERCENT), 1)
            self._root.tk.call("font", "configure", theme.FONT_PREFIX + name, "-size", points)
        self.apply(self.palette)

    def apply(self, palette: Palette) -> None:
        """Show `palette`; every widget hears `<<ThemeChanged>>` and colours what ttk does not."""
        name = f"messango-{palette.name}"
        self.palette, self.applied = palette, True
        if name not in self._style.theme_names():
            self._style.theme_create(name, parent="clam")
            self._style.theme_use(name)
            TtkStyles(self._style, self).configure()
        else:
            self._style.theme_use(name)
        self._root.configure(background=palette.background)

    def ellipsized(self, text: str, font: str, width: int) -> str:
        """Return `text`, or as much of it as is no wider than `width` pixels with an ellipsis behind it."""

        def fits(candidate: str) -> bool:
            return int(self._root.tk.call("font", "measure", font, candidate)) <= width

        if fits(text):
            return text
        length = bisect.bisect_left(range(len(text)), True, key=lambda end: not fits(f"{text[: end + 1]}…"))
        return f"{text[:length].rstrip()}…"

    def line_height(self, font: str) -> int:
        """Return the height of a line in `font`, in pixels."""
        return int(self._root.tk.call("font", "metrics", font, "-linespace"))

    def box_image(self, box: Box, size: tuple[int, int]) -> str:
        """Return a picture of a box for stretching, its lengths meant for 96 dots an inch."""
        # tkinter joins the names of an element's pictures with spaces, so there can be none in them.
        name = "messango-box-" + "-".join(map(str, (*dataclasses.astuple(box), *size)))
        if name not in self._images:
            sharp = dataclasses.replace(
                box, radius=self.scaled(box.radius), border_width=box.border_width * self._scale
            )
            self._create_image(name, sharp.png(*(self.scaled(length) for length in size)))
        return name

    def seat_dots(self, taken: int, seats: int, *, faded: bool) -> str:
        """Return a picture of the seats: those taken filled."""
        full = self.palette.muted if faded else self.palette.focus
        size = self.scaled_with_text(theme.DOT)
        name = f"messango-dots-{taken}-{seats}-{full}-{size}"
        if name not in self._images:
            self._create_image(name, painter.seat_dots(taken, seats, size, full, self.palette.disabled))
        return name

    def icon(self, name: str) -> str:
        """Return a small picture for a button: one of `icons.ICONS`."""
        size = self.scaled_with_text(theme.ICON)
        image = f"messango-{name}-{self.palette.name}-{size}"
        if image not in self._images:
            self._create_image(image, icons.ICONS[name](size, self.palette.muted, self.palette.background))
        return image

    def padlock(self) -> str:
        """Return a picture of a padlock."""
        size = self.scaled_with_text(theme.LOCK)
        name = f"messango-lock-{self.palette.name}-{size}"
        if name not in self._images:
            self._create_image(name, painter.padlock(size, self.palette.muted))
        return name

    def avatar(self, color: str) -> str:
        """Return the disc behind a member's initial."""
        size = self.scaled_with_text(theme.AVATAR)
        name = f"messango-avatar-{color}-{size}"
        if name not in self._images:
            self._create_image(
                name, painter.paint(size, size, [(color, painter.disc(size / 2, size / 2, size / 2 - 0.5))])
            )
        return name

    def app_icon(self, size: int) -> str:
        """Return the program's sign, `size` pixels wide at 96 dots an inch."""
        name = f"messango-sign-{size}"
        if name not in self._images:
            fill, dot_color = theme.LIGHT.primary, theme.LIGHT.on_primary
            self._create_image(name, painter.app_icon(self.scaled(size), fill, dot_color))
        return name

    def badge(self, size: int, count: str) -> str:
        """Return the program's sign with a count on it, or as it is without one."""
        if not count:
            return self.app_icon(size)
        name = f"messango-badge-{size}-{badge_text(count)}"
        if name not in self._images:
            self._create_image(name, badge(self.scaled(size), count))
        return name

    def _create_image(self, name: str, png: bytes) -> None:
        self._root.tk.call("image", "create", "photo", name, "-data", png)
        self._images.add(name)

    def _make_fonts(self) -> None:
        installed = set(tkfont.families(self._root))

        def first_of(families: tuple[str, ...], fallback: str) -> str:
            system = str(self._root.tk.call("font", "actual", fallback, "-family"))
            return next((family for family in families if family in installed), system)

        proportional = first_of(theme.FAMILIES, _FALLBACK_FAMILY)
        fixed = first_of(theme.FIXED_FAMILIES, _FALLBACK_FIXED)
        for name, font in theme.FONTS.items():
            weight = "bold" if font.bold else "normal"
            family = fixed if font.fixed else proportional
            options = ("-family", family, "-size", font.points, "-weight", weight)
            self._root.tk.call("font", "create", theme.FONT_PREFIX + name, *options)

    def _set_window_icon(self) -> None:
        self._root.tk.call(
            "wm", "iconphoto", str(self._root), "-default", self.app_icon(48), self.app_icon(32)
        )
