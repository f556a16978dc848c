"""Light or dark and the size of the type: as the system does, or as somebody chose by hand."""

from __future__ import annotations

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.settings import ColorScheme, SettingsStore


class Appearance:
    """Brings the settings to the screen, and what is chosen here to the settings. Main thread only."""

    def __init__(self, look: Look, settings: SettingsStore) -> None:
        self._look, self._settings = look, settings
        self._apply()
        look.zoom(settings.current.zoom_percent)

    @property
    def is_dark(self) -> bool:
        """Whether the window is to be dark."""
        chosen = self._settings.current.color_scheme
        return (
            self._settings.current.last_system_dark
            if chosen is ColorScheme.SYSTEM
            else chosen is ColorScheme.DARK
        )

    def on_system_dark_changed(self, dark: bool) -> None:  # noqa: FBT001 (an event from a queue)
        """The system shows itself dark, or light."""
        self._settings.change(last_system_dark=dark)
        self._apply()

    def set_color_scheme(self, scheme: ColorScheme) -> None:
        """Be light or dark from now on, or as the system is."""
        self._settings.change(color_scheme=scheme)
        self._apply()

    def toggle(self) -> None:
        """Change from light to dark or back; what the system says counts no longer."""
        self.set_color_scheme(ColorScheme.LIGHT if self.is_dark else ColorScheme.DARK)

    def zoom(self, delta: int) -> None:
        """Make all type so many steps larger, or smaller."""
        self._zoom_to(theme.zoom_step(self._settings.current.zoom_percent, delta))

    def reset_zoom(self) -> None:
        """Show the type in its own size again."""
        self._zoom_to(theme.NORMAL_PERCENT)

    def _zoom_to(self, percent: int) -> None:
        if percent != self._settings.current.zoom_percent:
            self._settings.change(zoom_percent=percent)
            self._look.zoom(percent)

    def _apply(self) -> None:
        palette = theme.DARK if self.is_dark else theme.LIGHT
        if self._look.palette is not palette or not self._look.applied:
            self._look.apply(palette)
