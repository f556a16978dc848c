"""Light or dark and the size of the type: as the system does, or as somebody chose by hand."""

from __future__ import annotations

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.settings import KeptSettings, Shade


class Appearance:
    """Brings the settings to the screen, and what is chosen here to the settings. Main thread only."""

    def __init__(self, look: Look, settings: KeptSettings) -> None:
        self._look, self._settings = look, settings
        self._show()
        look.zoom(settings.now.percent)

    @property
    def dark(self) -> bool:
        """Whether the window is to be dark."""
        chosen = self._settings.now.shade
        return self._settings.now.was_dark if chosen is Shade.SYSTEM else chosen is Shade.DARK

    def system_told(self, dark: bool) -> None:  # noqa: FBT001 (an event from a queue)
        """The system shows itself dark, or light."""
        self._settings.change(was_dark=dark)
        self._show()

    def choose(self, shade: Shade) -> None:
        """Be light or dark from now on, or as the system is."""
        self._settings.change(shade=shade)
        self._show()

    def toggle(self) -> None:
        """Change from light to dark or back; what the system says counts no longer."""
        self.choose(Shade.LIGHT if self.dark else Shade.DARK)

    def zoom(self, steps: int) -> None:
        """Make all type so many steps larger, or smaller."""
        self._zoom_to(theme.percent_beside(self._settings.now.percent, steps))

    def zoom_normal(self) -> None:
        """Show the type in its own size again."""
        self._zoom_to(theme.NORMAL_PERCENT)

    def _zoom_to(self, percent: int) -> None:
        if percent != self._settings.now.percent:
            self._settings.change(percent=percent)
            self._look.zoom(percent)

    def _show(self) -> None:
        palette = theme.DARK if self.dark else theme.LIGHT
        if self._look.palette is not palette or not self._look.shown:
            self._look.use(palette)
