"""What a canvas in a transcript's text leaves to the text: the wheel and the menu."""

from __future__ import annotations

import tkinter as tk
from typing import Final

_WHEEL: Final = ("<MouseWheel>", "<Button-4>", "<Button-5>")
_MENU: Final = ("<Button-2>", "<Button-3>")


def leave_to_text(text: tk.Text, tag: str) -> None:
    """Send these events of all widgets with a binding tag on to the text."""

    def on_wheel(event: tk.Event[tk.Misc]) -> None:
        if event.delta:
            text.event_generate("<MouseWheel>", delta=event.delta)
        else:
            text.event_generate(f"<Button-{event.num}>")

    def on_menu(event: tk.Event[tk.Misc]) -> None:
        x, y = event.x + event.widget.winfo_x(), event.y + event.widget.winfo_y()
        text.event_generate(f"<Button-{event.num}>", x=x, y=y, rootx=event.x_root, rooty=event.y_root)

    for name in _WHEEL:
        text.bind_class(tag, name, on_wheel)
    for name in _MENU:
        text.bind_class(tag, name, on_menu)
