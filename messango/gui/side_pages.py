"""The pages that cover the rooms or the conversation for a while, and how each is made."""

from __future__ import annotations

from collections.abc import Callable

from messango.errors import MessangoError
from messango.gui.host_form import RoomWish
from messango.gui.shell import Shell


class SidePages:
    """Opens them; `on_open` is called with a room that is to be hosted, and by whom."""

    def __init__(self, shell: Shell, *, on_open: Callable[[RoomWish, str], None]) -> None:
        self._shell, self._pages, self._on_open = shell, shell.pages, on_open

    # Each is imported when somebody wants it: the list of rooms comes up the sooner.

    def host(self, person: str) -> None:
        """Show the page on which a room is opened."""
        from messango.gui.host_page import HostPage

        root, look, close = self._shell.root, self._shell.look, self._pages.uncover
        page = HostPage(root, look, person=person, on_open=self._on_open, on_close=close)
        self._pages.cover(page)

    def complain(self, error: MessangoError) -> None:
        """Say on that page why the room could not be opened."""
        from messango.gui.host_page import HostPage

        if isinstance(self._pages.side, HostPage):
            self._pages.side.complain(error)

    def settings(self) -> None:
        """Show the settings."""
        from messango.gui.settings_page import SettingsPage

        shell, close = self._shell, self._pages.uncover
        page = SettingsPage(shell.root, shell.look, shell.appearance, shell.settings, on_close=close)
        self._pages.cover(page)

    def shortcuts(self) -> None:
        """Show which keys do what."""
        from messango.gui.shortcuts_page import ShortcutsPage

        self._pages.cover(ShortcutsPage(self._shell.root, self._shell.look, on_close=self._pages.uncover))
