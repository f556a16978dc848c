"""The banner above a conversation: what went wrong, and buttons for what to do."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.conversation.banner import Banner, BannerAction, BannerSeverity
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.limited_text import LimitedText
from messango.gui.widgets.labels.wrapped_label import WrappedLabel
from messango.gui.widgets.layout.limited_area import LimitedArea


class BannerView(ttk.Frame):
    """Shows a `Banner`; a countdown changes only its text, so that a button keeps the focus."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        *,
        on_action: Callable[[BannerAction], None],
    ) -> None:
        self._pad_y = look.scaled(theme.GAP)
        super().__init__(parent, style="Warning.TFrame", padding=(look.scaled(theme.WIDE_GAP), self._pad_y))
        self._look, self._sanitizer, self._on_action = look, sanitizer, on_action
        self._shown: Banner | None = None
        self._buttons_by_action: dict[BannerAction, ttk.Button] = {}
        self._area = LimitedArea(self, look, "WarningInside.TFrame")
        self._area.pack(fill="both", expand=True)
        inside = self._area.content
        self._text = WrappedLabel(inside, sanitizer)
        self._hint = LimitedText(inside, look, sanitizer, ("Warning.TLabel", "WarningInside.TFrame"))
        self._button_frame = ttk.Frame(inside)
        self._text.grid(row=0, column=0, sticky="w")
        self._hint.grid(row=1, column=0, sticky="ew", pady=(look.scaled(2), 0))
        inside.columnconfigure(0, weight=1)
        for widget in (self._text, self._button_frame):
            self._area.bind_wheel(widget)
        self.bind("<Configure>", self._on_resize)

    def show(self, banner: Banner) -> None:
        """Show `banner` instead of the one shown before."""
        before, self._shown = self._shown, banner
        if banner == before:
            return
        kind = "Danger" if banner.severity is BannerSeverity.DANGER else "Warning"
        self.configure(style=f"{kind}.TFrame")
        self._text.configure(style=f"{kind}Strong.TLabel")
        self._area.use_style(f"{kind}Inside.TFrame")
        self._hint.use_styles((f"{kind}.TLabel", f"{kind}Inside.TFrame"))
        self._text.show(banner.text)
        self._hint.show(banner.hint)
        self._button_frame.configure(style=f"{kind}Inside.TFrame")
        if banner.hint:
            self._hint.grid()
        else:
            self._hint.grid_remove()
        if before is None or (before.severity, before.buttons) != (banner.severity, banner.buttons):
            self._show_buttons(banner.buttons, f"{kind}.TButton")

    def limit_height(self, pixels: int) -> None:
        """Be no higher than this: a long hint scrolls, so that the buttons stay visible; or all scrolls."""
        edges = 2 * self._pad_y
        others = edges + self._area.content.winfo_reqheight() - self._hint.winfo_reqheight()
        fits = pixels - others >= 2 * self._look.line_height(theme.BODY)
        self._hint.limit_height(pixels - others if fits else self._hint.content.winfo_reqheight())
        self._area.limit_height(pixels - edges)

    def button(self, action: BannerAction) -> ttk.Button:
        """Return the button for `action`."""
        return self._buttons_by_action[action]

    def has_button(self, action: BannerAction) -> bool:
        """Whether there is a button for `action`."""
        return action in self._buttons_by_action

    def visible_text(self) -> str:
        """Return the text and the hint."""
        return f"{self._text.cget('text')} {self._hint.text}"

    def _show_buttons(self, buttons: tuple[tuple[BannerAction, str], ...], style: str) -> None:
        focused = self._focused_action()
        for button in self._buttons_by_action.values():
            button.destroy()
        self._buttons_by_action = {
            action: ttk.Button(
                self._button_frame,
                text=self._sanitizer.label(label),
                style=style,
                command=partial(self._on_action, action),
            )
            for action, label in buttons
        }
        for button in self._buttons_by_action.values():
            button.bind("<FocusIn>", lambda event: self._area.see(event.widget), add=True)
        if focused is not None and buttons:  # keep the keyboard focus in the banner
            self._buttons_by_action.get(focused, self._buttons_by_action[buttons[0][0]]).focus_set()
        self._arrange(self.winfo_width())

    def _focused_action(self) -> BannerAction | None:
        # `focus_get` fails while a file dialog has the keyboard: its widgets are Tcl's own.
        focused = str(self.tk.call("focus"))
        return next(
            (action for action, button in self._buttons_by_action.items() if str(button) == focused), None
        )

    def _on_resize(self, event: tk.Event[ttk.Frame]) -> None:
        self._arrange(event.width)

    def _arrange(self, width: int) -> None:
        """Put the buttons beside the text if both fit, else below it."""
        narrow = width < self._look.scaled_with_text(theme.NARROW_WIDTH)
        pad_x = self._look.scaled(theme.GAP if narrow else theme.WIDE_GAP)
        self.configure(padding=(pad_x, self._pad_y))
        gap, edges = self._look.scaled(theme.SMALL_GAP), 2 * pad_x
        self._fit_labels(width - edges - self._look.scaled(theme.SMALL_GAP))
        wanted = sum(button.winfo_reqwidth() + gap for button in self._buttons_by_action.values())
        below = narrow or wanted > (width - edges) / 2
        self._flow(width - edges if below else wanted)
        if not wanted:
            self._button_frame.grid_remove()  # an empty frame would keep its size
        elif below:
            self._button_frame.grid(row=2, column=0, rowspan=1, sticky="w", pady=(gap, 0))
        else:
            self._button_frame.grid(row=0, column=1, rowspan=2, sticky="e", pady=0)
        buttons_width = 0 if below else wanted
        self._text.wrap(max(width - edges - buttons_width, self._look.scaled(120)))

    def _fit_labels(self, width: int) -> None:
        """End a label that is longer than the banner is wide in an ellipsis."""
        for action, label in self._shown.buttons if self._shown else ():
            button = self._buttons_by_action[action]
            edges = 2 * self._look.scaled(theme.WIDE_GAP)
            shown = self._look.ellipsized(label, theme.BODY, max(width - edges, 1)) if width > 1 else label
            button.configure(text=self._sanitizer.label(shown))

    def _flow(self, width: int) -> None:
        """Put as many buttons in a row as fit, the others below."""
        gap = self._look.scaled(theme.SMALL_GAP)
        x = y = widest = height = 0
        for button in self._buttons_by_action.values():
            button_width, height = button.winfo_reqwidth(), button.winfo_reqheight()
            if x and x + button_width > width:
                x, y = 0, y + height + gap
            button.place(x=x, y=y, width=min(button_width, max(width, gap)))
            widest = max(widest, x + button_width)
            x += button_width + gap
        self._button_frame.configure(width=widest, height=y + height)
