"""The base of pages that cover the rooms or the conversation until they are closed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.wrapped_label import WrappedLabel
from messango.gui.widgets.layout.centered_column import CenteredColumn
from messango.gui.widgets.layout.scroll_area import ScrollArea

_FOR_OWN_WORDS: Final = TextSanitizer(astral=True)


class SidePage(CenteredColumn):
    """Put widgets into `body`, then call `bind_content`. Escape and the button call `on_close`.

    A title with somebody's words in it needs the display's `sanitizer`.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        title: str,
        *,
        sanitizer: TextSanitizer = _FOR_OWN_WORDS,
        title_is_name: bool = False,
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent, look)
        self.title = title
        header = ttk.Frame(self.content)
        self.title_label = WrappedLabel(header, sanitizer, title, is_name=title_is_name, style="Title.TLabel")
        self.close_button = ttk.Button(header, text="Back", style="Secondary.TButton", command=on_close)
        self.close_button.grid(row=0, column=1, sticky="ne", padx=(look.scaled(theme.SMALL_GAP), 0))
        header.columnconfigure(0, weight=1)
        header.pack(fill="x", pady=(0, look.scaled(theme.WIDE_GAP)))
        self._area = ScrollArea(self.content, look)
        self._area.pack(fill="both", expand=True)
        #: The title where it is too long for the place beside the button: there it scrolls with the page.
        self._long_title = WrappedLabel(
            self._area.content, sanitizer, title, is_name=title_is_name, style="Title.TLabel"
        )
        self.body = ttk.Frame(self._area.content)
        self.body.columnconfigure(0, weight=1)
        self._area.content.columnconfigure(0, weight=1)
        self.body.grid(row=1, column=0, sticky="ew")
        self._on_close = on_close
        header.bind("<Configure>", lambda event: self._place_title(event.width))

    def bind_content(self) -> None:
        """Bind keys and mouse wheel on every widget. Call it when all widgets are there."""
        for widget in _with_descendants(self):
            if not str(widget.cget("takefocus")):
                widget.configure(takefocus=False)  # type: ignore[call-arg] # Tab goes to what has keys.
            widget.bind("<Escape>", self._on_escape, add=True)
            widget.bind("<Prior>", lambda _: self._area.page_scroll(-1), add=True)
            widget.bind("<Next>", lambda _: self._area.page_scroll(1), add=True)
        for widget in _with_descendants(self.body):
            self._area.bind_wheel(widget)
            widget.bind("<<TraverseIn>>", lambda event: self._area.see(event.widget), add=True)

    def _place_title(self, width: int) -> None:
        """Put the title beside the button if it fits there on one line, or else into the page."""
        beside = width - self.close_button.winfo_reqwidth() - self._look.scaled(theme.SMALL_GAP)
        if self._look.text_width(self.title, theme.TITLE) <= beside:
            self._long_title.grid_remove()
            self.title_label.wrap(beside)
            self.title_label.grid(row=0, column=0, sticky="ew")
        else:
            self.title_label.grid_remove()
            self._long_title.wrap(width - self._look.scaled(theme.WIDE_GAP))
            gap = (0, self._look.scaled(theme.WIDE_GAP))
            self._long_title.grid(row=0, column=0, sticky="w", pady=gap)

    def focus_first(self) -> None:
        """Give the first widget the focus."""
        self.close_button.focus_set()

    def _on_escape(self, _event: tk.Event[tk.Misc]) -> str:
        self._on_close()
        return "break"


def _with_descendants(widget: tk.Misc) -> list[tk.Misc]:
    return [widget, *(member for child in widget.winfo_children() for member in _with_descendants(child))]
