"""The list of what a search has found in all that the room keeps."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.client.events import AnyReceived
from messango.gui.conversation.transcript.search_highlight import find_matches
from messango.gui.conversation.transcript.text_metrics import TextMetrics
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.conversation.member_colors import color_index
from messango.gui.model.search.found_message import FoundMessage, found_message
from messango.gui.model.search.room_search import RoomSearch
from messango.gui.model.text.bidi import has_rtl
from messango.gui.model.text.line_arrangement import RIGHT_TO_LEFT, arrange
from messango.gui.model.text.run_tags import MESSAGE_TEXT, TextRun
from messango.gui.model.text.sanitizer import TextSanitizer

#: Results that are drawn at once; more when somebody scrolls to them.
_BATCH: Final = 20

#: Lines of text that the list is high, in a small window and in a larger one.
_LOW, _HIGH = 4, 7
_LOW_WINDOW: Final = 600

_FOUND: Final = "found"
_SELECTED: Final = "selected"
_ROW: Final = "row-"


class RoomResultsView(ttk.Frame):
    """Shows the results of a `RoomSearch`, the newest first; `on_choose` gets the number of a message.

    The keyboard stays in the field: that calls `move` and `choose`.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        search: RoomSearch,
        *,
        today: Callable[[], str],
        on_choose: Callable[[int], None],
    ) -> None:
        super().__init__(parent, style="Card.TFrame", padding=look.scaled(theme.TINY))
        self._look, self._sanitizer, self._search = look, sanitizer, search
        self._today, self._on_choose = today, on_choose
        self._drawn: list[FoundMessage] = []
        self._selected: int | None = None
        self._version = -1
        gap = look.scaled(theme.SMALL_GAP)
        self._status = ttk.Label(self, style="SurfaceMuted.TLabel", font=theme.SMALL)
        self._status.grid(
            row=0, column=0, columnspan=2, sticky="w", padx=gap, pady=(0, look.scaled(theme.TINY))
        )
        self.text = tk.Text(
            self,
            state="disabled",
            wrap="word",
            height=_HIGH,
            width=1,
            borderwidth=0,
            highlightthickness=0,
            padx=0,
            pady=0,
            font=theme.BODY,
            cursor="hand2",
            insertwidth=0,
            takefocus=False,
        )
        self._scrollbar = ttk.Scrollbar(self, style="Inner.Vertical.TScrollbar", command=self.text.yview)
        self.text.configure(yscrollcommand=self._on_scrolled)
        self.text.grid(row=1, column=0, sticky="nsew")
        self._scrollbar.grid(row=1, column=1, sticky="ns")
        self.columnconfigure(0, weight=1)
        self._metrics = TextMetrics(self.text, lambda: look.emoji_size)
        self.text.bind("<ButtonRelease-1>", self._on_click)
        # It is a list: nothing in it is selected as text.
        for event in ("<B1-Motion>", "<Double-1>", "<Triple-1>"):
            self.text.bind(event, lambda _: "break")
        self.bind("<<ThemeChanged>>", lambda _: self._recolor())
        self._recolor()

    def show(self, window_height: int) -> None:
        """Show the results as they are now."""
        is_new = self._version != self._search.version
        if is_new:
            self._select(None)
        # The former results stay until the next ones come, so that nothing jumps while one types.
        if is_new and not (self._drawn and self._search.is_waiting):
            self._version, self._drawn = self._search.version, []
            self._edit(lambda: self.text.delete("1.0", "end"))
            self.text.yview_moveto(0.0)
            is_new = False
        if not self._drawn and not is_new:
            self._draw_more()
        lines = _LOW if window_height < self._look.scaled(_LOW_WINDOW) else _HIGH
        self.text.configure(height=min(lines, 2 * len(self._drawn)) if self._drawn else 0)
        self._status.configure(text=self._search.status_text)
        if self._drawn:
            self.text.grid()
            self._scrollbar.grid()
        else:
            self.text.grid_remove()
            self._scrollbar.grid_remove()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to move to."""
        return not self._drawn

    def status_text(self) -> str:
        """Return the text above the list."""
        return str(self._status.cget("text"))

    def texts(self) -> list[str]:
        """Return the results that are drawn, each as one text."""
        return [f"{found.name} · {found.when}: {found.snippet}" for found in self._drawn]

    def move(self, delta: int) -> None:
        """Select the next result (1), or the one before (-1)."""
        if not self._drawn or self._version != self._search.version:
            return
        row = -1 if self._selected is None else self._selected
        if row + delta >= len(self._drawn):
            self._draw_more()
        self._select(min(max(row + delta, 0), len(self._drawn) - 1))

    def choose(self) -> bool:
        """Go to the selected message; returns whether there is one."""
        if self._selected is None or self._selected >= len(self._drawn):
            return False
        self._on_choose(self._drawn[self._selected].seq)
        return True

    def _draw_more(self) -> None:
        """Draw the next results, and have the room asked for more before they run out."""
        found: list[AnyReceived] = self._search.results[len(self._drawn) : len(self._drawn) + _BATCH]
        if len(self._search.results) - len(self._drawn) <= 2 * _BATCH and self._search.results:
            self._search.want_more()
        if found:
            today = self._today()
            self._edit(lambda: self._draw_all(found, today))

    def _draw_all(self, messages: list[AnyReceived], today: str) -> None:
        for message in messages:
            self._draw(found_message(message, self._search.words, today))

    def _draw(self, found: FoundMessage) -> None:
        text, number = self.text, len(self._drawn)
        row = f"{_ROW}{number}"
        name = f"name-{color_index(found.name, len(self._look.palette.name_colors))}"
        runs: list[TextRun] = [
            (self._sanitizer.line(found.name), ("heading", name, row)),
            (f"   {found.when}\n", ("heading", "when", row)),
            (f"{self._sanitizer.line(found.snippet)}\n", ("snippet", MESSAGE_TEXT, row)),
        ]
        reorder = self._sanitizer.reorders and any(has_rtl(part) for part, _ in runs)
        arrangement = arrange(runs, self._metrics, reorder=reorder)
        top = int(text.index("end-1c").split(".")[0])
        text.tk.call(str(text), "insert", "end-1c", *(part for run in arrangement.runs for part in run))
        for line, start, stop in find_matches(arrangement, self._search.words):
            text.tag_add(_FOUND, f"{top + line}.{start}", f"{top + line}.{stop}")
        self._drawn.append(found)

    def _select(self, row: int | None) -> None:
        self.text.tag_remove(_SELECTED, "1.0", "end")
        self._selected = row
        place = self.text.tag_ranges(f"{_ROW}{row}")
        if place:
            self.text.tag_add(_SELECTED, str(place[0]), str(place[-1]))
            self.text.see(f"{place[-1]} - 1 chars")
            self.text.see(str(place[0]))

    def _on_click(self, event: tk.Event[tk.Text]) -> None:
        rows = [tag for tag in self.text.tag_names(f"@{event.x},{event.y}") if tag.startswith(_ROW)]
        if rows:
            self._select(int(rows[0].removeprefix(_ROW)))
            self.choose()

    def _on_scrolled(self, first: float, last: float) -> None:
        self._scrollbar.set(first, last)
        if float(last) > 0.7 and self._drawn and self._version == self._search.version:
            self.after_idle(self._draw_more)

    def _edit(self, change: Callable[[], object]) -> None:
        self.text.configure(state="normal")
        change()
        self.text.configure(state="disabled")

    def _recolor(self) -> None:
        palette, inset = self._look.palette, self._look.scaled(theme.SMALL_GAP)
        text = self.text
        text.configure(
            background=palette.surface,
            foreground=palette.text,
            selectbackground=palette.surface,
            selectforeground=palette.text,
            inactiveselectbackground=palette.surface,
        )
        for tag in ("heading", "snippet"):
            text.tag_configure(tag, lmargin1=inset, lmargin2=inset, rmargin=inset)
        text.tag_configure("heading", font=theme.SMALL, spacing1=self._look.scaled(theme.TINY))
        text.tag_configure("snippet", font=theme.BODY, spacing3=self._look.scaled(theme.TINY))
        text.tag_configure("when", foreground=palette.muted)
        for number, color in enumerate(palette.name_colors):
            text.tag_configure(f"name-{number}", foreground=color)
        text.tag_configure(RIGHT_TO_LEFT, justify="right")
        text.tag_configure(_SELECTED, background=palette.selection)
        text.tag_configure(_FOUND, foreground=palette.accent, underline=True)
        text.tag_raise(_FOUND)
