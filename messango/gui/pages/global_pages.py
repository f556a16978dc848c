"""Opens the pages that are available everywhere: hosting, settings and shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from messango.errors import MessangoError
from messango.gui.model.rooms.host_form import RoomOptions
from messango.gui.pages.context import WindowContext


class GlobalPages:
    """Shows these pages; `on_open` gets the options of a room to host, and the user's name."""

    def __init__(self, context: WindowContext, *, on_open: Callable[[RoomOptions, str], None]) -> None:
        self._context, self._pages, self._on_open = context, context.pages, on_open

    # Each page is imported when it is needed, so that the list of rooms opens sooner.

    def show_host_page(self, own_name: str) -> None:
        """Show the page for hosting a room."""
        from messango.gui.pages.host_page import HostPage

        if self._pages.find(HostPage):
            return
        page = HostPage(
            self._context.root,
            self._context.look,
            own_name=own_name,
            on_open=self._on_open,
            on_close=self._cancel_hosting,
        )
        self._pages.push(page)

    def _cancel_hosting(self) -> None:
        """Go back; if the room is being opened, close it again."""
        self._context.host_registry.close()
        self._pages.pop()

    def show_host_error(self, error: MessangoError) -> None:
        """Show on that page why the room could not be opened."""
        from messango.gui.pages.host_page import HostPage

        page = self._pages.find(HostPage)
        if isinstance(page, HostPage):
            page.show_error(error)

    def show_settings(self) -> None:
        """Show the settings."""
        from messango.gui.pages.settings_page import SettingsPage

        if self._pages.find(SettingsPage):
            return
        context, close = self._context, self._pages.pop
        page = SettingsPage(context.root, context.look, context.appearance, context.settings, on_close=close)
        self._pages.push(page)

    def show_shortcuts(self) -> None:
        """Show the keyboard shortcuts."""
        from messango.gui.pages.shortcuts_page import ShortcutsPage

        if self._pages.find(ShortcutsPage):
            return
        self._pages.push(ShortcutsPage(self._context.root, self._context.look, on_close=self._pages.pop))
