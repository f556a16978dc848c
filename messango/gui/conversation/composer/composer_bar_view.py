"""The bar above the message field: for whom the text is, and a button that ends that."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.composer.composer_bar import BarTexts
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.wrapped_label import WrappedLabel


class ComposerBarView(ttk.Frame):
    """Shows `BarTexts`; `on_close` is called by its ✕, which is reached with Tab as well."""

    def __init__(
        self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, *, on_close: Callable[[], None]
    ) -> None:
        super().__init__(parent, padding=(look.scaled(theme.GAP), look.scaled(theme.TINY)))
        self._look, self._sanitizer = look, sanitizer
        self._texts: BarTexts | None = None
        self._stripe = ttk.Frame(self, width=look.scaled(theme.TINY))
        self._title = ttk.Label(self, width=1)
        self._quote_label = ttk.Label(self, width=1)
        self._note = WrappedLabel(self, sanitizer)
        self.close_button = ttk.Button(self, text="✕", width=2, command=on_close)
        gap = look.scaled(theme.SMALL_GAP)
        self.columnconfigure(1, weight=1)
        self._stripe.grid(row=0, column=0, rowspan=3, sticky="ns", padx=(0, gap))
        self._title.grid(row=0, column=1, sticky="ew")
        self._quote_label.grid(row=1, column=1, sticky="ew")
        self._note.grid(row=2, column=1, sticky="ew")
        self.close_button.grid(row=0, column=2, rowspan=3, sticky="ne", padx=(gap, 0))
        self.bind("<Configure>", lambda _: self._fit())
        self.bind("<<ThemeChanged>>", lambda _: self._fit())

    def show(self, texts: BarTexts) -> None:
        """Show these texts; they say more than the colour does."""
        if texts == self._texts:
            return
        self._texts = texts
        kind = "PrivateBar" if texts.is_private else "Bar"
        self.configure(style=f"{kind}.TFrame")
        self._stripe.configure(style=f"{kind}Stripe.TFrame")
        self._title.configure(style=f"{kind}Strong.TLabel")
        self._quote_label.configure(style=f"{kind}Quote.TLabel")
        self._note.configure(style=f"{kind}{'Error' if texts.is_blocked else 'Small'}.TLabel")
        self.close_button.configure(style=f"{kind}.TButton")
        self._note.show(texts.note)
        for label, text in ((self._quote_label, texts.quote), (self._note, texts.note)):
            if text:
                label.grid()
            else:
                label.grid_remove()
        self._fit()

    def visible_text(self) -> str:
        """Return the lines that the bar has."""
        note = self._texts.note if self._texts else ""
        lines = (self._title.cget("text"), self._quote_label.cget("text"), note)
        return "\n".join(filter(None, map(str, lines)))

    def _fit(self) -> None:
        """Cut the title and the quote, and break the note, to the width there is."""
        if self._texts is None:
            return
        edges = self._stripe.winfo_reqwidth() + self.close_button.winfo_reqwidth()
        width = self.winfo_width() - edges - 2 * self._look.scaled(theme.GAP + theme.SMALL_GAP)
        width = max(width, self._look.scaled(120))
        title, quote = self._sanitizer.line(self._texts.title), self._sanitizer.line(self._texts.quote)
        cut_title = self._look.ellipsized(title, theme.STRONG, width)
        self._title.configure(text=self._sanitizer.label(cut_title))
        self._quote_label.configure(
            text=self._sanitizer.label(self._look.ellipsized(quote, theme.SMALL, width))
        )
        self._note.wrap(width)
