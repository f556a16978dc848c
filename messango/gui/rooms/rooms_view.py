"""The page with the list of rooms, your name, and a field for an address."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.discovery.searching.name_lookup import KnownRank
from messango.errors import BadAddress, BadName, MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.join_target import JoinTarget, PendingJoin, room_target, typed_target
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.rooms.recent_addresses import RecentAddresses
from messango.gui.rooms.room_list_view import RoomListView
from messango.gui.rooms.rooms_header import RoomsHeader
from messango.gui.settings import SettingsStore
from messango.gui.widgets.color_scheme_button import TOGGLE_COLOR_SCHEME
from messango.gui.widgets.field import Field
from messango.gui.widgets.icon_button import IconButton
from messango.gui.widgets.labels.limited_text import LimitedText
from messango.gui.widgets.labels.wrapped_label import WrappedLabel
from messango.gui.widgets.layout.centered_column import CenteredColumn
from messango.protocol.text.validation import clean_name


class RoomsView(CenteredColumn):
    """Calls `on_join` with a target and a valid name."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        rooms: RoomList,
        settings: SettingsStore,
        *,
        name: str,
        on_join: Callable[[JoinTarget, str], None],
        on_wait: Callable[[FoundRoom], None],
        on_diagnose: Callable[[], None],
        known_rank: Callable[[str], KnownRank | None],
    ) -> None:
        """`on_wait` gets a full room: wait for a seat, or stop waiting; `on_diagnose` runs the doctor."""
        super().__init__(parent, look)
        self._rooms, self._on_join, self._on_wait = rooms, on_join, on_wait
        self._known_rank = known_rank
        self._sanitizer = sanitizer
        self._pending: PendingJoin | None = None
        self._page = self.content
        self._header = RoomsHeader(self._page, look)
        self.host_button = self._header.host_button
        self._summary = WrappedLabel(self._page, sanitizer, style="Muted.TLabel")
        self._summary.bind("<Configure>", lambda event: self._summary.wrap(event.width))
        self.list_view = RoomListView(
            self._page,
            look,
            sanitizer,
            rooms,
            on_select=self._on_select,
            on_join=self.join_selected,
            on_diagnose=on_diagnose,
        )
        self._join_bar = ttk.Frame(self._page)
        self.name = Field(self._join_bar, look, "Your name", text=name, width=theme.NAME_CHARACTERS)
        self._notice = LimitedText(self._join_bar, look, sanitizer, ("Muted.TLabel", "TFrame"))
        self.join_button = self.name.add_button("Join", "Primary.TButton", self.join_selected, at_edge=True)
        self._address_bar = ttk.Frame(self._page)
        self.address = Field(self._address_bar, look, "Connect by address or invite link")
        self.recent = RecentAddresses(
            self._address_bar, look, sanitizer, settings, on_pick=self._connect_recent
        )
        self.connect_button = self.address.add_button("Connect", "Secondary.TButton", self.join_typed)
        self._rule = ttk.Frame(self._page, style="Separator.TFrame", height=look.scaled(1))
        #: In a low window, changes between the list's bar and the one for an address.
        self.switch_button = ttk.Button(self._page, style="Link.TButton", command=self._switch_bars)
        self._is_low = self._types_address = False
        self._lay_out()
        self._update_join_button()
        self.name.entry.bind("<Return>", lambda _: self.join_selected())
        self.address.entry.bind("<Return>", lambda _: self.join_typed())

    def refresh(self, elapsed_s: float) -> None:
        """Show the list as it is now, `elapsed_s` seconds after browsing began."""
        self._summary.show(self._rooms.summary())
        self.list_view.refresh(elapsed_s)
        self.recent.refresh()
        self._show_selected()
        self._arrange()

    def show_pending_join(self, pending: PendingJoin | None) -> None:
        """Show which room will be joined, or nothing."""
        self._pending = pending
        self._show_selected()

    def notice_text(self) -> str:
        """Return the text about the pending room, or about the selected one that does not answer."""
        return self._notice.text

    def show_error(self, error: MessangoError) -> None:
        """Show an error at the field that it is about."""
        about_name = isinstance(error, BadName)
        self._show_bar(address=not about_name)
        (self.name if about_name else self.address).show_error(error)

    @property
    def color_scheme_button(self) -> IconButton:
        """The button for light or dark."""
        return self._header.actions.buttons[TOGGLE_COLOR_SCHEME]

    def focus_address(self) -> None:
        """Give the field for an address the focus."""
        self._show_bar(address=True)
        self.address.entry.focus_set()

    def join_selected(self) -> None:
        """Join the selected room; if it is full or locked, wait for it, or stop waiting."""
        room, closed = self._rooms.selected_joinable(), self._rooms.selected_closed()
        if room is not None:
            self.join(room_target(room))
        elif closed is not None:
            self._on_wait(closed)

    def join_typed(self) -> None:
        """Join by the text of the address field."""
        try:
            text = self.address.text()
            target = typed_target(text, self._rooms, self._known_rank(text))
        except BadAddress as error:
            self.address.show_error(error)
            return
        self.join(target)

    def join(self, target: JoinTarget) -> None:
        """Join under the name in its field, if it is valid."""
        try:
            name = clean_name(self.name.text())
        except BadName as error:
            self.name.show_error(error)
            return
        self._on_join(target, name)

    def _on_select(self) -> None:
        self._show_selected()
        self.list_view.scroll_to_selected()  # The notice may have taken its place.

    def _show_selected(self) -> None:
        rooms, pending = self._rooms, self._pending
        notice = pending.status_text(rooms) if pending else rooms.selected_reason()
        self._notice.show(notice)
        if notice:
            self._notice.grid()
        else:
            self._notice.grid_remove()
        self._limit_notice()
        self._update_join_button()

    def _update_join_button(self) -> None:
        room, closed = self._rooms.selected_joinable(), self._rooms.selected_closed()
        self.join_button.configure(
            text="Join" if closed is None else self._wait_text(closed),
            style="Primary.TButton" if closed is None else "Secondary.TButton",
        )
        self.join_button.state(["!disabled" if room or closed else "disabled"])

    def _wait_text(self, closed: FoundRoom) -> str:
        if self._pending is not None and closed.id == self._pending.room_id:
            return "Stop waiting"
        return "Wait for a seat" if closed.status is RoomStatus.FULL else "Wait until unlocked"

    def _connect_recent(self, address: str) -> None:
        self.address.entry.delete(0, "end")
        self.address.entry.insert(0, address)
        self.join_typed()

    def _switch_bars(self) -> None:
        self._show_bar(address=not self._types_address)
        (self.address.entry if self._types_address else self.name.entry).focus_set()

    def _show_bar(self, *, address: bool) -> None:
        """In a low window, show one of the two bars."""
        self._types_address = address
        self._arrange()

    def _arrange(self) -> None:
        """Leave the list enough height: in a low window by showing one bar, and a button for the other."""
        bars = self._join_bar.winfo_reqheight() + self._address_bar.winfo_reqheight() - self._notice_height()
        gaps = self._look.scaled(3 * theme.WIDE_GAP + theme.GAP)
        others = self._header.winfo_reqheight() + self._summary.winfo_reqheight() + bars + gaps
        self._is_low = self._page.winfo_height() - others < self._row_height()
        _show(self._join_bar, on=not (self._is_low and self._types_address))
        _show(self._address_bar, on=not self._is_low or self._types_address)
        _show(self._rule, on=not self._is_low)
        _show(self.switch_button, on=self._is_low)
        self.switch_button.configure(
            text="Choose from the list" if self._types_address else "Type an address"
        )
        self._limit_notice()

    def _row_height(self) -> int:
        lines = self._look.line_height(theme.HEADING) + self._look.line_height(theme.BODY)
        return lines + self._look.scaled(2 * theme.WIDE_GAP)

    def _limit_notice(self) -> None:
        """Leave the list one row, as high as the selected one, and the notice at least two lines."""
        others = self._page.winfo_reqheight() - self.list_view.winfo_reqheight() - self._notice_height()
        shared = self._page.winfo_height() - others
        row = max(self._row_height(), self.list_view.selected_height())
        self._notice.limit_height(max(shared - row, 2 * self._look.line_height(theme.BODY)))

    def _notice_height(self) -> int:
        return self._notice.winfo_reqheight() if self._notice.winfo_manager() else 0

    def _lay_out(self) -> None:
        px = self._look.scaled
        gap, wide = px(theme.GAP), px(theme.WIDE_GAP)
        self._page.bind("<Configure>", lambda _: self._arrange())
        self._page.columnconfigure(0, weight=1)
        self._page.rowconfigure(2, weight=1)
        self._header.grid(row=0, column=0, sticky="ew")
        self._summary.grid(row=1, column=0, sticky="ew", pady=(px(theme.TINY), wide))
        self.list_view.grid(row=2, column=0, sticky="nsew")
        self._join_bar.grid(row=3, column=0, sticky="ew", pady=(gap, 0))
        self._join_bar.columnconfigure(0, weight=1)
        self.name.grid(row=0, column=0, sticky="ew")
        self._notice.grid(row=1, column=0, sticky="ew", pady=(px(theme.TINY), 0))
        self._notice.grid_remove()
        self._rule.grid(row=4, column=0, sticky="ew", pady=wide)
        self._address_bar.grid(row=5, column=0, sticky="ew")
        self._address_bar.columnconfigure(0, weight=1)
        self.address.grid(row=0, column=0, sticky="ew")
        self.recent.grid(row=1, column=0, sticky="ew")
        self.switch_button.grid(row=6, column=0, sticky="w")


def _show(widget: ttk.Widget, *, on: bool) -> None:
    if on != bool(widget.winfo_manager()):
        if on:
            widget.grid()
        else:
            widget.grid_remove()
