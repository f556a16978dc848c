"""The look of what Tk's own dialogs are made of, which use the default ttk styles."""

from __future__ import annotations

from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.image_elements import ImageElements
from messango.gui.look.painter import Box
from messango.gui.look.pictures import Pictures
from messango.gui.look.theme import Palette

_SMALL = (120, 40)


def configure_dialogs(style: ttk.Style, pictures: Pictures, palette: Palette) -> None:
    """Give buttons, menu buttons and scrollbars without a style of ours the palette's colours."""
    elements, px = ImageElements(style, pictures), pictures.scaled

    def box(fill: str, border: str, border_width: float = 1) -> Box:
        return Box(fill, border, border_width=border_width, background=palette.background)

    elements.create(
        "Dialog.button",
        _SMALL,
        box(palette.surface, palette.border),
        ("disabled", box(palette.recessed, palette.border)),
        ("pressed", box(palette.border, palette.border)),
        ("focus", box(palette.surface, palette.focus, 2)),
        ("active", box(palette.recessed, palette.border)),
    )
    padding = (px(theme.GAP), px(theme.TINY))
    for kind in ("TButton", "TMenubutton"):
        label = "Button.label" if kind == "TButton" else "Menubutton.label"
        elements.layout(kind, "Dialog.button", "Button.padding", label)
        style.configure(kind, foreground=palette.text, padding=padding, anchor="center")
        style.map(kind, foreground=[("disabled", palette.muted)])
    style.configure("TMenubutton", anchor="w")
    style.configure("Toolbutton", background=palette.background)
    style.map("Toolbutton", background=[("active", palette.recessed), ("pressed", palette.border)])
    for kind in ("Horizontal.TScrollbar", "Vertical.TScrollbar"):
        style.configure(
            kind,
            background=palette.disabled,
            troughcolor=palette.surface,
            bordercolor=palette.surface,
            lightcolor=palette.disabled,
            darkcolor=palette.disabled,
            arrowcolor=palette.text,
        )
        style.map(kind, background=[("disabled", palette.surface), ("active", palette.muted)])
