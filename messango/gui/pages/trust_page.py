"""The page that warns of a changed fingerprint, and lets the user accept it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.errors import MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.wrapped_label import WrappedLabel
from messango.gui.widgets.layout.side_page import SidePage
from messango.protocol.text.plain_names import quoted_name
from messango.transport.identity.identity_errors import FingerprintMismatch

_EXPLANATION = (
    "You have not joined, and nothing was sent. Perhaps the host reinstalled Messango or moved to another "
    "computer. Or somebody is impersonating the room, or intercepting your connection."
)
_ASK_HOST = "Ask the host for the four words that their window or terminal shows: by voice, not in a chat."
_CONDITION = "Accept only if the host reads out the second words:"


class TrustPage(SidePage):
    """Calls `on_accept` if the user has compared the words; `on_close` is the safe way out."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        mismatch: FingerprintMismatch,
        *,
        on_accept: Callable[[], None],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent, look, "This room's identity has changed", on_close=on_close)
        self.close_button.configure(text="Do not join", style="Primary.TButton")
        changed = f"{quoted_name(mismatch.room)} has a different fingerprint than before."
        self._paragraphs = [
            WrappedLabel(self.body, sanitizer, changed, style="Strong.TLabel"),
            *(WrappedLabel(self.body, sanitizer, text) for text in (_EXPLANATION, _ASK_HOST)),
        ]
        gap = (0, look.scaled(theme.GAP))
        for row, paragraph in enumerate(self._paragraphs):
            paragraph.grid(row=row, column=0, sticky="ew", pady=gap)
        self.cards = [
            self._card(look, 3, "Security words before", mismatch.expected_words or mismatch.expected[:16]),
            self._card(look, 4, "Security words now", mismatch.seen_words or mismatch.seen[:16]),
        ]
        self._condition = WrappedLabel(self.body, sanitizer, _CONDITION)
        self._condition.grid(
            row=5, column=0, sticky="ew", pady=(look.scaled(theme.SMALL_GAP), look.scaled(theme.GAP))
        )
        self.accept_button = ttk.Button(
            self.body,
            text="They match",
            style="Secondary.TButton",
            command=on_accept,
        )
        self.accept_button.grid(row=6, column=0, sticky="w")
        self._error_label = WrappedLabel(self.body, sanitizer, style="Error.TLabel")
        self._error_label.grid(row=7, column=0, sticky="ew", pady=look.scaled(theme.SMALL_GAP))
        self.body.bind("<Configure>", self._wrap, add=True)
        self.bind_content()

    def show_error(self, error: MessangoError) -> None:
        """Show why the fingerprint could not be accepted."""
        self._error_label.show(f"{error} {error.hint}")

    def visible_text(self) -> str:
        """Return the visible text."""
        return " ".join(
            str(label.cget("text")) for label in (*self._paragraphs, *self.cards, self._condition)
        )

    def _card(self, look: Look, row: int, label: str, text: str) -> ttk.Label:
        card = ttk.Frame(
            self.body, style="Card.TFrame", padding=(look.scaled(theme.WIDE_GAP), look.scaled(theme.GAP))
        )
        ttk.Label(card, text=label, style="SurfaceSmall.TLabel").pack(anchor="w")
        shown = ttk.Label(card, text=text, style="SurfaceHeading.TLabel")
        shown.pack(anchor="w", pady=(look.scaled(theme.TINY), 0))
        card.grid(row=row, column=0, sticky="ew", pady=(0, look.scaled(theme.SMALL_GAP)))
        return shown

    def _wrap(self, event: tk.Event[tk.Misc]) -> None:
        for label in (*self._paragraphs, self._condition, self._error_label):
            label.wrap(event.width)
        for card in self.cards:
            card.configure(wraplength=event.width - 2 * self._look.scaled(theme.WIDE_GAP))
