"""The list above the message field: one types on in the field, and picks by the keys or the mouse."""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import Final

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.composer.choices import Choice, ChoiceList
from messango.gui.model.conversation.member_colors import color_index, initial
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.text.emoji_signs import plain_sign

#: So many rows fit above the field of the smallest window, with its largest text.
ROWS: Final = 5


class ChoicePopup(ttk.Frame):
    """Lies above `anchor`, a widget inside `parent`, and never has the focus; `on_pick` gets the choice."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        *,
        anchor: tk.Misc,
        on_pick: Callable[[Choice], None],
    ) -> None:
        super().__init__(parent, style="Card.TFrame", padding=look.scaled(theme.TINY))
        self._look, self._anchor, self._on_pick = look, anchor, on_pick
        self.list = ChoiceList(ROWS)
        self._rows = [_ChoiceRow(self, look, sanitizer) for _ in range(ROWS)]
        self._more = ttk.Label(self, style="SurfaceSmall.TLabel")
        self.columnconfigure(0, weight=1)
        for number, row in enumerate(self._rows):
            for widget in row.parts:
                widget.bind("<Enter>", partial(self._on_enter, number))
                widget.bind("<Button-1>", partial(self._on_click, number))
                self._bind_wheel(widget)
        self.bind("<<ThemeChanged>>", lambda _: self._draw())

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return bool(self.winfo_manager())

    def show(self, choices: Sequence[Choice]) -> None:
        """Show these choices, or hide the list if there are none."""
        if not choices:
            self.hide()
            return
        self.list.show(choices)
        self._draw()
        if not self.is_open:
            gap = self._look.scaled(theme.TINY)
            self.place(in_=self._anchor, relx=0, rely=0, y=-gap, anchor="sw", bordermode="outside")
            self.lift()

    def hide(self) -> None:
        """Hide the list."""
        self.list.show(())
        self.place_forget()

    def handle_key(self, key: str, state: int) -> bool:
        """Move with Up and Down, pick with Tab or Enter; returns whether it was one of them."""
        if not self.is_open or state & _MODIFIERS:
            return False
        if key in ("Up", "Down"):
            self.list.move(1 if key == "Down" else -1)
            self._draw()
        elif key in ("Return", "KP_Enter", "Tab"):
            self._pick()
        else:
            return False
        return True

    def labels(self) -> list[str]:
        """Return the labels in sight."""
        return [choice.label for choice in self.list.visible] if self.is_open else []

    def _pick(self) -> None:
        chosen = self.list.chosen
        self.hide()
        if chosen is not None:
            self._on_pick(chosen)

    def _draw(self) -> None:
        # The anchor has the width of the field; a name is at most 32 characters.
        width = min(self._look.scaled_with_text(theme.POPUP_WIDTH), self._anchor.winfo_width())
        visible = self.list.visible
        for number, row in enumerate(self._rows):
            if number < len(visible):
                row.show(visible[number], width, is_chosen=self.list.top + number == self.list.index)
                row.grid(row=number, column=0, sticky="ew")
            else:
                row.grid_remove()
        hidden = len(self.list.choices) - len(visible)
        if hidden:
            self._more.configure(text=f"{hidden} more ↑ ↓")
            self._more.grid(row=ROWS, column=0, sticky="e", padx=self._look.scaled(theme.SMALL_GAP))
        else:
            self._more.grid_remove()

    def _on_enter(self, number: int, _event: tk.Event[tk.Misc]) -> None:
        self.list.index = min(self.list.top + number, len(self.list.choices) - 1)
        self._draw()

    def _on_click(self, number: int, event: tk.Event[tk.Misc]) -> str:
        self._on_enter(number, event)
        self._pick()
        return "break"  # the field keeps the focus

    def _bind_wheel(self, widget: tk.Misc) -> None:
        if sys.platform.startswith("linux"):
            widget.bind("<Button-4>", lambda _: self._scroll(-1))
            widget.bind("<Button-5>", lambda _: self._scroll(1))
        else:
            widget.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1))

    def _scroll(self, delta: int) -> str:
        self.list.scroll(delta)
        self._draw()
        return "break"


#: Shift, Control and Alt, as `event.state` has them.
_MODIFIERS: Final = 0x1 | 0x4 | 0x8


class _ChoiceRow(ttk.Frame):
    """A disc with the initial, the label, and the detail behind it."""

    def __init__(self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer) -> None:
        super().__init__(parent, style="Choice.TFrame", padding=look.scaled(3), takefocus=False)
        self._look, self._sanitizer = look, sanitizer
        self._sign = ttk.Label(self, style="ChoiceSign.TLabel", compound="center", anchor="center")
        self._label = ttk.Label(self, style="Choice.TLabel")
        self._detail = ttk.Label(self, style="ChoiceDetail.TLabel")
        self.parts = (self, self._sign, self._label, self._detail)
        gap = look.scaled(theme.SMALL_GAP)
        self.columnconfigure(1, weight=1)
        self._sign.grid(row=0, column=0)
        self._label.grid(row=0, column=1, sticky="w", padx=gap)
        self._detail.grid(row=0, column=2, sticky="e", padx=(0, gap))

    def show(self, choice: Choice, width: int, *, is_chosen: bool) -> None:
        """Show a choice in a row of this width."""
        self._show_sign(choice)
        self._detail.configure(text=self._sanitizer.label(choice.detail))
        others = self._sign.winfo_reqwidth() + self._detail.winfo_reqwidth()
        room = width - others - 4 * self._look.scaled(theme.SMALL_GAP)
        label = self._look.ellipsized(self._sanitizer.line(choice.label), theme.BODY, room)
        self._label.configure(text=self._sanitizer.name(label))
        self.columnconfigure(1, minsize=room)
        for part in self.parts:
            part.state(["active" if is_chosen else "!active"])

    def _show_sign(self, choice: Choice) -> None:
        """Show the emoji, or the disc of a member."""
        look = self._look
        if not choice.emoji:
            colors = look.palette.name_colors
            disc = look.pictures.avatar(colors[color_index(choice.label, len(colors))])
            text, font = self._sanitizer.line(initial(choice.label)), theme.STRONG
            self._sign.configure(image=disc, text=text, font=font, width=0)
        elif look.emoji.available:
            size = look.scaled_with_text(theme.AVATAR)
            self._sign.configure(image=look.emoji.image(choice.emoji, size), text="", width=0)
        else:
            text = self._sanitizer.line(plain_sign(choice.emoji).text)
            self._sign.configure(image="", text=text, font=theme.EMOJI, width=3)
