"""The ttk styles of one palette: flat and round, based on `clam` without its greys."""

from __future__ import annotations

from tkinter import ttk
from typing import Any, Final

from messango.gui.look import theme
from messango.gui.look.composer_styles import ComposerStyles
from messango.gui.look.image_elements import ImageElements
from messango.gui.look.painter import Box
from messango.gui.look.pictures import Pictures
from messango.gui.look.theme import Palette

#: Sizes of the pictures that ttk stretches. They are close to the areas they fill: ttk fills an area with
#: copies, and many small copies take long.
_SMALL: Final = (120, 40)
_LARGE: Final = (360, 96)
_THUMB: Final = (8, 64)


class TtkStyles:
    """Sets up every style for one palette in the ttk theme in use."""

    def __init__(self, style: ttk.Style, pictures: Pictures, palette: Palette) -> None:
        self._style, self._palette, self._pictures = style, palette, pictures
        self._scaled = pictures.scaled
        self._elements = ImageElements(style, pictures)

    def configure(self) -> None:
        """Register every style with ttk."""
        self._base()
        self._cards()
        self._labels()
        self._banners()
        self._buttons()
        self._fields()
        self._rows()
        self._members()
        self._scrollbars()
        ComposerStyles(self._style, self._elements, self._pictures, self._palette).configure()

    def _base(self) -> None:
        palette = self._palette
        self._style.configure(
            ".",
            background=palette.background,
            foreground=palette.text,
            font=theme.BODY,
            borderwidth=0,
            focuscolor=palette.focus,
            selectbackground=palette.selection,
            selectforeground=palette.text,
            insertcolor=palette.text,
            insertwidth=self._scaled(2),
        )

    def _cards(self) -> None:
        palette = self._palette
        card = Box(palette.surface, palette.border, theme.CARD_RADIUS, background=palette.background)
        self._elements.create("Card.background", _LARGE, card)
        self._elements.layout("Card.TFrame", "Card.background")
        self._style.configure("Surface.TFrame", background=palette.surface)
        self._style.configure("Separator.TFrame", background=palette.border)

    def _labels(self) -> None:
        palette = self._palette
        inks = (
            # style, background, colour, font
            ("TLabel", palette.background, palette.text, theme.BODY),
            ("Title.TLabel", palette.background, palette.text, theme.TITLE),
            ("Heading.TLabel", palette.background, palette.text, theme.HEADING),
            ("Muted.TLabel", palette.background, palette.muted, theme.BODY),
            ("Strong.TLabel", palette.background, palette.text, theme.STRONG),
            ("SurfaceStrong.TLabel", palette.surface, palette.text, theme.STRONG),
            ("SurfaceHeading.TLabel", palette.surface, palette.text, theme.HEADING),
            ("Key.TLabel", palette.background, palette.text, theme.STRONG),
            ("Small.TLabel", palette.background, palette.muted, theme.SMALL),
            ("Error.TLabel", palette.background, palette.danger, theme.SMALL),
            ("Tooltip.TLabel", palette.text, palette.background, theme.SMALL),
            ("Surface.TLabel", palette.surface, palette.text, theme.BODY),
            ("SurfaceMuted.TLabel", palette.surface, palette.muted, theme.BODY),
            ("SurfaceSmall.TLabel", palette.surface, palette.muted, theme.SMALL),
        )
        for name, background, ink, font in inks:
            self._style.configure(name, background=background, foreground=ink, font=font)

    def _banners(self) -> None:
        palette = self._palette
        kinds = (
            ("Warning", palette.warning_background, palette.warning),
            ("Danger", palette.danger_background, palette.danger),
        )
        for kind, background, ink in kinds:
            self._elements.create(
                f"{kind}.background", _LARGE, Box(background, background=palette.background)
            )
            self._elements.layout(f"{kind}.TFrame", f"{kind}.background")
            self._style.configure(f"{kind}Inside.TFrame", background=background)
            self._style.configure(f"{kind}.TLabel", background=background, foreground=palette.text)
            strong = f"{kind}Strong.TLabel"
            self._style.configure(strong, background=background, foreground=ink, font=theme.STRONG)
            normal = Box(palette.surface, palette.border, background=background)
            self._button(kind, normal, *self._quiet_colors)

    def _buttons(self) -> None:
        palette = self._palette
        background = palette.background
        primary = Box(palette.primary, background=background)
        bordered = Box(palette.surface, palette.border, background=background)
        flat = Box(background, background=background)
        pill = Box(palette.recessed, palette.border, background=palette.surface)
        self._button("Primary", primary, palette.primary_hover, palette.primary_pressed, palette.text)
        self._button("Pill", pill, palette.selection, palette.border, palette.focus)
        self._button("Segment", bordered, *self._quiet_colors, *self._segment_states())
        for kind, normal in (
            ("Secondary", bordered),
            ("Compact", bordered),
            ("Flat", flat),
            ("Icon", flat),
            ("Link", flat),
        ):
            self._button(kind, normal, *self._quiet_colors)
        gap, small_gap, tiny = (self._scaled(length) for length in (theme.GAP, theme.SMALL_GAP, theme.TINY))
        details: dict[str, dict[str, Any]] = {
            "Primary": {"foreground": palette.on_primary, "font": theme.STRONG},
            "Flat": {"foreground": palette.muted},
            "Icon": {"padding": small_gap},
            "Compact": {"padding": (gap, tiny)},
            "Segment": {"padding": (gap, self._scaled(theme.INSET))},
            "Pill": {"foreground": palette.accent, "font": theme.SMALL, "padding": (gap, tiny)},
            "Link": {"foreground": palette.accent, "font": theme.SMALL, "padding": (small_gap, tiny)},
        }
        for kind, options in details.items():
            self._style.configure(f"{kind}.TButton", **options)

    @property
    def _quiet_colors(self) -> tuple[str, str, str]:
        """The hover, pressed and focus colours of every button that does not stand out."""
        return self._palette.recessed, self._palette.border, self._palette.focus

    def _segment_states(self) -> tuple[tuple[str, Box], ...]:
        palette = self._palette
        selected = Box(palette.selection, palette.focus, background=palette.background)
        focused = Box(palette.selection, palette.focus, border_width=2, background=palette.background)
        return ("selected focus", focused), ("selected", selected)

    def _button(
        self,
        kind: str,
        normal: Box,
        hover: str,
        pressed: str,
        focus_color: str,
        *extra_states: tuple[str, Box],
    ) -> None:
        palette, px = self._palette, self._scaled

        def box(fill: str, border: str | None, border_width: float = 1) -> Box:
            return Box(fill, border, border_width=border_width, background=normal.background)

        self._elements.create(
            f"{kind}.button",
            _SMALL,
            normal,
            *extra_states,
            ("disabled", box(palette.recessed, palette.border)),
            ("pressed", box(pressed, normal.border)),
            ("focus active", box(hover, focus_color, 2)),
            ("focus", box(normal.fill, focus_color, 2)),
            ("active", box(hover, normal.border)),
        )
        style = f"{kind}.TButton"
        self._elements.layout(style, f"{kind}.button", "Button.padding", "Button.label")
        padding = (px(theme.WIDE_GAP), px(theme.INSET))
        self._style.configure(style, foreground=palette.text, padding=padding, anchor="center")
        self._style.map(style, foreground=[("disabled", palette.muted)])

    def _fields(self) -> None:
        palette, px = self._palette, self._scaled

        def box(border: str, border_width: float = 1) -> Box:
            return Box(palette.surface, border, border_width=border_width, background=palette.background)

        self._elements.create(
            "Round.field",
            _LARGE,
            box(palette.border),
            ("invalid", box(palette.danger, 2)),
            ("focus", box(palette.focus, 2)),
            ("hover", box(palette.disabled)),
        )
        self._elements.layout("TEntry", "Round.field", "Entry.padding", "Entry.textarea")
        padding = (px(theme.GAP), px(theme.INSET))
        self._style.configure("TEntry", fieldbackground=palette.surface, padding=padding)
        self._elements.layout("Field.TFrame", "Round.field")

    def _rows(self) -> None:
        """Style the row of a room; it and its children share the states `selected`, `hover` and `alternate`.

        `alternate` marks a room that can't be joined: with `disabled`, ttk would dither the pictures.
        """
        palette = self._palette

        def box(fill: str, border: str, border_width: float = 1) -> Box:
            return Box(fill, border, theme.CARD_RADIUS, border_width, palette.background)

        self._elements.create(
            "Row.background",
            _LARGE,
            box(palette.surface, palette.border),
            ("selected focus", box(palette.selection, palette.focus, 2)),
            ("selected", box(palette.selection, palette.focus)),
            ("alternate", box(palette.background, palette.border)),
            ("hover", box(palette.recessed, palette.border)),
        )
        self._elements.layout("Row.TFrame", "Row.background")
        inks = (
            ("Row.TLabel", palette.muted, theme.BODY),
            ("RowName.TLabel", palette.text, theme.HEADING),
            ("RowStatus.TLabel", palette.accent, theme.BODY),
        )
        for name, ink, font in inks:
            self._style.configure(name, background=palette.surface, foreground=ink, font=font)
            self._style.map(
                name,
                background=[
                    ("selected", palette.selection),
                    ("alternate", palette.background),
                    ("hover", palette.recessed),
                ],
                foreground=[("selected", ink), ("alternate", palette.muted)],
            )

    def _members(self) -> None:
        """Style the row of a member; its parts share `active`, `focus` and `alternate` (not connected)."""
        palette = self._palette

        def box(fill: str, border: str | None = None) -> Box:
            return Box(fill, border, border_width=2, background=palette.surface)

        self._elements.create(
            "Member.background",
            _SMALL,
            box(palette.surface),
            ("focus", box(palette.recessed, palette.focus)),
            ("active", box(palette.recessed)),
        )
        self._elements.layout("Member.TFrame", "Member.background")
        inks = (
            ("Member.TLabel", palette.text, theme.BODY),
            ("MemberStatus.TLabel", palette.muted, theme.SMALL),
            ("MemberPlaintext.TLabel", palette.danger, theme.SMALL),
            ("MemberAvatar.TLabel", palette.surface, theme.STRONG),
        )
        lit = [("focus", palette.recessed), ("active", palette.recessed)]
        for name, ink, font in inks:
            self._style.configure(name, background=palette.surface, foreground=ink, font=font)
            self._style.map(name, background=lit)
        self._style.map("Member.TLabel", foreground=[("alternate", palette.muted)])
        self._style.map("MemberAvatar.TLabel", foreground=[("alternate", palette.text)])

    def _scrollbars(self) -> None:
        palette = self._palette
        for name, background in (("Slim", palette.background), ("Inner", palette.surface)):
            self._elements.create(
                f"{name}.thumb",
                _THUMB,
                Box(palette.disabled, None, 3, background=background),
                ("disabled", Box(background, None, 3, background=background)),
                ("active", Box(palette.muted, None, 3, background=background)),
                min_width=_THUMB[0],
            )
            thumb: Any = (f"{name}.thumb", {"expand": "1", "sticky": "nsew"})
            trough: Any = ("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [thumb]})
            style = f"{name}.Vertical.TScrollbar"
            self._style.layout(style, [trough])
            self._style.configure(style, troughcolor=background, bordercolor=background)
