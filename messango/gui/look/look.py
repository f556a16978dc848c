"""Turns `theme` into ttk themes, fonts and pictures: one `Look` for each root."""

from __future__ import annotations

import bisect
import dataclasses
import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from messango.gui.look import icons, painter, theme
from messango.gui.look.count_badge import badge, on_icon
from messango.gui.look.painter import Box
from messango.gui.look.theme import Palette
from messango.gui.look.tk_root import scale_of
from messango.gui.look.ttk_styles import Styles

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
        self._scale = scale_of(root)
        self._pictures: set[str] = set()
        self._percent = theme.NORMAL_PERCENT
        self.palette = theme.LIGHT
        #: Whether a palette is shown already.
        self.shown = False
        self._make_fonts()
        self._icon()

    def px(self, length: float) -> int:
        """Return a length of `theme`, stretched to this screen."""
        return round(length * self._scale)

    def beside_type(self, length: float) -> int:
        """Return a length of `theme` for what stands beside words, and grows with them."""
        return round(length * self._scale * self._percent / theme.NORMAL_PERCENT)

    def zoom(self, percent: int) -> None:
        """Show all type in the size of `theme` nearest to `percent`; widgets hear `<<ThemeChanged>>`."""
        self._percent = theme.percent_beside(percent, 0)
        for name, font in theme.FONTS.items():
            points = max(round(font.points * self._percent / theme.NORMAL_PERCENT), 1)
            self._root.tk.call("font", "configure", theme.FONT_PREFIX + name, "-size", points)
        self.use(self.palette)

    def use(self, palette: Palette) -> None:
        """Show `palette`; every widget hears `<<ThemeChanged>>` and colours what ttk does not."""
        name = f"messango-{palette.name}"
        self.palette, self.shown = palette, True
        if name not in self._style.theme_names():
            self._style.theme_create(name, parent="clam")
            self._style.theme_use(name)
            Styles(self._style, self).configure()
        else:
            self._style.theme_use(name)
        self._root.configure(background=palette.ground)

    def shortened(self, text: str, font: str, width: int) -> str:
        """Return `text`, or as much of it as is no wider than `width` pixels with an ellipsis behind it."""

        def fits(words: str) -> bool:
            return int(self._root.tk.call("font", "measure", font, words)) <= width

        if fits(text):
            return text
        length = bisect.bisect_left(range(len(text)), True, key=lambda end: not fits(f"{text[: end + 1]}…"))
        return f"{text[:length].rstrip()}…"

    def line_height(self, font: str) -> int:
        """Return the height of a line in `font`, in pixels."""
        return int(self._root.tk.call("font", "metrics", font, "-linespace"))

    def box(self, box: Box, size: tuple[int, int]) -> str:
        """Return a picture of a box for stretching, its lengths meant for 96 dots an inch."""
        # tkinter joins the names of an element's pictures with spaces, so there can be none in them.
        name = "messango-box-" + "-".join(map(str, (*dataclasses.astuple(box), *size)))
        if name not in self._pictures:
            sharp = dataclasses.replace(
                box, radius=self.px(box.radius), border_width=box.border_width * self._scale
            )
            self._make(name, sharp.png(*(self.px(length) for length in size)))
        return name

    def dots(self, taken: int, seats: int, *, faded: bool) -> str:
        """Return a picture of the seats: those taken filled."""
        full = self.palette.muted if faded else self.palette.focus
        size = self.beside_type(theme.DOT)
        name = f"messango-dots-{taken}-{seats}-{full}-{size}"
        if name not in self._pictures:
            self._make(name, painter.dots(taken, seats, size, full, self.palette.off))
        return name

    def mark(self, kind: str) -> str:
        """Return a small picture for a button: one of `icons.MARKS`."""
        size = self.beside_type(theme.MARK)
        name = f"messango-{kind}-{self.palette.name}-{size}"
        if name not in self._pictures:
            self._make(name, icons.MARKS[kind](size, self.palette.muted, self.palette.ground))
        return name

    def lock(self) -> str:
        """Return a picture of a padlock."""
        size = self.beside_type(theme.LOCK)
        name = f"messango-lock-{self.palette.name}-{size}"
        if name not in self._pictures:
            self._make(name, painter.lock(size, self.palette.muted))
        return name

    def avatar(self, color: str) -> str:
        """Return the disc behind a member's initial."""
        size = self.beside_type(theme.AVATAR)
        name = f"messango-avatar-{color}-{size}"
        if name not in self._pictures:
            self._make(
                name, painter.paint(size, size, [(color, painter.disc(size / 2, size / 2, size / 2 - 0.5))])
            )
        return name

    def sign(self, size: int) -> str:
        """Return the program's sign, `size` pixels wide at 96 dots an inch."""
        name = f"messango-sign-{size}"
        if name not in self._pictures:
            fill, mark = theme.LIGHT.fill, theme.LIGHT.on_fill
            self._make(name, painter.bubble(self.px(size), fill, mark))
        return name

    def badge(self, size: int, count: str) -> str:
        """Return the program's sign with a count on it, or as it is without one."""
        if not count:
            return self.sign(size)
        name = f"messango-badge-{size}-{on_icon(count)}"
        if name not in self._pictures:
            self._make(name, badge(self.px(size), count))
        return name

    def _make(self, name: str, png: bytes) -> None:
        self._root.tk.call("image", "create", "photo", name, "-data", png)
        self._pictures.add(name)

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

    def _icon(self) -> None:
        self._root.tk.call("wm", "iconphoto", str(self._root), "-default", self.sign(48), self.sign(32))
