"""The strip above a conversation that says what went wrong and offers what to do."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.banner import Banner, Step, Tone
from messango.gui.model.text_sanitizer import Display


class BannerView(ttk.Frame):
    """Shows a `Banner`; a countdown changes its words only, so that a button keeps the focus."""

    def __init__(
        self, parent: tk.Misc, look: Look, display: Display, *, on_step: Callable[[Step], None]
    ) -> None:
        across, above = look.px(theme.WIDE_GAP), look.px(theme.GAP)
        super().__init__(parent, style="Caution.TFrame", padding=(across, above))
        self._look, self._display, self._on_step = look, display, on_step
        self._shown: Banner | None = None
        self._offered: dict[Step, ttk.Button] = {}
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
        if banner.hint:
            self._hint.grid()
        else:
            self._hint.grid_remove()
        if before is None or (before.tone, before.buttons) != (banner.tone, banner.buttons):
            self._offer(banner.buttons, f"{kind}.TButton")

    def button(self, step: Step) -> ttk.Button:
        """Return the button for `step`."""
        return self._offered[step]

    def offers(self, step: Step) -> bool:
        """Whether there is a button for `step`."""
        return step in self._offered

    def words(self) -> str:
        """Return what is said."""
        return f"{self._text.cget('text')} {self._hint.cget('text')}"

    def _offer(self, buttons: tuple[tuple[Step, str], ...], style: str) -> None:
        focused = self._focused()
        for button in self._offered.values():
            button.destroy()
        self._offered = {
            step: ttk.Button(
                self._buttons,
                text=self._display.line(words),
                style=style,
                command=partial(self._on_step, step),
            )
            for step, words in buttons
        }
        if focused is not None and buttons:  # who works by keyboard stays where they are
            self._offered.get(focused, self._offered[buttons[0][0]]).focus_set()
        self._arrange(self.winfo_width())

    def _focused(self) -> Step | None:
        # `focus_get` fails while a file dialog has the keyboard: its widgets are Tcl's own.
        focused = str(self.tk.call("focus"))
        return next((step for step, button in self._offered.items() if str(button) == focused), None)

    def _resized(self, event: tk.Event[ttk.Frame]) -> None:
        self._arrange(event.width)

    def _arrange(self, width: int) -> None:
        """Put the buttons beside the words where that leaves enough for them, else below."""
        gap, edges = self._look.px(theme.SMALL_GAP), 2 * self._look.px(theme.WIDE_GAP)
        wanted = sum(button.winfo_reqwidth() + gap for button in self._offered.values())
        below = width < self._look.px(theme.NARROW) or wanted > (width - edges) / 2
        self._flow(width - edges if below else wanted)
        if not wanted:
            self._buttons.grid_remove()  # an empty frame keeps the size that it had
        elif below:
            self._buttons.grid(row=2, column=0, rowspan=1, sticky="w", pady=(gap, 0))
        else:
            self._buttons.grid(row=0, column=1, rowspan=2, sticky="e", pady=0)
        beside = 0 if below else wanted
        for label in (self._text, self._hint):
            label.configure(wraplength=max(width - edges - beside, self._look.px(120)))

    def _flow(self, width: int) -> None:
        """Put as many buttons side by side as fit, the others below them."""
        gap = self._look.px(theme.SMALL_GAP)
        x = y = widest = height = 0
        for button in self._offered.values():
            across, height = button.winfo_reqwidth(), button.winfo_reqheight()
            if x and x + across > width:
                x, y = 0, y + height + gap
            button.place(x=x, y=y, width=min(across, max(width, gap)))
            widest = max(widest, x + across)
            x += across + gap
        self._buttons.configure(width=widest, height=y + height)
