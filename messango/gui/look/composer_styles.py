"""The ttk styles of the writing side: the bar above the field, the private field, the list of names."""

from __future__ import annotations

from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.image_elements import ImageElements
from messango.gui.look.painter import Box
from messango.gui.look.pictures import Pictures
from messango.gui.look.theme import Palette

#: Sizes of the pictures that ttk stretches: see `ttk_styles`.
_SMALL = (120, 40)
_LARGE = (360, 96)


class ComposerStyles:
    """Sets up these styles for one palette in the ttk theme in use."""

    def __init__(
        self, style: ttk.Style, elements: ImageElements, pictures: Pictures, palette: Palette
    ) -> None:
        self._style, self._elements, self._palette = style, elements, palette
        self._scaled = pictures.scaled

    def configure(self) -> None:
        """Register the styles with ttk."""
        palette = self._palette
        self._bar("Bar", palette.recessed, palette.accent)
        self._bar("PrivateBar", palette.private_background, palette.private)
        self._private_field()
        self._choices()
        self._files()

    def _bar(self, kind: str, background: str, ink: str) -> None:
        palette = self._palette
        self._elements.create(f"{kind}.background", _LARGE, Box(background, background=palette.background))
        self._elements.layout(f"{kind}.TFrame", f"{kind}.background")
        self._style.configure(f"{kind}Stripe.TFrame", background=ink)
        inks = (
            ("Strong", ink, theme.STRONG),
            ("Quote", palette.muted, theme.SMALL),
            ("Small", palette.text, theme.SMALL),
            ("Error", palette.danger, theme.SMALL),
        )
        for part, color, font in inks:
            self._style.configure(f"{kind}{part}.TLabel", background=background, foreground=color, font=font)
        flat = Box(background, background=background)
        self._elements.create(
            f"{kind}.button",
            _SMALL,
            flat,
            ("pressed", Box(palette.border, background=background)),
            ("focus", Box(background, palette.focus, border_width=2, background=background)),
            ("active", Box(palette.selection, background=background)),
        )
        button = f"{kind}.TButton"
        self._elements.layout(button, f"{kind}.button", "Button.padding", "Button.label")
        padding = (self._scaled(theme.TINY), 0)
        self._style.configure(button, foreground=palette.text, padding=padding, anchor="center")

    def _private_field(self) -> None:
        palette = self._palette

        def box(border_width: float) -> Box:
            return Box(
                palette.private_background,
                palette.private,
                border_width=border_width,
                background=palette.background,
            )

        self._elements.create("Private.field", _LARGE, box(1), ("focus", box(2)))
        self._elements.layout("PrivateField.TFrame", "Private.field")
        self._style.configure(
            "PrivateMuted.TLabel",
            background=palette.private_background,
            foreground=palette.muted,
            font=theme.BODY,
        )

    def _files(self) -> None:
        """Style what is on the card of files to send."""
        palette, px = self._palette, self._scaled
        flat = Box(palette.surface, background=palette.surface)
        for name, ink, font in (
            ("Surface", palette.text, theme.BODY),
            ("SurfaceLink", palette.accent, theme.SMALL),
        ):
            self._elements.create(
                f"{name}.button",
                _SMALL,
                flat,
                ("pressed", Box(palette.border, background=palette.surface)),
                ("focus", Box(palette.surface, palette.focus, border_width=2, background=palette.surface)),
                ("active", Box(palette.recessed, background=palette.surface)),
            )
            button = f"{name}.TButton"
            self._elements.layout(button, f"{name}.button", "Button.padding", "Button.label")
            padding = (px(theme.SMALL_GAP), px(theme.TINY))
            self._style.configure(button, foreground=ink, font=font, padding=padding, anchor="center")
        card = Box(palette.selection, palette.focus, theme.CARD_RADIUS, 2, palette.surface)
        self._elements.create("Drop.background", _LARGE, card)
        self._elements.layout("Drop.TFrame", "Drop.background")
        self._style.configure("DropInside.TFrame", background=palette.selection)
        for name, font in (("DropStrong.TLabel", theme.HEADING), ("Drop.TLabel", theme.BODY)):
            self._style.configure(name, background=palette.selection, foreground=palette.text, font=font)
        self._style.configure(
            "SurfaceError.TLabel", background=palette.surface, foreground=palette.danger, font=theme.SMALL
        )

    def _choices(self) -> None:
        """Style a row of the list; its parts share the state `active`: the row that Enter picks."""
        palette = self._palette
        self._elements.create(
            "Choice.background",
            _SMALL,
            Box(palette.surface, background=palette.surface),
            ("active", Box(palette.selection, background=palette.surface)),
        )
        self._elements.layout("Choice.TFrame", "Choice.background")
        inks = (
            ("Choice.TLabel", palette.text, theme.BODY),
            ("ChoiceDetail.TLabel", palette.muted, theme.SMALL),
            ("ChoiceSign.TLabel", palette.surface, theme.STRONG),
        )
        for name, ink, font in inks:
            self._style.configure(name, background=palette.surface, foreground=ink, font=font)
            self._style.map(name, background=[("active", palette.selection)])
