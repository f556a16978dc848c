"""A row of icon buttons; those without space are in a menu."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from functools import partial
from tkinter import ttk
from typing import Final, NamedTuple

from messango.gui.look.look import Look
from messango.gui.widgets.color_scheme_button import TOGGLE_COLOR_SCHEME, ColorSchemeButton
from messango.gui.widgets.icon_button import IconButton
from messango.gui.widgets.popup_menu import popup_menu, show_below

_MORE: Final = "<<MessangoMore>>"


class Action(NamedTuple):
    """An icon (a key of `ICONS`, "" for an action in the menu only), a label, keys, and the window's event.

    `in_menu` is the label in the menu, where it differs from the tooltip.
    """

    icon: str
    label: str
    keys: str
    event: str
    in_menu: str = ""


class ActionBar(ttk.Frame):
    """Each button, and each entry of the menu, generates the event of its action on the window."""

    def __init__(self, parent: tk.Misc, look: Look, actions: Sequence[Action]) -> None:
        """The first of `actions` are the last to go into the menu."""
        super().__init__(parent)
        self._look, self._actions = look, actions
        self._hidden: set[str] = set()
        self.buttons = {action.event: self._button(action) for action in actions if action.icon}
        #: Opens the menu; shown while not every button has space.
        self.more_button = IconButton(self, look, "more", "More", _MORE)
        self.more_button.configure(command=self._open_menu)
        for column, button in enumerate((*self.buttons.values(), self.more_button)):
            button.grid(row=0, column=column)
        self.more_button.grid_remove()

    def hide(self, *events: str) -> None:
        """Do not offer these actions now, also not in the menu; call `fit` afterwards."""
        self._hidden = set(events)

    def fit(self, width: int) -> None:
        """Show as many buttons as fit into this width, in pixels, and the others in a menu."""
        offered = {event: button for event, button in self.buttons.items() if event not in self._hidden}
        needed = sum(button.winfo_reqwidth() for button in offered.values())
        left = width if needed <= width else width - self.more_button.winfo_reqwidth()
        shown = set()
        for event, button in offered.items():
            left -= button.winfo_reqwidth()
            if left < 0:
                break
            shown.add(event)
        for event, button in self.buttons.items():
            _show(button, on=event in shown)
        _show(self.more_button, on=len(shown) < len(offered))

    def menu(self) -> tk.Menu:
        """Return a new menu with every action that is offered now."""
        menu = popup_menu(self, self._look)
        for action in self._actions:
            if action.event not in self._hidden:
                button = self.buttons.get(action.event)
                label = action.in_menu or (button.label if button else action.label)
                menu.add_command(
                    label=label, accelerator=action.keys, command=partial(self._run, action.event)
                )
        return menu

    def _button(self, action: Action) -> IconButton:
        if action.event == TOGGLE_COLOR_SCHEME:
            return ColorSchemeButton(self, self._look)
        return IconButton(self, self._look, action.icon, action.label, action.event, keys=action.keys)

    def _open_menu(self) -> None:
        menu = self.menu()
        # An entry's command runs after its menu is closed.
        menu.bind("<Unmap>", lambda _: self.after_idle(menu.destroy))
        show_below(menu, self.more_button)

    def _run(self, event: str) -> None:
        self.winfo_toplevel().event_generate(event)


def _show(button: ttk.Button, *, on: bool) -> None:
    if on != bool(button.winfo_manager()):
        if on:
            button.grid()
        else:
            button.grid_remove()
