"""The strip above a conversation that says what went wrong and offers what to do."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui import theme
from messango.gui.conversation import Banner, Step, Tone
from messango.gui.display import Display
from messango.gui.style import Look


class BannerView(ttk.Frame):
    """Shows a `Banner`; a countdown changes its words only, so that a button keeps the focus."""

    def __init__(
        self, parent: tk.Misc, look: Look, display: Display, *, on_step: Callable[[Step], None]
    ) -> None:
        across, above = look.px(theme.WIDE_GAP), look.px(theme.GAP)
        super().__init__(parent, style="Caution.TFrame", padding=(across, above))
        self._look, self._display, self._on_step = look, display, on_step
        self._shown: Banner | None = None
        self._text = ttk.Label(self)
        self._hint = ttk.Label(self)
        self._buttons = ttk.Frame(self)
        self._text.grid(row=0, column=0, sticky="w")
        self._hint.grid(row=1, column=0, sticky="w", pady=(look.px(2), 0))
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", self._resized)

    def show(self, banner: Banner) -> None:
        """Show `banner`, whatever was shown before."""
        before, self._shown = self._shown, banner
        if banner == before:
            return
        kind = "Danger" if banner.tone is Tone.DANGER else "Caution"
        self.configure(style=f"{kind}.TFrame")
        self._text.configure(text=self._display.line(banner.text), style=f"{kind}Strong.TLabel")
        self._hint.configure(text=self._display.line(banner.hint), style=f"{kind}.TLabel")
        self._buttons.configure(style=f"{kind}Inside.TFrame")
        if before is None or before.steps != banner.steps:
            self._offer(banner.steps, f"{kind}.TButton")

    def button(self, step: Step) -> ttk.Button:
        """Return the button for `step`."""
        return next(button for button in self._all_buttons() if button.cget("text") == step.value)

    def words(self) -> str:
        """Return what is said."""
        return f"{self._text.cget('text')} {self._hint.cget('text')}"

    def _all_buttons(self) -> list[ttk.Button]:
        return [child for child in self._buttons.winfo_children() if isinstance(child, ttk.Button)]

    def _offer(self, steps: tuple[Step, ...], style: str) -> None:
        for button in self._all_buttons():
            button.destroy()
        for place, step in enumerate(steps):
            button = ttk.Button(
                self._buttons,
                text=step.value,
                style=style,
                command=lambda step=step: self._on_step(step),  # type: ignore[misc]
            )
            button.grid(row=0, column=place, padx=(0, self._look.px(theme.SMALL_GAP)))

    def _resized(self, event: tk.Event[ttk.Frame]) -> None:
        """Put the buttons beside the words, or below them where it is narrow."""
        gap, edges = self._look.px(theme.SMALL_GAP), 2 * self._look.px(theme.WIDE_GAP)
        narrow = event.width < self._look.px(theme.NARROW)
        if narrow:
            self._buttons.grid(row=2, column=0, rowspan=1, sticky="w", pady=(gap, 0))
        else:
            self._buttons.grid(row=0, column=1, rowspan=2, sticky="e", pady=0)
        beside = 0 if narrow else self._buttons.winfo_reqwidth() + gap
        for label in (self._text, self._hint):
            label.configure(wraplength=max(event.width - edges - beside, self._look.px(120)))
