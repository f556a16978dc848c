"""The page on which a room is opened."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.errors import BadName, BadPassword, MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.host_form import BadRoomName, RoomWish, more_seats, offered_name, read_form
from messango.gui.widgets.field import Field
from messango.gui.widgets.side_page import SidePage
from messango.gui.widgets.spin_box import Stepper
from messango.protocol.limits import DEFAULT_SEATS
from messango.protocol.validation import clean_name

_PROMISE = (
    "Everybody on this network sees it in their list and can join. It is open as long as this window is, "
    "and you are its first member."
)


class HostPage(SidePage):
    """Calls `on_open` with what was filled in and a person's name that keeps to the rules."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        *,
        person: str,
        on_open: Callable[[RoomWish, str], None],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent, look, "Host a room", on_close=on_close)
        self._on_open = on_open
        self._seats = DEFAULT_SEATS
        self._promise = ttk.Label(self.body, style="Muted.TLabel", text=_PROMISE)
        self.name = Field(self.body, look, "The room's name", text=offered_name())
        self.person = Field(self.body, look, "Your name", text=person)
        self.seats = Stepper(self.body, look, "Seats, yours among them", on_step=self._step)
        self.password = Field(self.body, look, "Password, if only those who know it may join", hidden=True)
        self.open_button = ttk.Button(
            self.body, text="Open the room", style="Main.TButton", command=self.open_room
        )
        self._note = ttk.Label(self.body, style="Muted.TLabel")
        self._lay_out(look)
        self._step(0)
        for field in (self.name, self.person, self.password):
            field.entry.bind("<Return>", lambda _: self.open_room())
        self.body.bind("<Configure>", self._wrap, add=True)
        self.ready()

    def focus_first(self) -> None:
        """Give the keyboard to the room's name, ready to be typed over."""
        self.name.entry.focus_set()
        self.name.entry.selection_range(0, "end")

    def open_room(self) -> None:
        """Open the room, or say which field keeps us from it."""
        try:
            wish = read_form(self.name.text(), self._seats, self.password.text())
            person = clean_name(self.person.text())
        except MessangoError as error:
            self.complain(error)
            return
        self.say("The room is being opened…")
        self.open_button.state(["disabled"])
        self._on_open(wish, person)

    def complain(self, error: MessangoError) -> None:
        """Say what is wrong where it can be mended; the room can be opened again."""
        self.open_button.state(["!disabled"])
        self.say("")
        if isinstance(error, BadPassword):
            self.password.complain(error)
        elif isinstance(error, BadName) and not isinstance(error, BadRoomName):
            self.person.complain(error)
        else:
            self.name.complain(error)

    def say(self, words: str) -> None:
        """Say below the button what goes on."""
        self._note.configure(text=words)

    def _step(self, steps: int) -> None:
        self._seats = more_seats(self._seats, steps)
        self.seats.show(str(self._seats))

    def _wrap(self, event: tk.Event[tk.Misc]) -> None:
        self._promise.configure(wraplength=event.width)

    def _lay_out(self, look: Look) -> None:
        gap = (0, look.px(theme.WIDE_GAP))
        self._promise.grid(row=0, column=0, sticky="ew", pady=gap)
        for row, widget in enumerate((self.name, self.person, self.password), start=1):
            widget.grid(row=row, column=0, sticky="ew", pady=gap)
        self.seats.grid(row=4, column=0, sticky="w", pady=gap)
        self.open_button.grid(row=5, column=0, sticky="w")
        self._note.grid(row=6, column=0, sticky="w", pady=look.px(theme.SMALL_GAP))
