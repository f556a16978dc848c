"""One row of the list of rooms."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.room_list import RoomRow
from messango.gui.model.text.sanitizer import TextSanitizer


class RoomRowView(ttk.Frame):
    """Shows one `RoomRow`: name and host on the left, seats and ping on the right."""

    def __init__(self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer) -> None:
        pad_x, pad_y = look.scaled(theme.WIDE_GAP), look.scaled(theme.GAP)
        super().__init__(parent, style="Row.TFrame", padding=(pad_x, pad_y))
        self._look, self._sanitizer = look, sanitizer
        self._row: RoomRow | None = None
        self._title = ttk.Label(self, style="RowName.TLabel")
        self._lock = ttk.Label(self, style="Row.TLabel")
        self._host = ttk.Label(self, style="Row.TLabel")
        self._dots = ttk.Label(self, style="Row.TLabel")
        self._seats = ttk.Label(self, style="Row.TLabel")
        self._status = ttk.Label(self, style="RowStatus.TLabel")
        self.bindable_widgets: tuple[ttk.Widget, ...] = (
            self, self._title, self._host, self._lock, self._dots, self._seats, self._status,
        )  # fmt: skip
        gap = look.scaled(theme.SMALL_GAP)
        # A long status takes its width from the host's column and the next one, never from the name above it.
        self._title.grid(row=0, column=0, columnspan=2, sticky="ew")
        self._host.grid(row=1, column=0, sticky="ew", pady=(look.scaled(2), 0))
        self._lock.grid(row=0, column=2, sticky="e", padx=(gap, 0))
        self._dots.grid(row=0, column=3, sticky="e", padx=(gap, 0))
        self._seats.grid(row=0, column=4, sticky="e", padx=(gap, 0))
        self._status.grid(row=1, column=1, columnspan=4, sticky="e", padx=(gap, 0))
        self.columnconfigure(0, weight=1_000)
        self.columnconfigure(1, weight=1)
        self._title.bind("<Configure>", lambda event: self._fit_title(event.width))
        self._host.bind("<Configure>", lambda event: self._fit_host(event.width))

    def show(self, row: RoomRow) -> None:
        """Show `row` instead of the one shown before."""
        self._row = row
        self._fit_title(self._title.winfo_width())
        has_lock = row.password or row.locked  # `status` tells the two apart
        self._lock.configure(image=self._look.pictures.padlock(self._look.palette) if has_lock else "")
        self._fit_host(self._host.winfo_width())
        dots = (
            self._look.pictures.seat_dots(*row.dots, self._look.palette, faded=not row.joinable)
            if row.dots
            else ""
        )
        self._dots.configure(image=dots)
        self._seats.configure(text=row.seats)
        self._status.configure(
            text=row.status or row.ping, style="RowStatus.TLabel" if row.status else "Row.TLabel"
        )
        self._set_state("alternate", on=not row.joinable)

    def _fit_title(self, width: int) -> None:
        if self._row is not None:
            self._fit(self._title, self._row.name, theme.HEADING, width)

    def _fit_host(self, width: int) -> None:
        if self._row is not None:
            self._fit(self._host, self._row.host, theme.BODY, width)

    def _fit(self, label: ttk.Label, text: str, font: str, width: int) -> None:
        """Show as much of the text as fits; before the first layout, `width` is 1."""
        text = self._sanitizer.line(text)
        shown = self._sanitizer.name(text if width <= 1 else self._look.ellipsized(text, font, width))
        if shown != label.cget("text"):
            label.configure(text=shown)

    def visible_text(self) -> str:
        """Return the visible text of the row."""
        texts = (str(widget.cget("text")) for widget in self.bindable_widgets[1:])
        return " ".join(text.strip() for text in texts if text)

    def recolor(self) -> None:
        """Show the row in a new palette."""
        if self._row is not None:
            self.show(self._row)

    def set_hover(self, *, on: bool) -> None:
        """Show whether the pointer is over this row."""
        self._set_state("hover", on=on)

    def set_selected(self, *, on: bool, focused: bool) -> None:
        """Show whether this row is selected, and whether the list has the focus."""
        self._set_state("selected", on=on)
        self._set_state("focus", on=on and focused)

    def _set_state(self, state: str, *, on: bool) -> None:
        for widget in self.bindable_widgets:
            widget.state([state if on else f"!{state}"])
