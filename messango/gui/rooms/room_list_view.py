"""The list of rooms on the screen."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.room_list import EmptyState, RoomList, RoomRow
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.rooms.empty_view import EmptyView
from messango.gui.rooms.room_row import RoomRowView
from messango.gui.widgets.layout.scroll_area import ScrollArea
from messango.gui.widgets.typed_text import typed_character


class RoomListView(ttk.Frame):
    """Shows a `RoomList`; calls `on_select` after a selection, `on_join` after Enter or a double click."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        rooms: RoomList,
        *,
        on_select: Callable[[], None],
        on_join: Callable[[], None],
        on_diagnose: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._look, self._sanitizer, self._rooms = look, sanitizer, rooms
        self._on_select, self._on_join = on_select, on_join
        self._views: dict[str, RoomRowView] = {}
        self._shown: list[RoomRow] = []
        self._shown_empty_state: EmptyState | None = None
        self._has_focus = self._has_pointer = False
        self._area = ScrollArea(self, look)
        self._area.pack(fill="both", expand=True)
        self._area.content.columnconfigure(0, weight=1)
        self._empty_view = EmptyView(self._area, look, sanitizer, on_diagnose=on_diagnose)
        self._bind_keys()

    def refresh(self, elapsed_s: float) -> None:
        """Show the list as it is now, `elapsed_s` seconds after browsing began."""
        rows = self._rooms.rows()
        if rows != self._shown:
            self._show(rows)
        self._show_empty(self._rooms.empty_state(elapsed_s))
        self.show_selection()

    def show_selection(self) -> None:
        """Show which row is selected."""
        for key, view in self._views.items():
            view.set_selected(on=key == self._rooms.selected, focused=self._has_focus)

    def scroll_to_selected(self) -> None:
        """Scroll just far enough to make the selected row visible."""
        if self._rooms.selected in self._views:
            self._area.see(self._views[self._rooms.selected])

    def selected_height(self) -> int:
        """Return the height that the selected row needs, in pixels; 0 without one."""
        view = self._views.get(self._rooms.selected or "")
        return view.winfo_reqheight() + self._look.scaled(theme.SMALL_GAP) if view else 0

    def focus_list(self) -> None:
        """Give the list the focus."""
        self._area.canvas.focus_set()

    def row_view(self, key: str) -> RoomRowView:
        """Return the widget of one row."""
        return self._views[key]

    def row_texts(self) -> list[str]:
        """Return the visible text of each row, from top to bottom."""
        return [self._views[row.key].visible_text() for row in self._shown]

    @property
    def check_button(self) -> ttk.Button:
        """The button of an empty list that checks again."""
        return self._empty_view.check_button

    def empty_text(self) -> str:
        """Return the visible text of an empty list."""
        return "" if self._shown_empty_state is None else self._empty_view.visible_text()

    def _show(self, rows: list[RoomRow]) -> None:
        for key in self._views.keys() - {row.key for row in rows}:
            self._views.pop(key).destroy()
        shown = {row.key: (index, row) for index, row in enumerate(self._shown)}
        for index, row in enumerate(rows):
            if row.key not in self._views:
                self._views[row.key] = self._new_view(row.key)
            if shown.get(row.key) != (index, row):
                self._views[row.key].show(row)
                gap = (0, self._look.scaled(theme.SMALL_GAP))
                self._views[row.key].grid(row=index, column=0, sticky="ew", pady=gap)
        self._shown = rows

    def _new_view(self, key: str) -> RoomRowView:
        view = RoomRowView(self._area.content, self._look, self._sanitizer)
        for widget in view.bindable_widgets:
            self._area.bind_wheel(widget)
            widget.bind("<Enter>", lambda _: view.set_hover(on=True), add=True)
            widget.bind("<Button-1>", lambda _: self._on_click(key), add=True)
            widget.bind("<Double-Button-1>", lambda _: self._on_join())
        view.bind("<Leave>", lambda _: view.set_hover(on=False))
        return view

    def _show_empty(self, state: EmptyState | None) -> None:
        if state == self._shown_empty_state:
            return
        self._shown_empty_state = state
        if state is None:
            self._empty_view.grid_remove()
        else:
            self._empty_view.show(state)
            self._empty_view.grid(row=0, column=0, sticky="ew", pady=self._look.scaled(theme.WIDE_GAP))

    def _bind_keys(self) -> None:
        canvas = self._area.canvas
        canvas.configure(takefocus=1)
        for key, delta in (
            ("Up", -1),
            ("Down", 1),
            ("Prior", -5),
            ("Next", 5),
            ("Home", -9999),
            ("End", 9999),
        ):
            # mypy infers no type for the default.
            canvas.bind(f"<{key}>", lambda _, delta=delta: self._move(delta))  # type: ignore[misc] # see above
        for key in ("Return", "KP_Enter"):
            canvas.bind(f"<{key}>", lambda _: self._on_join())
        canvas.bind("<Key>", self._on_key)
        canvas.bind("<BackSpace>", lambda _: self._set_filter(self._rooms.filter_text[:-1]))
        canvas.bind("<Escape>", lambda _: self._set_filter(""))
        canvas.bind("<FocusIn>", lambda _: self._on_focus(on=True))
        canvas.bind("<FocusOut>", lambda _: self._on_focus(on=False))
        self.bind("<Enter>", lambda _: self._on_pointer(inside=True))
        self.bind("<Leave>", lambda _: self._on_pointer(inside=False))
        self.bind("<<ThemeChanged>>", lambda _: self._recolor())

    def _on_focus(self, *, on: bool) -> None:
        self._has_focus = on
        if on and self._rooms.selected is None:
            self._rooms.move(1)
            self._on_select()
        self.show_selection()
        self._hold()

    def _on_pointer(self, *, inside: bool) -> None:
        self._has_pointer = inside
        self._hold()

    def _hold(self) -> None:
        """Let no row move while the pointer is on the list, or a row is chosen by keyboard."""
        if self._has_pointer or (self._has_focus and self._rooms.selected is not None):
            self._rooms.freeze()
        else:
            self._rooms.unfreeze()

    def _move(self, delta: int) -> None:
        self._rooms.move(delta)
        self._hold()
        self.scroll_to_selected()
        self._on_select()
        self.show_selection()

    def _on_key(self, event: tk.Event[tk.Canvas]) -> None:
        """Add a typed letter to the filter."""
        typed = typed_character(event)
        if typed.strip(" " if not self._rooms.filter_text else ""):
            self._set_filter(self._rooms.filter_text + typed)

    def _set_filter(self, text: str) -> None:
        self._rooms.set_filter(text)
        self._hold()
        self._on_select()

    def _on_click(self, key: str) -> None:
        self._rooms.select(key)
        self.focus_list()
        self._on_select()
        self.show_selection()

    def _recolor(self) -> None:
        for view in self._views.values():
            view.recolor()
