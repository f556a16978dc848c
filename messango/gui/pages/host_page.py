"""The page for hosting a room."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.errors import BadName, BadPassword, MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.host_form import (
    BadRoomName,
    RoomOptions,
    adjust_seats,
    default_room_name,
    read_form,
)
from messango.gui.widgets.field import Field
from messango.gui.widgets.layout.side_page import SidePage
from messango.gui.widgets.segmented_control import SegmentedControl
from messango.gui.widgets.spin_box import SpinBox
from messango.protocol.limits import DEFAULT_SEATS
from messango.protocol.text.validation import clean_name
from messango.web.extra import guest_obstacle

_EXPLANATION = (
    "Everybody on this network sees the room in their list and can join. It stays open as long as this "
    "window does, and you are its first member."
)

_GUESTS_HINT = "Phones without Messango join by a QR code, which you show them when the room is open."


class HostPage(SidePage):
    """Calls `on_open` with valid options and the user's valid name."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        *,
        own_name: str,
        on_open: Callable[[RoomOptions, str], None],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent, look, "Host a room", on_close=on_close)
        self._on_open = on_open
        self._seats = DEFAULT_SEATS
        self._web = False
        self._explanation = ttk.Label(self.body, style="Muted.TLabel", text=_EXPLANATION)
        self.name = Field(self.body, look, "Room name", text=default_room_name())
        self.own_name = Field(self.body, look, "Your name", text=own_name)
        self.seats = SpinBox(self.body, look, "Seats, including yours", on_step=self._change_seats)
        self.password = Field(self.body, look, "Password (optional)", hidden=True)
        self.guests = SegmentedControl(
            self.body, look, "Guests from the browser", ("Off", "On"), on_select=self._choose_guests
        )
        self.guests.show(0)
        self.guests_hint = ttk.Label(self.body, style="Small.TLabel", text=_GUESTS_HINT)
        self.open_button = ttk.Button(
            self.body, text="Open room", style="Primary.TButton", command=self.open_room
        )
        self._status_label = ttk.Label(self.body, style="Muted.TLabel")
        self._lay_out(look)
        self._change_seats(0)
        for field in (self.name, self.own_name, self.password):
            field.entry.bind("<Return>", lambda _: self.open_room())
        self.body.bind("<Configure>", self._wrap, add=True)
        self.bind_content()

    def focus_first(self) -> None:
        """Give the room name the focus, selected."""
        self.name.entry.focus_set()
        self.name.entry.selection_range(0, "end")

    def open_room(self) -> None:
        """Open the room, or show which field is not valid."""
        try:
            options = read_form(self.name.text(), self._seats, self.password.text(), web=self._web)
            own_name = clean_name(self.own_name.text())
        except MessangoError as error:
            self.show_error(error)
            return
        self.show_status("Opening the room…")
        self.open_button.state(["disabled"])
        self._on_open(options, own_name)

    def show_error(self, error: MessangoError) -> None:
        """Show an error at its field, and enable the button again."""
        self.open_button.state(["!disabled"])
        self.show_status("")
        if isinstance(error, BadPassword):
            self.password.show_error(error)
        elif isinstance(error, BadName) and not isinstance(error, BadRoomName):
            self.own_name.show_error(error)
        else:
            self.name.show_error(error)

    def show_status(self, text: str) -> None:
        """Show a text below the button."""
        self._status_label.configure(text=text)

    def _change_seats(self, delta: int) -> None:
        self._seats = adjust_seats(self._seats, delta)
        self.seats.set_text(str(self._seats))

    def _choose_guests(self, index: int) -> None:
        obstacle = guest_obstacle() if index else ""
        self._web = bool(index) and not obstacle
        self.guests.show(int(self._web))
        self.guests_hint.configure(
            text=obstacle or _GUESTS_HINT, style="Error.TLabel" if obstacle else "Small.TLabel"
        )

    def _wrap(self, event: tk.Event[tk.Misc]) -> None:
        for label in (self._explanation, self.guests_hint):
            label.configure(wraplength=event.width)

    def _lay_out(self, look: Look) -> None:
        gap = (0, look.scaled(theme.WIDE_GAP))
        self._explanation.grid(row=0, column=0, sticky="ew", pady=gap)
        for row, widget in enumerate((self.name, self.own_name, self.password), start=1):
            widget.grid(row=row, column=0, sticky="ew", pady=gap)
        self.seats.grid(row=4, column=0, sticky="w", pady=gap)
        self.guests.grid(row=5, column=0, sticky="ew", pady=(0, look.scaled(theme.SMALL_GAP)))
        self.guests_hint.grid(row=6, column=0, sticky="ew", pady=gap)
        self.open_button.grid(row=7, column=0, sticky="w")
        self._status_label.grid(row=8, column=0, sticky="w", pady=look.scaled(theme.SMALL_GAP))
