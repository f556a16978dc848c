"""Light or dark, and the text size: from the system, or from the settings."""

from __future__ import annotations

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.settings import ColorScheme, SettingsStore


class Appearance:
    """Applies the settings to a `Look`, and saves what the user changes here. Main thread only."""

    def __init__(self, look: Look, settings: SettingsStore) -> None:
        self._look, self._settings = look, settings
        self._apply()
        look.zoom(settings.current.zoom_percent)

    @property
    def is_dark(self) -> bool:
        """Whether the window is dark."""
        chosen = self._settings.current.color_scheme
        return (
            self._settings.current.last_system_dark
            if chosen is ColorScheme.SYSTEM
            else chosen is ColorScheme.DARK
        )

    def on_system_dark_changed(self, dark: bool) -> None:  # noqa: FBT001 (an event from a queue)
        """Store and apply whether the system is dark."""
        self._settings.change(last_system_dark=dark)
        self._apply()

    def set_color_scheme(self, scheme: ColorScheme) -> None:
        """Change to light, dark, or the system's scheme."""
        self._settings.change(color_scheme=scheme)
        self._apply()

    def toggle(self) -> None:
        """Change from light to dark or back; the system's scheme is ignored from now on."""
        self.set_color_scheme(ColorScheme.LIGHT if self.is_dark else ColorScheme.DARK)

    def zoom(self, delta: int) -> None:
        """Make all text larger by `delta` steps, or smaller if negative."""
        self._zoom_to(theme.zoom_step(self._settings.current.zoom_percent, delta))

    def reset_zoom(self) -> None:
        """Show all text in its normal size."""
        self._zoom_to(theme.NORMAL_PERCENT)

    def _zoom_to(self, percent: int) -> None:
        if percent != self._settings.current.zoom_percent:
            self._settings.change(zoom_percent=percent)
            self._look.zoom(percent)

    def _apply(self) -> None:
        palette = theme.DARK if self.is_dark else theme.LIGHT
        if self._look.palette is not palette or not self._look.applied:
            self._look.apply(palette)
