"""Guests from the browser in a room that this window hosts: the page that invites them, and what it does."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from messango.errors import MessangoError
from messango.gui.background.host_thread import RoomOpened
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.rooms.room_details import RoomDetails
from messango.gui.pages.context import WindowContext
from messango.room.host.guest_commands import AdmitGuests, DismissGuests, RenewGuestLink
from messango.room.host.host_command import RunCommand

if TYPE_CHECKING:  # Imported when the page is opened, with all that draws a QR code.
    from messango.gui.pages.guests_page import GuestsPage


class SessionGuests:
    """Owns the page while it is open. Main thread only; `ask_file_path` asks where to save a file."""

    def __init__(
        self,
        context: WindowContext,
        conversation: ConversationModel,
        ask_file_path: Callable[[tk.Misc, str], Path | None],
    ) -> None:
        self._context, self._conversation, self._ask_file_path = context, conversation, ask_file_path
        self._page: GuestsPage | None = None
        self._hosted: RoomOpened | None = None
        self._details: RoomDetails | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the page is open, on top or covered by another one."""
        return self._page is not None and bool(self._page.winfo_exists())

    def show(self, hosted: RoomOpened, details: RoomDetails) -> None:
        """Show how guests get into this room; the page is opened if it is not there."""
        self._hosted, self._details = hosted, details
        if not self.is_shown and hosted.run_command is not None:
            self._open(hosted.run_command)
        self.refresh()

    def close(self) -> None:
        """Close the page, if it is open."""
        if self.is_shown:
            self._context.pages.pop(self._page)
        self._page = self._hosted = self._details = None

    def refresh(self) -> None:
        """Show how guests get in now, and how many are here, if the page is open."""
        hosted, details, page = self._hosted, self._details, self._page
        if hosted is None or details is None or page is None or not self.is_shown:
            return
        from messango.gui.model.rooms.guest_invite import build_guest_invite

        room = self._conversation.room
        page.show(
            build_guest_invite(
                hosted.guest_key(),
                details,
                has_password=room is not None and bool(room.password),
                guests=sum(row.web for row in self._conversation.members),
                now_s=self._context.now(),
            )
        )

    def _open(self, run_command: RunCommand) -> None:
        from messango.gui.pages.guests_page import GuestActions, GuestsPage

        actions = GuestActions(
            admit=lambda: run_command(AdmitGuests()),
            renew=lambda: run_command(RenewGuestLink()),
            dismiss=lambda: run_command(DismissGuests()),
            save=self._save,
        )
        pages, root = self._context.pages, self._context.root
        page = self._page = GuestsPage(root, self._context.look, actions, on_close=lambda: pages.pop(page))
        self.refresh()
        pages.push(page)

    def _save(self, link: str, suffix: str) -> None:
        """Ask for a file, and save the code of this link as a picture or as a page to print."""
        from messango.app.guest_picture import save_code
        from messango.gui.model.rooms.guest_invite import suggested_picture_name

        title, page = self._conversation.title, self._page
        path = self._ask_file_path(self._context.root, suggested_picture_name(title, suffix))
        if path is None or page is None:
            return

        def done(error: MessangoError | None) -> None:
            if page is self._page and self.is_shown:
                page.show_saved(path.name, error)

        self._context.tasks.submit(lambda: save_code(path, link, title), done)
