"""A short text beside a widget while the pointer rests on it, or while the keyboard has reached it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final, NamedTuple

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.wrapped_label import WrappedLabel

#: How long the pointer or the focus rests on a widget before the text appears.
DELAY_MS: Final = 500

_FOR_OWN_WORDS: Final = TextSanitizer(astral=True)


class Rectangle(NamedTuple):
    """A place on the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int


def place_beside(target: Rectangle, size: tuple[int, int], room: Rectangle, gap: int) -> tuple[int, int]:
    """Return where a tooltip of this size goes: below its target or, without space there, above or beside it.

    It never covers the target, and stays inside `room`, the visible part of the window, if it fits there.
    """
    width, height = size
    x = min(max(target.x + (target.width - width) // 2, room.x), max(room.x + room.width - width, room.x))
    below, above = target.y + target.height + gap, target.y - gap - height
    if below + height <= room.y + room.height:
        return x, below
    if above >= room.y:
        return x, above
    y = min(max(target.y + (target.height - height) // 2, room.y), max(room.y + room.height - height, room.y))
    left, right = target.x - gap - width, target.x + target.width + gap
    return (left if left >= room.x else right), y


class Tooltip:
    """Shows what `text` returns beside `widget`; nothing if that is empty. A label stays out of Tab's way.

    It is a part of the window, not a window of its own, which would take the focus on some desktops.
    """

    def __init__(
        self,
        widget: ttk.Widget,
        look: Look,
        text: Callable[[], str],
        sanitizer: TextSanitizer = _FOR_OWN_WORDS,
    ) -> None:
        """A text with somebody's words in it needs the display's `sanitizer`."""
        self._widget, self._look, self._sanitizer, self._text = widget, look, sanitizer, text
        self._timer = ""
        self._label: TooltipLabel | None = None
        #: A click gives the focus, too, and who clicks knows what for.
        self._pressed = False
        if isinstance(widget, ttk.Label):
            widget.configure(takefocus=False)  # Tk's Tab goes to whatever has a binding for keys
        for event in ("<Enter>", "<FocusIn>"):
            widget.bind(event, lambda _: self._start(), add=True)
        for event in ("<Key>", "<Unmap>", "<Destroy>"):
            widget.bind(event, lambda _: self._hide(), add=True)
        for event in ("<Leave>", "<FocusOut>"):
            widget.bind(event, lambda _: self._hide(pressed=False), add=True)
        widget.bind("<Button>", lambda _: self._hide(pressed=True), add=True)

    def _hide(self, *, pressed: bool | None = None) -> None:
        self._pressed = self._pressed if pressed is None else pressed
        if self._timer:
            self._widget.after_cancel(self._timer)
            self._timer = ""
        if self._label is not None:
            self._label.destroy()
            self._label = None

    def _start(self) -> None:
        self._hide()
        if not self._pressed:
            self._timer = self._widget.after(DELAY_MS, self._show)

    def _show(self) -> None:
        self._timer = ""
        text = self._text()
        if not text or not self._widget.winfo_viewable():
            return
        widget, window, px = self._widget, self._widget.winfo_toplevel(), self._look.scaled
        for other in window.winfo_children():
            if isinstance(other, TooltipLabel):  # of the pointer, while this one is of the focus
                other.destroy()
        room, gap = _visible_part(window), px(theme.TINY)
        label = self._label = TooltipLabel(
            window, self._sanitizer, text, style="Tooltip.TLabel", padding=(px(theme.SMALL_GAP), gap)
        )
        edges = 2 * px(theme.SMALL_GAP)
        label.wrap(min(room.width - 2 * edges, self._look.scaled_with_text(theme.TOOLTIP_WIDTH)))
        target = Rectangle(
            widget.winfo_rootx(), widget.winfo_rooty(), widget.winfo_width(), widget.winfo_height()
        )
        x, y = place_beside(target, (label.winfo_reqwidth(), label.winfo_reqheight()), room, gap)
        label.place(x=x - window.winfo_rootx(), y=y - window.winfo_rooty())
        label.lift()


class TooltipLabel(WrappedLabel):
    """What is shown; a window has at most one."""


def _visible_part(window: tk.Misc) -> Rectangle:
    """Return the part of a window that is on the screen."""
    screen_x, screen_y = window.winfo_vrootx(), window.winfo_vrooty()
    left, top = max(window.winfo_rootx(), screen_x), max(window.winfo_rooty(), screen_y)
    right = min(window.winfo_rootx() + window.winfo_width(), screen_x + window.winfo_vrootwidth())
    bottom = min(window.winfo_rooty() + window.winfo_height(), screen_y + window.winfo_vrootheight())
    return Rectangle(left, top, max(right - left, 1), max(bottom - top, 1))
