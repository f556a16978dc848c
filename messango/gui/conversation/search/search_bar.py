"""The search bar of a conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.conversation.search.room_results_view import RoomResultsView
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.search.room_search import AskSearch, RoomSearch
from messango.gui.model.search.transcript_search import TranscriptSearch
from messango.gui.model.text.sanitizer import TextSanitizer


class SearchBar(ttk.Frame):
    """Drives a `TranscriptSearch`, and a `RoomSearch` if the room can search; that has its results below.

    Calls `on_match` for another current match, `on_found` with the number of a message that was chosen below,
    and `on_close` when closed. `ask` searches the room, `today` is the date as separators show it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        search: TranscriptSearch,
        room_search: RoomSearch,
        *,
        ask: AskSearch,
        today: Callable[[], str],
        on_found: Callable[[int], None],
        on_match: Callable[[], None],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._search, self._on_match, self._on_close = search, on_match, on_close
        self._room_search, self._ask = room_search, ask
        self._mentioned = ""
        self._gap = gap = look.scaled(theme.SMALL_GAP)
        self._label = ttk.Label(self, text="Find", style="Muted.TLabel")
        self._label.grid(row=0, column=0, padx=(0, gap))
        self.entry = ttk.Entry(self, font=theme.BODY, width=12)
        self._status_label = ttk.Label(self, style="Small.TLabel", width=14, anchor="center")
        self.previous_button = self._button("↑", lambda: self.move(-1))
        self.next_button = self._button("↓", lambda: self.move(1))
        close = self._button("Close", self.close)
        self.entry.grid(row=0, column=1, sticky="ew")
        for column, button in enumerate((self.previous_button, self.next_button, close), 3):
            button.grid(row=0, column=column)
        self.columnconfigure(1, weight=1)
        self._controls = self.winfo_children()
        self.results = RoomResultsView(self, look, sanitizer, room_search, today=today, on_choose=on_found)
        self.results.grid(row=2, column=0, columnspan=6, sticky="ew", pady=(gap, 0))
        self.results.grid_remove()
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _: self._choose())
        self.entry.bind("<Up>", lambda _: self._move_selection(-1))
        self.entry.bind("<Down>", lambda _: self._move_selection(1))
        self.entry.bind("<F3>", lambda _: self.move(-1))
        for key in ("<Shift-Return>", "<Shift-F3>"):
            self.entry.bind(key, lambda _: self.move(1))
        for widget in (self.entry, self.previous_button, self.next_button, close):
            widget.bind("<Escape>", lambda _: self.close())
        self.bind("<Configure>", lambda event: self._fit(event.width))

    def open(self) -> None:
        """Take the focus, with the last query selected."""
        self._mentioned = ""
        self.entry.focus_set()
        self.entry.selection_range(0, "end")
        self.entry.icursor("end")

    def search_for(self, query: str, *, mentioned: str = "") -> None:
        """Search for these words; with `mentioned` the room only for messages that mention this name."""
        self.open()
        self.entry.delete(0, "end")
        self.entry.insert(0, query)
        self.entry.icursor("end")
        self._mentioned = mentioned

    def step(self) -> bool:
        """Search for a moment; returns whether more is left to search."""
        previous = self._search.current
        self._search.start(self.entry.get())
        self._search.step()
        self._show_status()
        if self._search.current not in (previous, None):
            self._on_match()
        self._step_room()
        return not self._search.done

    def _step_room(self) -> None:
        room_search = self._room_search
        room_search.start(self.entry.get(), mentioned=self._mentioned)
        room_search.load(self._ask)
        if room_search.active:
            self.results.show(self.winfo_toplevel().winfo_height())
            self.results.grid()
        else:
            self.results.grid_remove()

    def _show_status(self) -> None:
        """Show the count of what is loaded; if nothing is, the list below may have more."""
        status = self._search.status_text
        if self._room_search.active and not self._search.has_matches:
            status = ""
        self._status_label.configure(text=status)

    def _move_selection(self, delta: int) -> str:
        """Move in the list below, if there is one; else among the matches."""
        if self._room_search.active and not self.results.is_empty:
            self.results.move(delta)
            return "break"
        return self.move(delta)

    def _choose(self) -> str:
        return "break" if self._room_search.active and self.results.choose() else self.move(-1)

    def move(self, delta: int) -> str:
        """Go to the next match (1), or the one before (-1)."""
        self.step()
        self._search.move(delta)
        self._show_status()
        self._on_match()
        return "break"

    def status_text(self) -> str:
        """Return the position and the number of matches, as shown."""
        return str(self._status_label.cget("text"))

    def close(self) -> str:
        """End the search."""
        self._search.start("")
        self._room_search.start("")
        self._on_close()
        return "break"

    def _fit(self, width: int) -> None:
        """In a narrow bar, hide the label and put the count below the field."""
        gaps = 3 * self._gap
        needed = sum(child.winfo_reqwidth() for child in self._controls) + gaps
        if width < needed:
            self._label.grid_remove()
            self._status_label.configure(anchor="w")
            self._status_label.grid(row=1, column=0, columnspan=6, sticky="w", padx=0)
        else:
            self._label.grid()
            self._status_label.configure(anchor="center")
            self._status_label.grid(row=0, column=2, columnspan=1, sticky="", padx=self._gap)

    def _button(self, text: str, command: Callable[[], object]) -> ttk.Button:
        return ttk.Button(self, text=text, style="Icon.TButton", width=len(text) + 1, command=command)
