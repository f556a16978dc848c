"""The members of a room, beside the conversation."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from messango.gui import theme
from messango.gui.display import Display
from messango.gui.names import color_index, initial
from messango.gui.roster import MemberRow
from messango.gui.scroll_area import ScrollArea
from messango.gui.style import Look


class MembersView(ttk.Frame):
    """A card with a line for each member: a disc with the initial, the name, and whether they type."""

    def __init__(self, parent: tk.Misc, look: Look, display: Display) -> None:
        padding = (look.px(theme.GAP), look.px(theme.GAP), look.px(theme.TINY), look.px(theme.GAP))
        super().__init__(parent, style="Card.TFrame", padding=padding)
        self._look, self._display = look, display
        self._rows: list[MemberRow] = []
        self._views: list[_MemberView] = []
        self._title = ttk.Label(self, style="SurfaceSmall.TLabel")
        self._title.grid(row=0, column=0, sticky="w", pady=(0, look.px(theme.SMALL_GAP)))
        self._area = ScrollArea(self, look, on_surface=True)
        self._area.grid(row=1, column=0, sticky="nsew")
        self._area.inside.columnconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.bind("<<ThemeChanged>>", lambda _: self._color())

    def show(self, rows: list[MemberRow]) -> None:
        """Show these members."""
        if rows == self._rows:
            return
        self._rows = rows
        self._title.configure(text=f"In the room: {len(rows)}" if rows else "")
        while len(self._views) < len(rows):
            self._views.append(_MemberView(self._area, self._look, self._display))
        for place, view in enumerate(self._views):
            if place < len(rows):
                view.show(rows[place])
                view.grid(row=place, column=0, sticky="ew", pady=self._look.px(3))
            else:
                view.grid_remove()

    def names(self) -> list[str]:
        """Return the names that are shown."""
        return [row.name for row in self._rows]

    def _color(self) -> None:
        for view, row in zip(self._views, self._rows, strict=False):
            view.show(row)


class _MemberView(ttk.Frame):
    def __init__(self, area: ScrollArea, look: Look, display: Display) -> None:
        super().__init__(area.inside, style="Surface.TFrame")
        self._look, self._display = look, display
        self._disc = ttk.Label(self, style="Avatar.TLabel", compound="center", anchor="center")
        self._who = ttk.Label(self, style="Surface.TLabel")
        self._note = ttk.Label(self, style="SurfaceSmall.TLabel")
        gap = look.px(theme.SMALL_GAP)
        self._disc.grid(row=0, column=0)
        self._who.grid(row=0, column=1, sticky="w", padx=gap)
        self._note.grid(row=0, column=2, sticky="e", padx=(0, gap))
        self.columnconfigure(1, weight=1)
        for part in (self, self._disc, self._who, self._note):
            area.listen(part)

    def show(self, row: MemberRow) -> None:
        colors = self._look.palette.names
        color = colors[color_index(row.name, len(colors))]
        self._disc.configure(image=self._look.avatar(color), text=self._display.line(initial(row.name)))
        self._who.configure(text=self._display.line(row.name))
        self._note.configure(text=row.note)
