"""The page with the settings."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from messango.gui.look import theme
from messango.gui.look.appearance import Appearance
from messango.gui.look.look import Look
from messango.gui.settings import ColorScheme, Notify, SettingsStore
from messango.gui.widgets.layout.side_page import SidePage
from messango.gui.widgets.segmented_control import SegmentedControl
from messango.gui.widgets.spin_box import SpinBox

_COLOR_SCHEMES: Final = {
    ColorScheme.SYSTEM: "Match system",
    ColorScheme.LIGHT: "Light",
    ColorScheme.DARK: "Dark",
}
_NOTIFY: Final = {
    Notify.ALL: "Every message",
    Notify.MENTIONS: "My name",
    Notify.OFF: "Nothing",
}
_PICTURES: Final = {True: "Automatically", False: "On a click"}


class SettingsPage(SidePage):
    """Each change is applied and saved at once."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        appearance: Appearance,
        settings: SettingsStore,
        *,
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent, look, "Settings", on_close=on_close)
        self._appearance, self._settings = appearance, settings
        self.color_scheme = SegmentedControl(
            self.body,
            look,
            "Appearance",
            tuple(_COLOR_SCHEMES.values()),
            on_select=lambda index: appearance.set_color_scheme(list(_COLOR_SCHEMES)[index]),
        )
        self.text_size = SpinBox(self.body, look, "Text size", on_step=self._zoom)
        self.notify = SegmentedControl(
            self.body,
            look,
            "Notify me about",
            tuple(_NOTIFY.values()),
            on_select=lambda index: settings.change(notify=list(_NOTIFY)[index]),
        )
        self.pictures = SegmentedControl(
            self.body,
            look,
            "Show pictures",
            tuple(_PICTURES.values()),
            on_select=lambda index: settings.change(show_pictures=list(_PICTURES)[index]),
        )
        rows = (self.color_scheme, self.text_size, self.notify, self.pictures)
        for row, widget in enumerate(rows):
            widget.grid(row=row, column=0, sticky="ew", pady=(0, look.scaled(theme.WIDE_GAP)))
        self.bind("<<ThemeChanged>>", lambda _: self.show(), add=True)
        self.show()
        self.bind_content()

    def show(self) -> None:
        """Show the current settings."""
        current = self._settings.current
        self.color_scheme.show(list(_COLOR_SCHEMES).index(current.color_scheme))
        self.notify.show(list(_NOTIFY).index(current.notify))
        self.pictures.show(list(_PICTURES).index(current.show_pictures))
        self.text_size.set_text(f"{theme.zoom_step(current.zoom_percent, 0)} %")

    def focus_first(self) -> None:
        """Give the first choice the focus."""
        self.color_scheme.buttons[0].focus_set()

    def _zoom(self, delta: int) -> None:
        self._appearance.zoom(delta)
        self.show()
