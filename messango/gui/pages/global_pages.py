"""The pages that cover the rooms or the conversation for a while, and how each is made."""

from __future__ import annotations

from collections.abc import Callable

from messango.errors import MessangoError
from messango.gui.model.host_form import RoomWish
from messango.gui.pages.context import Shell


class SidePages:
    """Opens them; `on_open` is called with a room that is to be hosted, and by whom."""

    def __init__(self, shell: Shell, *, on_open: Callable[[RoomWish, str], None]) -> None:
        self._shell, self._pages, self._on_open = shell, shell.pages, on_open

    # Each is imported when somebody wants it: the list of rooms comes up the sooner.

    def host(self, person: str) -> None:
        """Show the page on which a room is opened."""
        from messango.gui.pages.host_page import HostPage

        if self._pages.find(HostPage):
            return
        page = HostPage(
            self._shell.root, self._shell.look, person=person, on_open=self._on_open, on_close=self._no_room
        )
        self._pages.cover(page)

    def _no_room(self) -> None:
        """Who goes back while the room is being opened wants none."""
        self._shell.hosts.close()
        self._pages.uncover()

    def complain(self, error: MessangoError) -> None:
        """Say on that page why the room could not be opened."""
        from messango.gui.pages.host_page import HostPage

        page = self._pages.find(HostPage)
        if isinstance(page, HostPage):
            page.complain(error)

    def settings(self) -> None:
        """Show the settings."""
        from messango.gui.pages.settings_page import SettingsPage

        if self._pages.find(SettingsPage):
            return
        shell, close = self._shell, self._pages.uncover
        page = SettingsPage(shell.root, shell.look, shell.appearance, shell.settings, on_close=close)
        self._pages.cover(page)

    def shortcuts(self) -> None:
        """Show which keys do what."""
        from messango.gui.pages.shortcuts_page import ShortcutsPage

        if self._pages.find(ShortcutsPage):
            return
        self._pages.cover(ShortcutsPage(self._shell.root, self._shell.look, on_close=self._pages.uncover))
