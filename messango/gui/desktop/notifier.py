"""Shows outside the window what asks for attention: in its title, on its icon, by a quiet sound."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from messango.gui.desktop.window_attention import request_attention
from messango.gui.look.look import Look
from messango.gui.model.text_sanitizer import TextSanitizer


class Notifier:
    """Changes what has changed and nothing else; never takes the focus."""

    def __init__(
        self,
        root: tk.Tk,
        look: Look,
        sanitizer: TextSanitizer,
        hint: Callable[[tk.Tk], object] = request_attention,
    ) -> None:
        self._root, self._look, self._sanitizer, self._hint = root, look, sanitizer, hint
        self._title = self._count = ""

    def show(self, room: str, count: str, *, notify: bool) -> None:
        """Show a room's name with how much of it was not seen; with `call`, ring and point at the window."""
        name = f"{self._sanitizer.title(room)} – Messango" if room else "Messango"
        title = f"({count}) {name}" if count else name
        if title != self._title:
            self._title = title
            self._root.title(title)
        if count != self._count:
            self._count = count
            self._root.tk.call("wm", "iconphoto", str(self._root), self._look.pictures.badge(48, count))
        if notify:
            self._root.bell()
            self._hint(self._root)
