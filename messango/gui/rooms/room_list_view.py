"""The list of rooms on the screen: shows a `RoomList`, tells what is done to it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.room_list import EmptyList, RoomList, RoomRow
from messango.gui.model.text_sanitizer import Display
from messango.gui.rooms.empty_view import EmptyView
from messango.gui.rooms.room_row import RoomRowView
from messango.gui.widgets.scroll_area import ScrollArea

#: The bits of an event's state for Control and Alt (X11's Mod1, and the 17th bit on Windows).
_CONTROL_OR_ALT: Final = 0x4 | 0x8 | 0x20000


class RoomListView(ttk.Frame):
    """A scrolling list; `on_info_changed` is called after a selection, `on_join` after Enter or a double click."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        display: Display,
        rooms: RoomList,
        *,
        on_change: Callable[[], None],
        on_join: Callable[[], None],
        on_check: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._look, self._display, self._rooms = look, display, rooms
        self._on_change, self._on_join = on_change, on_join
        self._views: dict[str, RoomRowView] = {}
        self._shown: list[RoomRow] = []
        self._empty_shown: EmptyList | None = None
        self._has_focus = False
        self._area = ScrollArea(self, look)
        self._area.pack(fill="both", expand=True)
        self._area.inside.columnconfigure(0, weight=1)
        self._empty = EmptyView(self._area, look, display, on_check=on_check)
        self._bind_keys()

    def refresh(self, looked_s: float) -> None:
        """Show what the model holds now."""
        rows = self._rooms.rows()
        if rows != self._shown:
            self._show(rows)
        self._show_empty(self._rooms.empty(looked_s))
        self.mark()

    def mark(self) -> None:
        """Show which row is selected."""
        for key, view in self._views.items():
            view.choose(on=key == self._rooms.selected, focus=self._has_focus)

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._area.canvas.focus_set()

    def row_view(self, key: str) -> RoomRowView:
        """Return the widget of one row."""
        return self._views[key]

    def texts(self) -> list[str]:
        """Return what can be read in each row, from top to bottom."""
        return [self._views[row.key].words() for row in self._shown]

    @property
    def check_button(self) -> ttk.Button:
        """The button of an empty list that has explained itself."""
        return self._empty.check_button

    def empty_words(self) -> str:
        """Return what stands in the list where it is empty."""
        return "" if self._empty_shown is None else self._empty.words()

    def _show(self, rows: list[RoomRow]) -> None:
        for key in self._views.keys() - {row.key for row in rows}:
            self._views.pop(key).destroy()
        before = {row.key: (place, row) for place, row in enumerate(self._shown)}
        for place, row in enumerate(rows):
            if row.key not in self._views:
                self._views[row.key] = self._new_view(row.key)
            if before.get(row.key) != (place, row):
                self._views[row.key].show(row)
                gap = (0, self._look.px(theme.SMALL_GAP))
                self._views[row.key].grid(row=place, column=0, sticky="ew", pady=gap)
        self._shown = rows

    def _new_view(self, key: str) -> RoomRowView:
        view = RoomRowView(self._area.inside, self._look, self._display)
        for part in view.parts:
            self._area.listen(part)
            part.bind("<Enter>", lambda _: view.point(on=True))
            part.bind("<Button-1>", lambda _: self._clicked(key))
            part.bind("<Double-Button-1>", lambda _: self._on_join())
        view.bind("<Leave>", lambda _: view.point(on=False))
        return view

    def _show_empty(self, empty: EmptyList | None) -> None:
        if empty == self._empty_shown:
            return
        self._empty_shown = empty
        if empty is None:
            self._empty.grid_remove()
        else:
            self._empty.show(empty)
            self._empty.grid(row=0, column=0, sticky="ew", pady=self._look.px(theme.WIDE_GAP))

    def _bind_keys(self) -> None:
        canvas = self._area.canvas
        canvas.configure(takefocus=1)
        for key, steps in (
            ("Up", -1),
            ("Down", 1),
            ("Prior", -5),
            ("Next", 5),
            ("Home", -9999),
            ("End", 9999),
        ):
            # mypy gives the default no type.
            canvas.bind(f"<{key}>", lambda _, steps=steps: self._move(steps))  # type: ignore[misc] # see above
        for key in ("Return", "KP_Enter"):
            canvas.bind(f"<{key}>", lambda _: self._on_join())
        canvas.bind("<Key>", self._typed)
        canvas.bind("<BackSpace>", lambda _: self._seek(self._rooms.sought[:-1]))
        canvas.bind("<Escape>", lambda _: self._seek(""))
        canvas.bind("<FocusIn>", lambda _: self._focused(on=True))
        canvas.bind("<FocusOut>", lambda _: self._focused(on=False))
        self.bind("<Enter>", lambda _: self._rooms.hold())
        self.bind("<Leave>", lambda _: self._rooms.release())
        self.bind("<<ThemeChanged>>", lambda _: self._color())

    def _focused(self, *, on: bool) -> None:
        self._has_focus = on
        if on and self._rooms.selected is None:
            self._rooms.move(1)
            self._on_change()
        self.mark()

    def _move(self, steps: int) -> None:
        self._rooms.move(steps)
        if self._rooms.selected in self._views:
            self._area.see(self._views[self._rooms.selected])
        self._on_change()
        self.mark()

    def _typed(self, event: tk.Event[tk.Canvas]) -> None:
        """Letters look for a room; those with Ctrl or Alt are for somebody else."""
        if (
            event.char.isprintable()
            and event.char.strip(" " if not self._rooms.sought else "")
            and not (int(event.state) & _CONTROL_OR_ALT)
        ):
            self._seek(self._rooms.sought + event.char)

    def _seek(self, typed: str) -> None:
        self._rooms.seek(typed)
        self._on_change()

    def _clicked(self, key: str) -> None:
        self._rooms.select(key)
        self.focus_list()
        self._on_change()
        self.mark()

    def _color(self) -> None:
        for view in self._views.values():
            view.color()
