"""The page that warns of a room which is not the one it was, and lets somebody accept it on purpose."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.errors import FingerprintMismatch, MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.widgets.side_page import SidePage

_EXPLANATION = (
    "You have not joined, and nothing was sent. The host may have set Messango up anew or moved to another "
    "machine. Or somebody pretends to be this room, or sits between you and it."
)
_ASK_HOST = "Ask the host which four words their window or terminal shows, by voice, not in a chat."
_CONDITION = "Only if the host reads the second words is this the room:"


class TrustPage(SidePage):
    """Calls `on_accept` after the words were compared; `on_close` is the safe way out."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        mismatch: FingerprintMismatch,
        room: str,
        *,
        on_accept: Callable[[], None],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent, look, "Not the room it was", on_close=on_close)
        self.close_button.configure(text="Do not join", style="Primary.TButton")
        self._paragraphs = [
            ttk.Label(
                self.body, text=f"“{room}” shows another fingerprint than before.", style="Strong.TLabel"
            ),
            *(ttk.Label(self.body, text=text) for text in (_EXPLANATION, _ASK_HOST)),
        ]
        gap = (0, look.scaled(theme.GAP))
        for row, paragraph in enumerate(self._paragraphs):
            paragraph.grid(row=row, column=0, sticky="ew", pady=gap)
        self.cards = [
            self._card(look, 3, "The room as you know it", mismatch.expected_words or mismatch.expected[:16]),
            self._card(look, 4, "What answered now", mismatch.seen_words or mismatch.seen[:16]),
        ]
        self._condition = ttk.Label(self.body, text=_CONDITION)
        self._condition.grid(
            row=5, column=0, sticky="ew", pady=(look.scaled(theme.SMALL_GAP), look.scaled(theme.GAP))
        )
        self.accept_button = ttk.Button(
            self.body,
            text="The host reads the second words: accept",
            style="Secondary.TButton",
            command=on_accept,
        )
        self.accept_button.grid(row=6, column=0, sticky="w")
        self._error_label = ttk.Label(self.body, style="Error.TLabel")
        self._error_label.grid(row=7, column=0, sticky="ew", pady=look.scaled(theme.SMALL_GAP))
        self.body.bind("<Configure>", self._wrap, add=True)
        self.bind_content()

    def show_error(self, error: MessangoError) -> None:
        """Say why it could not be accepted."""
        self._error_label.configure(text=f"{error} {error.hint}")

    def visible_text(self) -> str:
        """Return what is said."""
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
            label.configure(wraplength=event.width)
        for card in self.cards:
            card.configure(wraplength=event.width - 2 * self._look.scaled(theme.WIDE_GAP))
