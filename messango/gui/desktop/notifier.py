"""Shows unseen messages in the window's title and icon, and notifies by a sound and a hint."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from messango.gui.desktop.window_attention import request_attention
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer

#: Beyond this many characters, a title ends in an ellipsis: what follows it must stay in sight.
_MAX_TITLE: Final = 40


class Notifier:
    """Updates only what has changed; never takes the focus."""

    def __init__(
        self,
        root: tk.Tk,
        look: Look,
        sanitizer: TextSanitizer,
        hint: Callable[[tk.Tk], object] = request_attention,
    ) -> None:
        self._root, self._look, self._sanitizer, self._hint = root, look, sanitizer, hint
        self._title = self._count = ""

    def show(self, room: str, count: str, *, for_us: str = "", notify: bool) -> None:
        """Show a room's name and its number of unseen messages; with `notify`, ring and request attention.

        `for_us` is how many of them mention us or were sent to us only, or empty.
        """
        name = f"{_cut(self._sanitizer.title(room))} – Messango" if room else "Messango"
        counts = f"{count}, @{for_us}" if for_us else count
        title = f"({counts}) {name}" if count else name
        if title != self._title:
            self._title = title
            self._root.title(title)
        if count != self._count:
            self._count = count
            self._root.tk.call("wm", "iconphoto", str(self._root), self._look.pictures.badge(48, count))
        if notify:
            self._root.bell()
            self._hint(self._root)


def _cut(title: str) -> str:
    return title if len(title) <= _MAX_TITLE else f"{title[: _MAX_TITLE - 1].rstrip()}…"
