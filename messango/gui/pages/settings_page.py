"""The page on which the window is set up as somebody likes it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from messango.gui.look import theme
from messango.gui.look.appearance import Appearance
from messango.gui.look.look import Look
from messango.gui.settings import KeptSettings, Notify, Shade
from messango.gui.widgets.segmented_control import Choice
from messango.gui.widgets.side_page import SidePage
from messango.gui.widgets.spin_box import Stepper

_SHADES: Final = {Shade.SYSTEM: "As the system", Shade.LIGHT: "Light", Shade.DARK: "Dark"}
_NOTIFY: Final = {
    Notify.ALL: "Every message",
    Notify.MENTIONS: "My name",
    Notify.OFF: "Nothing",
}


class SettingsPage(SidePage):
    """What is chosen counts at once, and the next time."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        appearance: Appearance,
        settings: KeptSettings,
        *,
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent, look, "Settings", on_close=on_close)
        self._appearance, self._settings = appearance, settings
        self.shade = Choice(
            self.body,
            look,
            "Light or dark",
            tuple(_SHADES.values()),
            on_choose=lambda place: appearance.choose(list(_SHADES)[place]),
        )
        self.type = Stepper(self.body, look, "Size of the type", on_step=self._zoom)
        self.notify = Choice(
            self.body,
            look,
            "While you look elsewhere, tell me of",
            tuple(_NOTIFY.values()),
            on_choose=lambda place: settings.change(notify=list(_NOTIFY)[place]),
        )
        for row, widget in enumerate((self.shade, self.type, self.notify)):
            widget.grid(row=row, column=0, sticky="ew", pady=(0, look.px(theme.WIDE_GAP)))
        self.bind("<<ThemeChanged>>", lambda _: self.show(), add=True)
        self.show()
        self.ready()

    def show(self) -> None:
        """Show what is chosen."""
        now = self._settings.now
        self.shade.show(list(_SHADES).index(now.shade))
        self.notify.show(list(_NOTIFY).index(now.notify))
        self.type.show(f"{theme.percent_beside(now.percent, 0)} %")

    def focus_first(self) -> None:
        """Give the keyboard to the first choice."""
        self.shade.buttons[0].focus_set()

    def _zoom(self, steps: int) -> None:
        self._appearance.zoom(steps)
        self.show()
