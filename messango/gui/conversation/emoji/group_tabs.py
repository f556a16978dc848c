"""The groups of the emoji picker: one sign for each, a click goes there."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from messango.client.emoji.catalog import GROUPS, catalog
from messango.gui.conversation.emoji.drawing import draw_emoji
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.emoji.emoji_grid import RECENT
from messango.gui.model.text.sanitizer import TextSanitizer

_RECENT_SIGN: Final = "🕘"
_EMOJI_FRACTION: Final = 0.62


class GroupTabs(tk.Canvas):
    """Calls `on_group` with the group that was clicked; the current one is underlined."""

    def __init__(
        self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, *, on_group: Callable[[str], object]
    ) -> None:
        super().__init__(
            parent, highlightthickness=0, borderwidth=0, width=1, takefocus=False, cursor="hand2"
        )
        self._look, self._sanitizer, self._on_group = look, sanitizer, on_group
        self._groups: list[str] = []
        self._shown: tuple[object, ...] = ()
        self._current = ""
        self.configure(height=self._height)
        self.bind("<ButtonRelease-1>", self._on_click)
        self.bind("<Configure>", lambda _: self._draw())

    def show(self, groups: Sequence[str], current: str) -> None:
        """Show all groups, and the recent ones if there are any; `current` is the visible one."""
        self._groups = [RECENT, *GROUPS] if RECENT in groups else [*GROUPS]
        self._current = current
        self._draw()

    @property
    def _height(self) -> int:
        return self._look.scaled_with_text(theme.EMOJI_CELL * 0.9)

    def _draw(self) -> None:
        palette, width, height = self._look.palette, self.winfo_width(), self._height
        state = (*self._groups, self._current, palette.name, width, height, self._look.emoji.available)
        if state == self._shown or width <= 1 or not self._groups:
            return
        self._shown = state
        self.delete("all")
        self.configure(background=palette.surface, height=height)
        step = width / len(self._groups)
        for place, group in enumerate(self._groups):
            sign = _RECENT_SIGN if group == RECENT else catalog().group(group)[0].sign
            middle = (int((place + 0.5) * step), int(height * 0.45))
            draw_emoji(self, self._look, self._sanitizer, sign, middle, int(height * _EMOJI_FRACTION))
        line = self._look.scaled(2)
        self.create_rectangle(0, height - 1, width, height, fill=palette.border, width=0)
        if self._current in self._groups:
            left = self._groups.index(self._current) * step
            self.create_rectangle(left, height - line, left + step, height, fill=palette.focus, width=0)

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        step = self.winfo_width() / max(len(self._groups), 1)
        place = int(event.x // step)
        if 0 <= place < len(self._groups):
            self._on_group(self._groups[place])
