"""How to invite others, above the conversation of a room that was just opened."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.room_details import RoomDetails
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.copy_field import CopyField
from messango.gui.widgets.labels.wrapped_label import WrappedLabel
from messango.gui.widgets.layout.limited_area import LimitedArea
from messango.protocol.text.plain_names import quoted_name

_COMPARE: Final = "They see the same words. Compare them once, by voice."


class InviteCard(LimitedArea):
    """Shows the invite link with a button that copies it, the security words, and a way to the QR code."""

    def __init__(
        self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, *, on_close: Callable[[], None]
    ) -> None:
        super().__init__(parent, look)
        content, gap = self.content, look.scaled(theme.SMALL_GAP)
        self._details: RoomDetails | None = None
        #: Shows how guests get in from their browsers.
        self.on_guests: Callable[[], None] = lambda: None
        heading = ttk.Frame(content)
        title = WrappedLabel(heading, sanitizer, "Invite others", style="Heading.TLabel")
        self.close_button = ttk.Button(heading, text="Hide", style="Link.TButton", command=on_close)
        title.pack(side="left")
        self.close_button.pack(side="right")
        self._text = WrappedLabel(content, sanitizer, style="Muted.TLabel")
        self.link = CopyField(content, look, "Invite link")
        self._words = WrappedLabel(content, sanitizer, style="Strong.TLabel")
        self._hint = WrappedLabel(content, sanitizer, style="Small.TLabel")
        self.guests_button = ttk.Button(
            content, text="Invite phones by QR code", style="Link.TButton", command=lambda: self.on_guests()
        )
        rows = (heading, self._text, self.link, self._words, self._hint, self.guests_button)
        for row, widget in enumerate(rows):
            sticky = "w" if widget is self.guests_button else "ew"
            widget.grid(row=row, column=0, sticky=sticky, pady=(0, gap if row < 3 else 0))
            self.bind_wheel(widget)
        content.columnconfigure(0, weight=1)
        content.bind("<Configure>", lambda event: self._wrap(event.width), add=True)
        for widget in (
            self.close_button,
            self.link.entry,
            self.link.copy_button,
            self.guests_button,
        ):
            widget.bind("<FocusIn>", lambda event: self.see(event.widget), add=True)

    def show(self, details: RoomDetails) -> None:
        """Show how to get into this room."""
        if details == self._details:
            return
        self._details = details
        self._text.show(
            f"Everybody on this network sees {quoted_name(details.name)} in their list. "
            "You can also send them this link:"
        )
        self.link.show(details.invite)
        words = details.fingerprint_words
        self._words.show(f"Security words: {words}" if words else "")
        self._hint.show(_COMPARE if words else "This room is not encrypted.")

    def _wrap(self, width: int) -> None:
        for label in (self._text, self._words, self._hint):
            label.wrap(max(width - self._look.scaled(theme.SMALL_GAP), 1))
