"""The emoji picker: a popover of the conversation, with a search field, groups and skin tones.

It is a frame in the window, not a window of its own: no window manager moves it or takes its keyboard.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.conversation.emoji.grid_view import EmojiGridView
from messango.gui.conversation.emoji.group_tabs import GroupTabs
from messango.gui.conversation.emoji.skin_tones import NAMES, SkinTones
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.emoji.emoji_grid import EmojiGrid, describe
from messango.gui.model.emoji.recent_emoji import RecentEmoji
from messango.gui.model.text.sanitizer import TextSanitizer

_COLUMNS: Final = 8


class EmojiPicker(tk.Frame):
    """Lies over its parent while it is open. Nothing is loaded before it is opened the first time.

    Typing searches; arrows select, Tab goes to the next group, Enter or a click picks, Escape closes. With
    Shift the picker stays open for more. Ctrl T, or a right click on an emoji, changes the skin tone.
    """

    def __init__(self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, recent: RecentEmoji) -> None:
        super().__init__(parent, highlightthickness=look.scaled(1))
        self._look, self._recent = look, recent
        self._on_pick: Callable[[str], None] = lambda _: None
        self._focus_before: tk.Misc | None = None
        self._anchor: tk.Misc | None = None
        self._outside = ""
        self._is_used = False
        self.grid_model = EmojiGrid(recent, _COLUMNS, lambda: look.emoji.available)
        self._query = tk.StringVar(self)
        self.entry = ttk.Entry(self, font=theme.BODY, textvariable=self._query)
        self._placeholder = ttk.Label(
            self.entry, text="Search emoji", style="SurfaceMuted.TLabel", cursor="xterm"
        )
        self.tabs = GroupTabs(self, look, sanitizer, on_group=self._go_to_group)
        self.view = EmojiGridView(
            self, look, sanitizer, self.grid_model, on_pick=self._pick, on_selected=self._show_selected
        )
        self._name = ttk.Label(self, style="Surface.TLabel", width=1)
        self._short_name = ttk.Label(self, style="SurfaceSmall.TLabel", width=1)
        self.tones = SkinTones(self, look, on_choose=self._set_tone, on_hover=self._show_hint)
        self._lay_out()
        self._bind_keys()
        self.bind("<<ThemeChanged>>", lambda _: self._recolor())
        self._recolor()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return bool(self.winfo_manager())

    def open(self, anchor: tk.Misc, on_pick: Callable[[str], None]) -> None:
        """Show it near a widget; `on_pick` gets each emoji that is picked. Opened again, it closes."""
        if self.is_open and anchor is self._anchor:
            self.close()
            return
        if not self.is_open:
            self._focus_before = self.focus_get()
        self._anchor, self._on_pick = anchor, on_pick
        if self._is_used:
            self.grid_model.restart()
        self._is_used = True
        self._query.set("")
        self._show_placeholder()
        self._place()
        self.tabs.show([*self.grid_model.groups], self.view.top_group)
        self.view.scroll_to(0)
        self.entry.focus_set()
        self.after(1, self._show_tones)  # painting them takes 20 ms the first time
        self._watch_outside()

    def close(self) -> None:
        """Hide it, and give the keyboard back. Twice is harmless."""
        if not self.is_open:
            return
        had_focus = str(self.tk.call("focus")).startswith(str(self))
        self.place_forget()
        if self._outside:
            self.winfo_toplevel().unbind("<Button-1>", self._outside)
            self._outside = ""
        if had_focus and self._focus_before is not None and self._focus_before.winfo_exists():
            self._focus_before.focus_set()

    def name_text(self) -> str:
        """Return the name of the selected emoji, as shown."""
        return str(self._name.cget("text"))

    def _pick(self, stays_open: bool) -> None:  # noqa: FBT001 (a callback)
        sign = self.grid_model.selected
        if not sign:
            return
        self._recent.remember(sign)
        if not stays_open:
            self.close()
        self._on_pick(sign)

    def _search(self) -> None:
        self._show_placeholder()
        if self._query.get() == self.grid_model.query:
            return
        self.grid_model.search(self._query.get())
        self.tabs.show([*self.grid_model.groups], "")
        self.view.scroll_to(0)

    def _show_placeholder(self) -> None:
        if self._query.get():
            self._placeholder.place_forget()
        else:
            self._placeholder.place(x=self._look.scaled(theme.GAP), rely=0.5, anchor="w")

    def _move(self, rows: int, columns: int) -> str:
        self.grid_model.move(rows, columns)
        self.view.see_selected()
        return "break"

    def _go_to_group(self, group: str) -> str:
        self._query.set("")
        self.view.scroll_to(self.grid_model.go_to_group(group))
        return "break"

    def _set_tone(self, tone: int) -> str:
        self._recent.set_tone(tone)
        self.tones.show(tone)
        self.view.show()
        self._show_hint(NAMES[tone])
        return "break"

    def _next_tone(self) -> str:
        return self._set_tone((self._recent.tone + 1) % len(NAMES))

    def _show_tones(self) -> None:
        self.tones.show(self._recent.tone)

    def _show_selected(self) -> None:
        name, short_name = describe(self.grid_model.selected)
        self._name.configure(text=name)
        self._short_name.configure(text=short_name)
        self.tabs.show([*self.grid_model.groups], self.view.top_group)

    def _show_hint(self, text: str) -> None:
        if text:
            self._name.configure(text=text)
            self._short_name.configure(text="Skin tone · Ctrl T")
        else:
            self._show_selected()

    def _place(self) -> None:
        """Place it above its anchor, or below where there is more room; within the page in any case."""
        look, anchor, page = self._look, self._anchor, self.master
        margin = look.scaled(theme.SMALL_GAP)
        cell = look.scaled_with_text(theme.EMOJI_CELL)
        self.update_idletasks()
        others = self.winfo_reqheight() - self.view.winfo_reqheight()
        width = min(
            _COLUMNS * cell + look.scaled(theme.WIDE_GAP + theme.GAP), page.winfo_width() - 2 * margin
        )
        x, y, above, below = margin, margin, page.winfo_height(), 0
        if anchor is not None and anchor.winfo_ismapped():
            x = anchor.winfo_rootx() - page.winfo_rootx() + anchor.winfo_width() - width
            y = anchor.winfo_rooty() - page.winfo_rooty()
            above, below = y, page.winfo_height() - y - anchor.winfo_height()
        room = max(above, below) - 2 * margin
        height = others + cell * max(min(theme.EMOJI_ROWS, (room - others) // cell), 2)
        x = min(max(x, margin), page.winfo_width() - width - margin)
        y = y - height - margin if above >= below else y + (anchor.winfo_height() if anchor else 0) + margin
        y = min(max(y, margin), max(page.winfo_height() - height - margin, 0))
        self.place(x=x, y=y, width=width, height=height, bordermode="outside")
        self.lift()
        self.update_idletasks()

    def _watch_outside(self) -> None:
        if not self._outside:
            self._outside = self.winfo_toplevel().bind("<Button-1>", self._on_click, add=True)

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        path, anchor = str(event.widget), str(self._anchor)
        if not path.startswith(str(self)) and path != anchor:
            self.close()

    def _bind_keys(self) -> None:
        entry = self.entry
        self._query.trace_add("write", lambda *_: self._search())
        self._placeholder.bind("<Button-1>", lambda _: entry.focus_set())
        keys: dict[str, Callable[[], object]] = {
            "<Up>": lambda: self._move(-1, 0),
            "<Down>": lambda: self._move(1, 0),
            "<Left>": lambda: self._move(0, -1),
            "<Right>": lambda: self._move(0, 1),
            "<Prior>": lambda: self._move(-self.view.visible_rows, 0),
            "<Next>": lambda: self._move(self.view.visible_rows, 0),
            "<Tab>": lambda: self._go_to_group(self.grid_model.next_group(1)),
            "<Shift-Tab>": lambda: self._go_to_group(self.grid_model.next_group(-1)),
            "<Return>": lambda: self._pick(stays_open=False),
            "<KP_Enter>": lambda: self._pick(stays_open=False),
            "<Shift-Return>": lambda: self._pick(stays_open=True),
            "<Escape>": self.close,
            "<Control-period>": self.close,
            "<Control-t>": self._next_tone,
        }
        for key, action in keys.items():
            entry.bind(key, lambda _, action=action: (action(), "break")[1])  # type: ignore[misc]
        self.view.canvas.bind("<Button-3>", lambda _: self._next_tone())

    def _lay_out(self) -> None:
        gap, tiny = self._look.scaled(theme.SMALL_GAP), self._look.scaled(theme.TINY)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.entry.grid(row=0, column=0, columnspan=2, sticky="ew", padx=gap, pady=(gap, tiny))
        self.tabs.grid(row=1, column=0, columnspan=2, sticky="ew", padx=gap)
        self.view.grid(row=2, column=0, columnspan=2, sticky="nsew", padx=(gap, tiny))
        self._name.grid(row=3, column=0, sticky="ew", padx=gap, pady=(tiny, 0))
        self._short_name.grid(row=4, column=0, sticky="ew", padx=gap, pady=(0, gap))
        self.tones.grid(row=3, column=1, rowspan=2, sticky="e", padx=(0, gap), pady=(0, tiny))

    def _recolor(self) -> None:
        palette = self._look.palette
        self.configure(
            background=palette.surface,
            highlightbackground=palette.border,
            highlightcolor=palette.border,
        )
        if self.is_open:
            self._place()
            self.tones.show(self._recent.tone)
            self.view.show()
            self.tabs.show([*self.grid_model.groups], self.view.top_group)
