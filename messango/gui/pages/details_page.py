"""The page with a room's details: how to be sure of it, how to invite to it, and the host's hand."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.room_details import Details
from messango.gui.widgets.side_page import SidePage

_COMPARE = "Two people in the same room see the same four words. Read them to each other to be sure."


class HostPart(ttk.Frame):
    """What the host of a room can do: remove somebody (a name, and how it is shown), let nobody new in."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        members: Sequence[tuple[str, str]],
        *,
        locked: bool,
        on_remove: Callable[[str], None],
        on_lock: Callable[[bool], None],
    ) -> None:
        super().__init__(parent)
        self._locked, self._on_lock, self._on_remove = locked, on_lock, on_remove
        gap = look.px(theme.SMALL_GAP)
        ttk.Label(self, text="You host this room", style="Heading.TLabel").grid(
            row=0, column=0, columnspan=2, sticky="w", pady=(0, gap)
        )
        self.lock_button = ttk.Button(self, style="Quiet.TButton", command=self._lock)
        self.lock_button.grid(row=1, column=0, columnspan=2, sticky="w", pady=(0, gap))
        self.remove_buttons: dict[str, ttk.Button] = {}
        for row, (name, shown) in enumerate(members, start=2):
            ttk.Label(self, text=shown).grid(row=row, column=0, sticky="w", padx=(0, gap), pady=look.px(2))
            button = ttk.Button(self, text="Remove", style="Step.TButton")
            button.configure(command=partial(self._remove, name))
            button.grid(row=row, column=1, sticky="e", pady=look.px(2))
            self.remove_buttons[name] = button
        self.columnconfigure(0, weight=1)
        self._say()

    def _remove(self, name: str) -> None:
        self.remove_buttons[name].state(["disabled"])
        self._on_remove(name)

    def _lock(self) -> None:
        self._locked = not self._locked
        self._on_lock(self._locked)
        self._say()

    def _say(self) -> None:
        self.lock_button.configure(text="Let newcomers in again" if self._locked else "Let nobody new in")


class DetailsPage(SidePage):
    """Shows `Details`; the invite link can be copied whole."""

    def __init__(
        self, parent: tk.Misc, look: Look, details: Details, *, on_close: Callable[[], None]
    ) -> None:
        super().__init__(parent, look, details.name, on_close=on_close)
        self.details = details
        card = ttk.Frame(
            self.body, style="Card.TFrame", padding=(look.px(theme.WIDE_GAP), look.px(theme.GAP))
        )
        ttk.Label(card, text="Words of its fingerprint", style="SurfaceSmall.TLabel").pack(anchor="w")
        words = details.words or "none: this room is not encrypted"
        self._words = ttk.Label(card, text=words, style="SurfaceHeading.TLabel")
        self._words.pack(anchor="w", pady=look.px(theme.TINY))
        self._compare = ttk.Label(card, text=_COMPARE, style="SurfaceMuted.TLabel")
        self._compare.pack(anchor="w")
        card.grid(row=0, column=0, sticky="ew", pady=(0, look.px(theme.WIDE_GAP)))
        self._invite(look).grid(row=1, column=0, sticky="ew", pady=(0, look.px(theme.WIDE_GAP)))
        self._facts = ttk.Label(
            self.body, style="Small.TLabel", text=f"Address  {details.address}\n{details.groups}"
        )
        self._facts.grid(row=2, column=0, sticky="ew", pady=(0, look.px(theme.WIDE_GAP)))
        self.host_part: HostPart | None = None
        self.body.bind("<Configure>", self._wrap, add=True)

    def add_host_part(self, part: HostPart) -> None:
        """Show what the host can do below all else."""
        self.host_part = part
        part.grid(row=3, column=0, sticky="ew", pady=(0, self._look.px(theme.WIDE_GAP)))

    def focus_first(self) -> None:
        """Give the keyboard to the button that copies."""
        self.copy_button.focus_set()

    def copy(self) -> None:
        """Put the link on the clipboard, and say so."""
        self.clipboard_clear()
        self.clipboard_append(self.details.invite)
        self.copy_button.configure(text="Copied")

    def _invite(self, look: Look) -> ttk.Frame:
        frame = ttk.Frame(self.body)
        ttk.Label(frame, text="Invite link", style="Small.TLabel").grid(row=0, column=0, sticky="w")
        self.link = ttk.Entry(frame, font=theme.BODY)
        self.link.insert(0, self.details.invite)
        self.link.state(["readonly"])
        self.link.grid(row=1, column=0, sticky="ew", pady=(look.px(theme.TINY), 0))
        self.copy_button = ttk.Button(frame, text="Copy", style="Main.TButton", command=self.copy)
        self.copy_button.grid(
            row=1, column=1, padx=(look.px(theme.SMALL_GAP), 0), pady=(look.px(theme.TINY), 0)
        )
        frame.columnconfigure(0, weight=1)
        return frame

    def _wrap(self, event: tk.Event[tk.Misc]) -> None:
        inside = event.width - 2 * self._look.px(theme.WIDE_GAP)
        for label in (self._words, self._compare):
            label.configure(wraplength=inside)
        self._facts.configure(wraplength=event.width)
