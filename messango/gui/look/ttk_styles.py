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


class Styles:
    """Sets up every style for `look.palette` in the ttk theme that is in use."""

    def __init__(self, style: ttk.Style, look: Look) -> None:
        self._style, self._look, self._palette = style, look, look.palette

    def configure(self) -> None:
        """Do it."""
        self._base()
        self._cards()
        self._words()
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
            background=palette.ground,
            foreground=palette.text,
            font=theme.BODY,
            borderwidth=0,
            focuscolor=palette.focus,
            selectbackground=palette.chosen,
            selectforeground=palette.text,
            insertcolor=palette.text,
            insertwidth=self._look.px(2),
        )

    def _cards(self) -> None:
        palette = self._palette
        card = Box(palette.surface, palette.line, theme.CARD_RADIUS, ground=palette.ground)
        self._element("Card.ground", _LARGE, card)
        self._nest("Card.TFrame", "Card.ground")
        self._style.configure("Surface.TFrame", background=palette.surface)
        self._style.configure("Rule.TFrame", background=palette.line)

    def _words(self) -> None:
        palette = self._palette
        inks = (
            # style, ground, colour, font
            ("TLabel", palette.ground, palette.text, theme.BODY),
            ("Title.TLabel", palette.ground, palette.text, theme.TITLE),
            ("Heading.TLabel", palette.ground, palette.text, theme.HEADING),
            ("Muted.TLabel", palette.ground, palette.muted, theme.BODY),
            ("Strong.TLabel", palette.ground, palette.text, theme.STRONG),
            ("SurfaceStrong.TLabel", palette.surface, palette.text, theme.STRONG),
            ("SurfaceHeading.TLabel", palette.surface, palette.text, theme.HEADING),
            ("Key.TLabel", palette.ground, palette.text, theme.STRONG),
            ("Small.TLabel", palette.ground, palette.muted, theme.SMALL),
            ("Fault.TLabel", palette.ground, palette.danger, theme.SMALL),
            ("Surface.TLabel", palette.surface, palette.text, theme.BODY),
            ("SurfaceMuted.TLabel", palette.surface, palette.muted, theme.BODY),
            ("SurfaceSmall.TLabel", palette.surface, palette.muted, theme.SMALL),
        )
        for name, ground, ink, font in inks:
            self._style.configure(name, background=ground, foreground=ink, font=font)

    def _banners(self) -> None:
        palette = self._palette
        kinds = (
            ("Caution", palette.caution_ground, palette.caution),
            ("Danger", palette.danger_ground, palette.danger),
        )
        for kind, ground, ink in kinds:
            self._element(f"{kind}.ground", _LARGE, Box(ground, ground=palette.ground))
            self._nest(f"{kind}.TFrame", f"{kind}.ground")
            self._style.configure(f"{kind}Inside.TFrame", background=ground)
            self._style.configure(f"{kind}.TLabel", background=ground, foreground=palette.text)
            strong = f"{kind}Strong.TLabel"
            self._style.configure(strong, background=ground, foreground=ink, font=theme.STRONG)
            rest = Box(palette.surface, palette.line, ground=ground)
            self._button(kind, rest, palette.sunk, palette.line, palette.focus)

    def _buttons(self) -> None:
        palette = self._palette
        ground = palette.ground
        main = Box(palette.fill, ground=ground)
        self._button("Main", main, palette.fill_hover, palette.fill_pressed, palette.text)
        quiet = Box(palette.surface, palette.line, ground=ground)
        self._button("Quiet", quiet, palette.sunk, palette.line, palette.focus)
        self._button("Flat", Box(ground, ground=ground), palette.sunk, palette.line, palette.focus)
        pill = Box(palette.sunk, palette.line, ground=palette.surface)
        self._button("Pill", pill, palette.chosen, palette.line, palette.focus)
        padding = (self._look.px(theme.GAP), self._look.px(theme.TINY))
        self._style.configure("Pill.TButton", foreground=palette.accent, font=theme.SMALL, padding=padding)
        self._style.configure("Main.TButton", foreground=palette.on_fill, font=theme.STRONG)
        self._style.configure("Flat.TButton", foreground=palette.muted)
        self._button("Mark", Box(ground, ground=ground), palette.sunk, palette.line, palette.focus)
        self._style.configure("Mark.TButton", padding=self._look.px(theme.SMALL_GAP))
        self._button("Step", quiet, palette.sunk, palette.line, palette.focus)
        self._style.configure("Step.TButton", padding=(self._look.px(theme.GAP), self._look.px(theme.TINY)))
        self._choices(quiet)
        self._button("Link", Box(ground, ground=ground), palette.sunk, palette.line, palette.focus)
        padding = (self._look.px(theme.SMALL_GAP), self._look.px(theme.TINY))
        self._style.configure("Link.TButton", foreground=palette.accent, font=theme.SMALL, padding=padding)

    def _choices(self, quiet: Box) -> None:
        palette = self._palette
        chosen = Box(palette.chosen, palette.focus, ground=palette.ground)
        ringed = Box(palette.chosen, palette.focus, border_width=2, ground=palette.ground)
        self._button(
            "Choice",
            quiet,
            palette.sunk,
            palette.line,
            palette.focus,
            ("selected focus", ringed),
            ("selected", chosen),
        )
        self._style.configure(
            "Choice.TButton", padding=(self._look.px(theme.GAP), self._look.px(theme.INSET))
        )

    def _button(
        self, kind: str, rest: Box, hover: str, pressed: str, ring: str, *first: tuple[str, Box]
    ) -> None:
        palette, px = self._palette, self._look.px

        def box(fill: str, border: str | None, border_width: float = 1) -> Box:
            return Box(fill, border, border_width=border_width, ground=rest.ground)

        self._element(
            f"{kind}.button",
            _SMALL,
            rest,
            *first,
            ("disabled", box(palette.sunk, palette.line)),
            ("pressed", box(pressed, rest.border)),
            ("focus active", box(hover, ring, 2)),
            ("focus", box(rest.fill, ring, 2)),
            ("active", box(hover, rest.border)),
        )
        style = f"{kind}.TButton"
        self._nest(style, f"{kind}.button", "Button.padding", "Button.label")
        padding = (px(theme.WIDE_GAP), px(theme.INSET))
        self._style.configure(style, foreground=palette.text, padding=padding, anchor="center")
        self._style.map(style, foreground=[("disabled", palette.muted)])

    def _fields(self) -> None:
        palette, px = self._palette, self._look.px

        def box(border: str, border_width: float = 1) -> Box:
            return Box(palette.surface, border, border_width=border_width, ground=palette.ground)

        self._element(
            "Round.field",
            _LARGE,
            box(palette.line),
            ("invalid", box(palette.danger, 2)),
            ("focus", box(palette.focus, 2)),
            ("hover", box(palette.off)),
        )
        self._nest("TEntry", "Round.field", "Entry.padding", "Entry.textarea")
        padding = (px(theme.GAP), px(theme.INSET))
        self._style.configure("TEntry", fieldbackground=palette.surface, padding=padding)
        self._nest("Field.TFrame", "Round.field")

    def _rows(self) -> None:
        """Style a room's row; it and all in it share the states `selected`, `hover` and `alternate`.

        The last is for rooms that can't be joined; `disabled` would make ttk draw pictures with a raster.
        """
        palette = self._palette

        def box(fill: str, border: str, border_width: float = 1) -> Box:
            return Box(fill, border, theme.CARD_RADIUS, border_width, palette.ground)

        self._element(
            "Row.ground",
            _LARGE,
            box(palette.surface, palette.line),
            ("selected focus", box(palette.chosen, palette.focus, 2)),
            ("selected", box(palette.chosen, palette.focus)),
            ("alternate", box(palette.ground, palette.line)),
            ("hover", box(palette.sunk, palette.line)),
        )
        self._nest("Row.TFrame", "Row.ground")
        inks = (
            ("Row.TLabel", palette.muted, theme.BODY),
            ("RowName.TLabel", palette.text, theme.HEADING),
            ("RowWord.TLabel", palette.accent, theme.BODY),
        )
        for name, ink, font in inks:
            self._style.configure(name, background=palette.surface, foreground=ink, font=font)
            self._style.map(
                name,
                background=[
                    ("selected", palette.chosen),
                    ("alternate", palette.ground),
                    ("hover", palette.sunk),
                ],
                foreground=[("selected", ink), ("alternate", palette.muted)],
            )

    def _members(self) -> None:
        """Style a member's row, all of whose parts share `active`, `focus` and `alternate`: not there."""
        palette = self._palette

        def box(fill: str, border: str | None = None) -> Box:
            return Box(fill, border, border_width=2, ground=palette.surface)

        self._element(
            "Member.ground",
            _SMALL,
            box(palette.surface),
            ("focus", box(palette.sunk, palette.focus)),
            ("active", box(palette.sunk)),
        )
        self._nest("Member.TFrame", "Member.ground")
        inks = (
            ("Member.TLabel", palette.text, theme.BODY),
            ("MemberNote.TLabel", palette.muted, theme.SMALL),
            ("MemberOpen.TLabel", palette.danger, theme.SMALL),
            ("MemberDisc.TLabel", palette.surface, theme.STRONG),
        )
        lit = [("focus", palette.sunk), ("active", palette.sunk)]
        for name, ink, font in inks:
            self._style.configure(name, background=palette.surface, foreground=ink, font=font)
            self._style.map(name, background=lit)
        self._style.map("Member.TLabel", foreground=[("alternate", palette.muted)])
        self._style.map("MemberDisc.TLabel", foreground=[("alternate", palette.text)])

    def _scrollbars(self) -> None:
        palette = self._palette
        for name, ground in (("Slim", palette.ground), ("Inner", palette.surface)):
            self._element(
                f"{name}.thumb",
                _THUMB,
                Box(palette.off, None, 3, ground=ground),
                ("disabled", Box(ground, None, 3, ground=ground)),
                ("active", Box(palette.muted, None, 3, ground=ground)),
                least=_THUMB[0],
            )
            thumb: Any = (f"{name}.thumb", {"expand": "1", "sticky": "nsew"})
            trough: Any = ("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [thumb]})
            style = f"{name}.Vertical.TScrollbar"
            self._style.layout(style, [trough])
            self._style.configure(style, troughcolor=ground, bordercolor=ground)

    def _element(
        self, name: str, size: tuple[int, int], rest: Box, *states: tuple[str, Box], least: int = theme.RADIUS
    ) -> None:
        pictures = [(state, self._look.box(box, size)) for state, box in states]
        border = self._look.px(rest.radius)
        picture = self._look.box(rest, size)
        # Left to itself an element is never smaller than its picture, and keeps its border free inside.
        self._style.element_create(
            name,
            "image",
            picture,
            *pictures,
            border=border,
            padding=0,
            width=self._look.px(least),
            height=border,
            sticky="nsew",
        )

    def _nest(self, style: str, *elements: str) -> None:
        """Lay a widget out as elements one inside the other, each filling the one before."""
        inside: list[Any] = []
        for element in reversed(elements):
            options: dict[str, Any] = {"sticky": "nsew"}
            if inside:
                options["children"] = inside
            inside = [(element, options)]
        self._style.layout(style, inside)
