"""One row of the list of rooms."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.room_list import RoomRow
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.ellipsis_label import EllipsisLabel
from messango.gui.widgets.tooltip import Tooltip

_KEY_TOOLTIP: Final = "You need the password to join"
_LOCK_TOOLTIP: Final = "The host lets nobody new in"

#: A name or a host must have at least so much space.
_LEAST_TEXT: Final = "01234567"


class RoomRowView(ttk.Frame):
    """Shows one `RoomRow`: name and host on the left, seats and ping on the right."""

    def __init__(self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer) -> None:
        pad_x, pad_y = look.scaled(theme.WIDE_GAP), look.scaled(theme.GAP)
        super().__init__(parent, style="Row.TFrame", padding=(pad_x, pad_y))
        self._look = look
        self._row: RoomRow | None = None
        self._title = EllipsisLabel(self, look, sanitizer, is_name=True, style="RowName.TLabel")
        self._key = ttk.Label(self, style="Row.TLabel")
        self._lock = ttk.Label(self, style="Row.TLabel")
        Tooltip(self._key, look, lambda: _KEY_TOOLTIP)
        Tooltip(self._lock, look, lambda: _LOCK_TOOLTIP)
        self._host = EllipsisLabel(self, look, sanitizer, is_name=True, style="Row.TLabel")
        self._dots = ttk.Label(self, style="Row.TLabel")
        self._seats = ttk.Label(self, style="Row.TLabel")
        self._status = ttk.Label(self, style="RowStatus.TLabel")
        self.bindable_widgets: tuple[ttk.Widget, ...] = (
            self, self._title, self._host, self._key, self._lock, self._dots, self._seats, self._status,
        )  # fmt: skip
        # A long status takes its width from the host's column and the next one, never from the name above it.
        self._title.grid(row=0, column=0, columnspan=2, sticky="ew")
        self._host.grid(row=1, column=0, sticky="ew", pady=(look.scaled(2), 0))
        self._right = (self._key, self._lock, self._dots, self._seats)
        self.columnconfigure(0, weight=1_000)
        self.columnconfigure(1, weight=1)
        self.bind("<Configure>", lambda event: self._arrange(event.width))

    def show(self, row: RoomRow) -> None:
        """Show `row` instead of the one shown before."""
        self._row = row
        palette, pictures = self._look.palette, self._look.pictures
        self._title.show(row.name)
        self._host.show(row.host)
        self._key.configure(image=pictures.key(palette) if row.password else "")
        self._lock.configure(image=pictures.padlock(palette) if row.locked else "")
        dots = pictures.seat_dots(*row.dots, palette, faded=not row.joinable) if row.dots else ""
        self._dots.configure(image=dots)
        self._seats.configure(text=row.seats)
        facts = ("password" if row.password else "", row.status or row.ping)
        self._status.configure(
            text=" · ".join(filter(None, facts)), style="RowStatus.TLabel" if row.status else "Row.TLabel"
        )
        self._arrange(self.winfo_width())
        self._set_state("alternate", on=not row.joinable)

    def _arrange(self, width: int) -> None:
        """Lay the row out: where little fits, without dots, and with the status below the host."""
        gap, look = self._look.scaled(theme.SMALL_GAP), self._look
        inner = width - 2 * look.scaled(theme.WIDE_GAP)
        title = look.text_width(_LEAST_TEXT, theme.HEADING)
        shown = [label for label in self._right if str(label.cget("image")) or label.cget("text")]
        if width > 1 and sum(label.winfo_reqwidth() + gap for label in shown) + title > inner:
            shown = [label for label in shown if label is not self._dots]
        for column, label in enumerate(self._right, 2):
            if label in shown:
                label.grid(row=0, column=column, sticky="e", padx=(gap, 0))
            else:
                label.grid_remove()
        status = look.text_width(str(self._status.cget("text")), theme.BODY)
        below = width > 1 and status + gap + look.text_width(_LEAST_TEXT, theme.BODY) > inner
        self._host.grid(columnspan=6 if below else 1)
        self._status.configure(wraplength=inner if below else 0)
        if below:
            self._status.grid(row=2, column=0, columnspan=6, sticky="w", padx=0)
        else:
            self._status.grid(row=1, column=1, columnspan=5, sticky="e", padx=(gap, 0))

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
