"""How files come into a session's preview: from the dialog, by a drop, or from the clipboard."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.pages.context import WindowContext


class SessionFiles:
    """Connects the window's dialog, tasks and pictures with the composer of a conversation.

    `ask_files` shows a dialog and returns the files that the person chose. Main thread only.
    """

    def __init__(
        self, context: WindowContext, view: ConversationView, ask_files: Callable[[tk.Misc], list[Path]]
    ) -> None:
        self._context, self._view, self._ask_files = context, view, ask_files
        self._sending = view.composer.sending
        self._sending.submit, self._sending.now = context.tasks.submit, context.now

    def choose(self) -> None:
        """Ask for files to send, if any can be sent now."""
        refusal = self._sending.refusal()
        if refusal:
            self._view.composer.show_status(refusal)
            return
        paths = self._ask_files(self._context.root)
        # The person may have left the room during the dialog, or a signal closed the window.
        if paths and self._view.winfo_exists():
            self._sending.add_paths(paths)
            self._view.entry.text.focus_set()
