"""Connects what a conversation does with files to the window: dialogs, the system's programs, settings."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from messango.errors import MessangoError
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.pages.context import WindowContext


class SessionDownloads:
    """Runs what may block in the window's tasks; `ask_file_path` asks where to save a file of a name."""

    def __init__(
        self,
        context: WindowContext,
        conversation: ConversationModel,
        view: ConversationView,
        ask_file_path: Callable[[tk.Misc, str], Path | None],
    ) -> None:
        self._context, self._conversation, self._view = context, conversation, view
        desktop = view.files.commands.desktop
        desktop.ask_path = lambda name: ask_file_path(context.root, name)
        desktop.open_file = lambda path: self._run(context.services.open_file, path)
        desktop.show_in_folder = lambda path: self._run(context.services.show_in_folder, path)
        self.refresh()

    def refresh(self) -> None:
        """Follow the settings."""
        pictures = self._conversation.transcript.files.pictures
        pictures.automatic = self._context.settings.current.show_pictures

    def close(self) -> None:
        """Delete the pictures that were fetched to be shown."""
        self._view.files.close()

    def _run(self, action: Callable[[Path], None], path: Path) -> None:
        is_gone = False

        def run() -> None:
            nonlocal is_gone
            try:
                action(path)
            except MessangoError:
                is_gone = not path.exists()
                raise

        def done(error: MessangoError | None) -> None:
            if is_gone:
                self._conversation.transcript.files.cards.missing(path)
            if error is not None:
                self._conversation.show_error(error)

        self._context.tasks.submit(run, done)
