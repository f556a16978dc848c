"""The page with the rooms: who you are, what can be joined, and a field for an address."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.discovery.events import FoundRoom
from messango.errors import BadAddress, BadName, MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.pending_join import Wish
from messango.gui.model.room_list import RoomList
from messango.gui.model.target import Target, room_target, typed_target
from messango.gui.model.text_sanitizer import Display
from messango.gui.rooms.recent_addresses import Recent
from messango.gui.rooms.room_list_view import RoomListView
from messango.gui.settings import KeptSettings
from messango.gui.widgets.centered_column import Column
from messango.gui.widgets.color_scheme_button import Toggle
from messango.gui.widgets.field import Field
from messango.gui.widgets.icon_button import SETTINGS, MarkButton
from messango.protocol.validation import clean_name


class RoomsView(Column):
    """Calls `on_join` with a target and a name that keeps to the rules."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        display: Display,
        rooms: RoomList,
        settings: KeptSettings,
        *,
        name: str,
        on_join: Callable[[Target, str], None],
        on_wait: Callable[[FoundRoom], None],
        on_check: Callable[[], None],
    ) -> None:
        """`on_wait` is told a full room that is waited for, or no longer; `on_check` asks the doctor."""
        super().__init__(parent, look)
        self._rooms, self._on_join, self._on_wait = rooms, on_join, on_wait
        self._display, self._waits_for = display, ""
        self._page = self.inside
        self._header().grid(row=0, column=0, sticky="ew")
        self._summary = ttk.Label(self._page, style="Muted.TLabel")
        self._summary.bind("<Configure>", lambda event: self._summary.configure(wraplength=event.width))
        self.list = RoomListView(
            self._page,
            look,
            display,
            rooms,
            on_change=self._chosen,
            on_join=self.join_selected,
            on_check=on_check,
        )
        self._choice = ttk.Frame(self._page)
        self.name = Field(self._choice, look, "Your name", text=name, width=theme.NAME_CHARACTERS)
        self._wish = ttk.Label(self._choice, style="Muted.TLabel")
        self._wish.bind("<Configure>", lambda event: self._wish.configure(wraplength=event.width))
        self.join_button = _button(self._choice, "Join", "Main.TButton", self.join_selected)
        self._by_address = ttk.Frame(self._page)
        self.address = Field(self._by_address, look, "Connect by address or invite link")
        self.recent = Recent(self._by_address, look, display, settings, on_pick=self._pick)
        self.connect_button = _button(self._by_address, "Connect", "Quiet.TButton", self.join_typed)
        self._lay_out()
        self._chosen()
        self.name.entry.bind("<Return>", lambda _: self.join_selected())
        self.address.entry.bind("<Return>", lambda _: self.join_typed())

    def refresh(self, looked_s: float) -> None:
        """Show what the list of rooms holds now."""
        self._summary.configure(text=self._display.line(self._rooms.summary()))
        self.list.refresh(looked_s)
        self.recent.refresh()
        self._chosen()

    def show_wish(self, wish: Wish | None) -> None:
        """Say which room is joined as soon as it can be, or that none is."""
        self._waits_for = wish.room_id if wish else ""
        self._wish.configure(text=self._display.line(wish.words) if wish else "")
        self._chosen()

    def wish_words(self) -> str:
        """Return what is said of the room that is waited for."""
        return str(self._wish.cget("text"))

    def complain(self, error: MessangoError) -> None:
        """Say what is wrong, at the field it is about."""
        (self.name if isinstance(error, BadName) else self.address).complain(error)

    def join_selected(self) -> None:
        """Join the selected room; where it is full, wait for a seat, or wait no longer."""
        room, full = self._rooms.to_join(), self._rooms.to_wait_for()
        if room is not None:
            self.join(room_target(room))
        elif full is not None:
            self._on_wait(full)

    def join_typed(self) -> None:
        """Join by what stands in the address field."""
        try:
            target = typed_target(self.address.text(), self._rooms)
        except BadAddress as error:
            self.address.complain(error)
            return
        self.join(target)

    def join(self, target: Target) -> None:
        """Join by the name that stands in its field, if it keeps to the rules."""
        try:
            name = clean_name(self.name.text())
        except BadName as error:
            self.name.complain(error)
            return
        self._on_join(target, name)

    def _chosen(self) -> None:
        room, full = self._rooms.to_join(), self._rooms.to_wait_for()
        waited = full is not None and full.id == self._waits_for
        self.join_button.configure(
            text="Stop waiting" if waited else "Wait for a seat" if full else "Join",
            style="Quiet.TButton" if full else "Main.TButton",
        )
        self.join_button.state(["!disabled" if room or full else "disabled"])

    def _pick(self, address: str) -> None:
        self.address.entry.delete(0, "end")
        self.address.entry.insert(0, address)
        self.join_typed()

    def _header(self) -> ttk.Frame:
        header = ttk.Frame(self._page)
        header.columnconfigure(1, weight=1)
        self._sign = ttk.Label(header, image=self._look.sign(32))
        self._sign.grid(row=0, column=0, padx=(0, self._look.px(theme.GAP)))
        header.bind("<Configure>", lambda event: self._spare(event.width))
        ttk.Label(header, text="Rooms", style="Title.TLabel").grid(row=0, column=1, sticky="w")
        self.toggle = Toggle(header, self._look)
        self.toggle.grid(row=0, column=2)
        self.settings_button = MarkButton(header, self._look, "gear", "Settings", SETTINGS)
        self.settings_button.grid(row=0, column=3)
        self.host_button = ttk.Button(header, text="Host a room", style="Quiet.TButton")
        self.host_button.grid(row=0, column=4, padx=(self._look.px(theme.SMALL_GAP), 0))
        return header

    def _spare(self, width: int) -> None:
        """Where there is too little room, the sign goes first."""
        if width < self._look.beside_type(theme.HEADER_WIDTH):
            self._sign.grid_remove()
        else:
            self._sign.grid()

    def _lay_out(self) -> None:
        px = self._look.px
        gap, wide = px(theme.GAP), px(theme.WIDE_GAP)
        below_label = (self._look.line_height(theme.SMALL) + px(theme.TINY), 0)
        self._page.columnconfigure(0, weight=1)
        self._page.rowconfigure(2, weight=1)
        self._summary.grid(row=1, column=0, sticky="ew", pady=(px(theme.TINY), wide))
        self.list.grid(row=2, column=0, sticky="nsew")
        self._choice.grid(row=3, column=0, sticky="ew", pady=(gap, 0))
        self._choice.columnconfigure(1, weight=1)
        self.name.grid(row=0, column=0, sticky="nw")
        self._wish.grid(row=0, column=1, sticky="new", padx=gap, pady=below_label)
        self.join_button.grid(row=0, column=2, sticky="ne", pady=below_label)
        rule = ttk.Frame(self._page, style="Rule.TFrame", height=px(1))
        rule.grid(row=4, column=0, sticky="ew", pady=wide)
        self._by_address.grid(row=5, column=0, sticky="ew")
        self._by_address.columnconfigure(0, weight=1)
        self.address.grid(row=0, column=0, sticky="new", padx=(0, px(theme.SMALL_GAP)))
        self.connect_button.grid(row=0, column=1, sticky="ne", pady=below_label)
        self.recent.grid(row=1, column=0, columnspan=2, sticky="ew")


def _button(parent: tk.Misc, text: str, style: str, command: Callable[[], None]) -> ttk.Button:
    return ttk.Button(parent, text=text, style=style, command=command)
