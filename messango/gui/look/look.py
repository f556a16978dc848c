"""Applies `theme` to a root as ttk themes, fonts and pictures: one `Look` for each root."""

from __future__ import annotations

import bisect
import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.dialog_styles import configure_dialogs
from messango.gui.look.emoji_pictures import EmojiPictures, Submit
from messango.gui.look.pictures import Pictures
from messango.gui.look.theme import Palette
from messango.gui.look.tk_root import draws_color_emoji
from messango.gui.look.ttk_styles import TtkStyles

_FALLBACK_FAMILY: Final = "TkDefaultFont"
_FALLBACK_FIXED: Final = "TkFixedFont"

#: The fonts of the fields, lists and menus of Tk's own dialogs.
_DIALOG_FONTS: Final = ("TkTextFont", "TkIconFont", "TkMenuFont")


class Look:
    """Owns a root's fonts, pictures and two ttk themes, and stores which palette is shown.

    Fonts are created by Tk commands, not as tkinter's `Font`: that class calls Tk when Python collects it,
    and that may happen in any thread.
    """

    def __init__(self, root: tk.Tk, submit: Submit | None = None) -> None:
        """`submit` runs slow tasks in a thread; without it, emoji are text."""
        self._root = root
        self._style = ttk.Style(root)
        self.pictures = Pictures(root)
        self.emoji = EmojiPictures(root, submit, on_unavailable=lambda: self.apply(self.palette))
        self.palette = theme.LIGHT
        #: Whether a palette has been applied yet.
        self.applied = False
        self._create_fonts()
        self._set_window_icon()

    @property
    def emoji_size(self) -> int:
        """The size of an emoji in a text, in pixels: it makes no line higher."""
        return self.line_height(theme.BODY)

    def scaled(self, length: float) -> int:
        """Return a length of `theme` in pixels of this screen."""
        return self.pictures.scaled(length)

    def scaled_with_text(self, length: float) -> int:
        """Return a length of `theme` for something beside text: it also grows with the text size."""
        return self.pictures.scaled_with_text(length)

    def zoom(self, percent: int) -> None:
        """Show all text in the size of `theme` nearest to `percent`; widgets get `<<ThemeChanged>>`."""
        self.pictures.zoom_percent = nearest = theme.zoom_step(percent, 0)
        for name, font in theme.FONTS.items():
            points = min(max(round(font.points * nearest / theme.NORMAL_PERCENT), 1), font.max_points)
            self._root.tk.call("font", "configure", theme.FONT_PREFIX + name, "-size", points)
            for dialog_font in _DIALOG_FONTS if theme.FONT_PREFIX + name == theme.BODY else ():
                self._root.tk.call("font", "configure", dialog_font, "-size", points)
        self.apply(self.palette)

    def apply(self, palette: Palette) -> None:
        """Show `palette`; widgets get `<<ThemeChanged>>` and set the colours that ttk does not."""
        name = f"messango-{palette.name}"
        self.palette, self.applied = palette, True
        if name not in self._style.theme_names():
            self._style.theme_create(name, parent="clam")
            self._style.theme_use(name)
            TtkStyles(self._style, self.pictures, palette).configure()
            configure_dialogs(self._style, self.pictures, palette)
        else:
            self._style.theme_use(name)
        self._root.configure(background=palette.background)

    def ellipsized(self, text: str, font: str, width: int) -> str:
        """Return `text`, cut with an ellipsis where it is wider than `width` pixels."""

        def fits(candidate: str) -> bool:
            return self.text_width(candidate, font) <= width

        if fits(text):
            return text
        length = bisect.bisect_left(range(len(text)), True, key=lambda end: not fits(f"{text[: end + 1]}…"))
        return f"{text[:length].rstrip()}…"

    def text_width(self, text: str, font: str) -> int:
        """Return the width of a text in `font`, in pixels."""
        return int(self._root.tk.call("font", "measure", font, text))

    def line_height(self, font: str) -> int:
        """Return the height of a line in `font`, in pixels."""
        return int(self._root.tk.call("font", "metrics", font, "-linespace"))

    def _create_fonts(self) -> None:
        installed = set(tkfont.families(self._root))

        def first_of(families: tuple[str, ...], fallback: str) -> str:
            system = str(self._root.tk.call("font", "actual", fallback, "-family"))
            return next((family for family in families if family in installed), system)

        proportional = first_of(theme.FAMILIES, _FALLBACK_FAMILY)
        fixed = first_of(theme.FIXED_FAMILIES, _FALLBACK_FIXED)
        emoji = first_of(theme.EMOJI_FAMILIES, _FALLBACK_FAMILY) if draws_color_emoji(self._root) else ""
        for name, font in theme.FONTS.items():
            weight = "bold" if font.bold else "normal"
            slant = "italic" if font.italic else "roman"
            family = fixed if font.fixed else (font.emoji and emoji) or proportional
            options = ("-family", family, "-size", font.points, "-weight", weight, "-slant", slant)
            self._root.tk.call("font", "create", theme.FONT_PREFIX + name, *options)

    def _set_window_icon(self) -> None:
        large, small = self.pictures.app_icon(48), self.pictures.app_icon(32)
        self._root.tk.call("wm", "iconphoto", str(self._root), "-default", large, small)
