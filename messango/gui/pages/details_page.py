"""The page with a room's details: security words, invite link, and the host's controls."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.room_details import RoomDetails
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.copy_field import CopyField
from messango.gui.widgets.layout.side_page import SidePage

_COMPARE = "Everybody in this room sees the same four words. To be sure, read them to each other."


class HostControls(ttk.Frame):
    """The host's controls: lock the room, invite guests, remove members (pairs of a name and its label)."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        members: Sequence[tuple[str, str]],
        *,
        locked: bool,
        on_remove: Callable[[str], None],
        on_lock: Callable[[bool], None],
        on_guests: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._on_lock, self._on_remove = on_lock, on_remove
        gap = look.scaled(theme.SMALL_GAP)
        ttk.Label(self, text="You host this room", style="Heading.TLabel").grid(
            row=0, column=0, columnspan=2, sticky="w", pady=(0, gap)
        )
        self.lock_button = ttk.Button(self, style="Secondary.TButton", command=self._toggle_lock)
        self.lock_button.grid(row=1, column=0, columnspan=2, sticky="w", pady=(0, gap))
        self.guests_button = ttk.Button(
            self, text="Guests from the browser", style="Secondary.TButton", command=on_guests
        )
        self.guests_button.grid(row=2, column=0, columnspan=2, sticky="w", pady=(0, gap))
        self.remove_buttons: dict[str, ttk.Button] = {}
        for row, (name, shown) in enumerate(members, start=3):
            ttk.Label(self, text=shown).grid(
                row=row, column=0, sticky="w", padx=(0, gap), pady=look.scaled(2)
            )
            button = ttk.Button(self, text="Remove", style="Compact.TButton")
            button.configure(command=partial(self._remove, name))
            button.grid(row=row, column=1, sticky="e", pady=look.scaled(2))
            self.remove_buttons[name] = button
        self.columnconfigure(0, weight=1)
        self.show_locked(locked=locked)

    def show_locked(self, *, locked: bool) -> None:
        """Show what the button does: unlock a locked room, or lock it."""
        self._locked = locked
        self.lock_button.configure(text="Unlock room" if locked else "Lock room")

    def _remove(self, name: str) -> None:
        self.remove_buttons[name].state(["disabled"])
        self._on_remove(name)

    def _toggle_lock(self) -> None:
        self.show_locked(locked=not self._locked)
        self._on_lock(self._locked)


class DetailsPage(SidePage):
    """Shows `RoomDetails`; a button copies the invite link."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        details: RoomDetails,
        *,
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(
            parent, look, details.name, sanitizer=sanitizer, title_is_name=True, on_close=on_close
        )
        self.details = details
        card = ttk.Frame(
            self.body, style="Card.TFrame", padding=(look.scaled(theme.WIDE_GAP), look.scaled(theme.GAP))
        )
        ttk.Label(card, text="Security words", style="SurfaceSmall.TLabel").pack(anchor="w")
        text = details.fingerprint_words or "None: this room is not encrypted"
        self._fingerprint_label = ttk.Label(card, text=text, style="SurfaceHeading.TLabel")
        self._fingerprint_label.pack(anchor="w", pady=look.scaled(theme.TINY))
        self._compare_label = ttk.Label(card, text=_COMPARE, style="SurfaceMuted.TLabel")
        self._compare_label.pack(anchor="w")
        card.grid(row=0, column=0, sticky="ew", pady=(0, look.scaled(theme.WIDE_GAP)))
        self.invite = CopyField(self.body, look, "Invite link", text=details.invite)
        self.link, self.copy_button = self.invite.entry, self.invite.copy_button
        self.invite.grid(row=1, column=0, sticky="ew", pady=(0, look.scaled(theme.WIDE_GAP)))
        self._address_label = ttk.Label(
            self.body,
            style="Small.TLabel",
            text=f"Address  {', '.join(details.addresses)}\n{details.fingerprint}",
        )
        self._address_label.grid(row=2, column=0, sticky="ew", pady=(0, look.scaled(theme.WIDE_GAP)))
        self.host_controls: HostControls | None = None
        self.body.bind("<Configure>", self._wrap, add=True)

    def add_host_controls(self, controls: HostControls) -> None:
        """Show the host's controls at the bottom."""
        self.host_controls = controls
        controls.grid(row=3, column=0, sticky="ew", pady=(0, self._look.scaled(theme.WIDE_GAP)))

    def focus_first(self) -> None:
        """Give the copy button the focus."""
        self.copy_button.focus_set()

    def _wrap(self, event: tk.Event[tk.Misc]) -> None:
        inside = event.width - 2 * self._look.scaled(theme.WIDE_GAP)
        for label in (self._fingerprint_label, self._compare_label):
            label.configure(wraplength=inside)
        self._address_label.configure(wraplength=event.width)
