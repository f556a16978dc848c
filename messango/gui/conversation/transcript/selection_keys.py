"""Selects in a transcript by keyboard, over as many messages as one likes."""

from __future__ import annotations

import tkinter as tk
from typing import Final

#: With Shift, these keys select in every text; without, they scroll the transcript.
_KEYS: Final = ("Up", "Down", "Left", "Right", "Home", "End", "Prior", "Next")


def bind_selection_keys(text: tk.Text) -> None:
    """Leave these keys to Tk, which selects; a selection begins at a line that is in sight."""
    for key in _KEYS:
        for modifiers in ("Shift", "Control-Shift"):
            text.bind(f"<{modifiers}-{key}>", lambda _: _begin_in_sight(text))


def _begin_in_sight(text: tk.Text) -> None:
    """Put the cursor, which is not drawn, at the lowest line in sight if it is elsewhere."""
    if not text.tag_ranges("sel") and not text.bbox("insert"):
        text.mark_set("insert", f"@0,{text.winfo_height()} linestart")
