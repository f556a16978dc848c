"""The ttk styles of one palette: flat and round, on plain `clam`, without its greys."""

from __future__ import annotations

from tkinter import ttk
from typing import TYPE_CHECKING, Any, Final

from messango.gui.look import theme
from messango.gui.look.painter import Box

if TYPE_CHECKING:
    from messango.gui.look.look import Look

#: How large the pictures are that ttk stretches: about as large as what they fill, or it copies for long.
_SMALL: Final = (120, 40)
_LARGE: Final = (360, 96)
_THUMB: Final = (8, 64)


class TtkStyles:
    """Sets up every style for `look.palette` in the ttk theme that is in use."""

    def __init__(self, style: ttk.Style, look: Look) -> None:
        self._style, self._look, self._palette = style, look, look.palette

    def configure(self) -> None:
        """Do it."""
        self._base()
        self._cards()
        self._labels()
        self._banners()
        self._buttons()
        self._fields()
        self._rows()
        self._members()
        self._scrollbars()

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
            insertwidth=self._look.scaled(2),
        )

    def _cards(self) -> None:
        palette = self._palette
        card = Box(palette.surface, palette.border, theme.CARD_RADIUS, background=palette.background)
        self._element("Card.background", _LARGE, card)
        self._layout("Card.TFrame", "Card.background")
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
            self._element(f"{kind}.background", _LARGE, Box(background, background=palette.background))
            self._layout(f"{kind}.TFrame", f"{kind}.background")
            self._style.configure(f"{kind}Inside.TFrame", background=background)
            self._style.configure(f"{kind}.TLabel", background=background, foreground=palette.text)
            strong = f"{kind}Strong.TLabel"
            self._style.configure(strong, background=background, foreground=ink, font=theme.STRONG)
            normal = Box(palette.surface, palette.border, background=background)
            self._button(kind, normal, palette.recessed, palette.border, palette.focus)

    def _buttons(self) -> None:
        palette = self._palette
        background = palette.background
        main = Box(palette.primary, background=background)
        self._button("Primary", main, palette.primary_hover, palette.primary_pressed, palette.text)
        quiet = Box(palette.surface, palette.border, background=background)
        self._button("Secondary", quiet, palette.recessed, palette.border, palette.focus)
        self._button(
            "Flat", Box(background, background=background), palette.recessed, palette.border, palette.focus
        )
        pill = Box(palette.recessed, palette.border, background=palette.surface)
        self._button("Pill", pill, palette.selection, palette.border, palette.focus)
        padding = (self._look.scaled(theme.GAP), self._look.scaled(theme.TINY))
        self._style.configure("Pill.TButton", foreground=palette.accent, font=theme.SMALL, padding=padding)
        self._style.configure("Primary.TButton", foreground=palette.on_primary, font=theme.STRONG)
        self._style.configure("Flat.TButton", foreground=palette.muted)
        self._button(
            "Icon", Box(background, background=background), palette.recessed, palette.border, palette.focus
        )
        self._style.configure("Icon.TButton", padding=self._look.scaled(theme.SMALL_GAP))
        self._button("Compact", quiet, palette.recessed, palette.border, palette.focus)
        self._style.configure(
            "Compact.TButton", padding=(self._look.scaled(theme.GAP), self._look.scaled(theme.TINY))
        )
        self._segments(quiet)
        self._button(
            "Link", Box(background, background=background), palette.recessed, palette.border, palette.focus
        )
        padding = (self._look.scaled(theme.SMALL_GAP), self._look.scaled(theme.TINY))
        self._style.configure("Link.TButton", foreground=palette.accent, font=theme.SMALL, padding=padding)

    def _segments(self, quiet: Box) -> None:
        palette = self._palette
        selected = Box(palette.selection, palette.focus, background=palette.background)
        focused = Box(palette.selection, palette.focus, border_width=2, background=palette.background)
        self._button(
            "Segment",
            quiet,
            palette.recessed,
            palette.border,
            palette.focus,
            ("selected focus", focused),
            ("selected", selected),
        )
        self._style.configure(
            "Segment.TButton", padding=(self._look.scaled(theme.GAP), self._look.scaled(theme.INSET))
        )

    def _button(
        self,
        kind: str,
        normal: Box,
        hover: str,
        pressed: str,
        focus_color: str,
        *extra_states: tuple[str, Box],
    ) -> None:
        palette, px = self._palette, self._look.scaled

        def box(fill: str, border: str | None, border_width: float = 1) -> Box:
            return Box(fill, border, border_width=border_width, background=normal.background)

        self._element(
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
        self._layout(style, f"{kind}.button", "Button.padding", "Button.label")
        padding = (px(theme.WIDE_GAP), px(theme.INSET))
        self._style.configure(style, foreground=palette.text, padding=padding, anchor="center")
        self._style.map(style, foreground=[("disabled", palette.muted)])

    def _fields(self) -> None:
        palette, px = self._palette, self._look.scaled

        def box(border: str, border_width: float = 1) -> Box:
            return Box(palette.surface, border, border_width=border_width, background=palette.background)

        self._element(
            "Round.field",
            _LARGE,
            box(palette.border),
            ("invalid", box(palette.danger, 2)),
            ("focus", box(palette.focus, 2)),
            ("hover", box(palette.disabled)),
        )
        self._layout("TEntry", "Round.field", "Entry.padding", "Entry.textarea")
        padding = (px(theme.GAP), px(theme.INSET))
        self._style.configure("TEntry", fieldbackground=palette.surface, padding=padding)
        self._layout("Field.TFrame", "Round.field")

    def _rows(self) -> None:
        """Style a room's row; it and all in it share the states `selected`, `hover` and `alternate`.

        The last is for rooms that can't be joined; `disabled` would make ttk draw pictures with a raster.
        """
        palette = self._palette

        def box(fill: str, border: str, border_width: float = 1) -> Box:
            return Box(fill, border, theme.CARD_RADIUS, border_width, palette.background)

        self._element(
            "Row.background",
            _LARGE,
            box(palette.surface, palette.border),
            ("selected focus", box(palette.selection, palette.focus, 2)),
            ("selected", box(palette.selection, palette.focus)),
            ("alternate", box(palette.background, palette.border)),
            ("hover", box(palette.recessed, palette.border)),
        )
        self._layout("Row.TFrame", "Row.background")
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
        """Style a member's row, all of whose parts share `active`, `focus` and `alternate`: not there."""
        palette = self._palette

        def box(fill: str, border: str | None = None) -> Box:
            return Box(fill, border, border_width=2, background=palette.surface)

        self._element(
            "Member.background",
            _SMALL,
            box(palette.surface),
            ("focus", box(palette.recessed, palette.focus)),
            ("active", box(palette.recessed)),
        )
        self._layout("Member.TFrame", "Member.background")
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
            self._element(
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

    def _element(
        self,
        name: str,
        size: tuple[int, int],
        normal: Box,
        *states: tuple[str, Box],
        min_width: int = theme.RADIUS,
    ) -> None:
        pictures = [(state, self._look.box_image(box, size)) for state, box in states]
        border = self._look.scaled(normal.radius)
        picture = self._look.box_image(normal, size)
        # Left to itself an element is never smaller than its picture, and keeps its border free inside.
        self._style.element_create(
            name,
            "image",
            picture,
            *pictures,
            border=border,
            padding=0,
            width=self._look.scaled(min_width),
            height=border,
            sticky="nsew",
        )

    def _layout(self, style: str, *elements: str) -> None:
        """Lay a widget out as elements one inside the other, each filling the one before."""
        inside: list[Any] = []
        for element in reversed(elements):
            options: dict[str, Any] = {"sticky": "nsew"}
            if inside:
                options["children"] = inside
            inside = [(element, options)]
        self._style.layout(style, inside)
