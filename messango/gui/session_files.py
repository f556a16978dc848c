"""How files come into a session's preview: from the dialog, by a drop, or from the clipboard."""

from __future__ import annotations

import itertools
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from messango.errors import MessangoError
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.conversation.files.thumbnails import Thumbnails
from messango.gui.desktop.clipboard import clipboard_kind, copied_files
from messango.gui.desktop.drop_target import DropTarget
from messango.gui.model.sending.dropped import Dropped
from messango.gui.model.sending.pasted import PasteKind
from messango.gui.pages.context import WindowContext

if TYPE_CHECKING:
    from messango.gui.desktop.clipboard_image import ClipboardContent

#: The library for drops is loaded so long after the conversation is shown: it takes up to 30 ms.
LOAD_DROPS_AFTER_MS: Final = 300

_NOTHING: Final = "There is nothing in the clipboard that can be pasted here."

#: No two conversations use the same names of images.
_numbers = itertools.count(1)


class SessionFiles:
    """Connects the window's dialog, clipboard, drops, tasks and pictures with the composer of a conversation.

    `ask_files` shows a dialog and returns the files that the person chose. Main thread only.
    """

    def __init__(
        self, context: WindowContext, view: ConversationView, ask_files: Callable[[tk.Misc], list[Path]]
    ) -> None:
        self._context, self._view, self._ask_files = context, view, ask_files
        self._sending = view.composer.sending
        self._sending.submit, self._sending.now = context.tasks.submit, context.now
        self._thumbnails = Thumbnails(
            view, f"messango-to-send-{next(_numbers)}", context.pictures, self._sending.panel.picture_loaded
        )
        self._sending.panel.thumbnails = self._thumbnails
        view.entry.paste_files = self.paste
        self.drops = DropTarget(view, on_hover=self._hover, on_drop=self.drop)
        self._timer = view.after(LOAD_DROPS_AFTER_MS, self.drops.register)

    def close(self) -> None:
        """Load nothing any more; the page will be destroyed."""
        self._thumbnails.close()
        self._view.after_cancel(self._timer)

    def choose(self) -> None:
        """Ask for files to send, if any can be sent now."""
        if self._refused():
            return
        paths = self._ask_files(self._context.root)
        # The person may have left the room during the dialog, or a signal closed the window.
        if paths and self._view.winfo_exists():
            self._add(paths)

    def paste(self) -> bool:
        """Take files or a picture from the clipboard; returns False if a text is to be pasted."""
        kind = clipboard_kind(self._view)
        if kind is PasteKind.FILES:
            copied = copied_files(self._view)
            if copied.paths:
                self._add(copied.paths)
            return bool(copied.paths)
        if kind is PasteKind.PICTURE and not self._refused():
            self._paste_picture()
        return kind is PasteKind.PICTURE

    def drop(self, dropped: Dropped) -> None:
        """Show dropped files, and put a dropped text into the message field."""
        if not self._view.winfo_exists():
            return
        self._view.show_composer()
        if dropped.text:
            self._view.entry.insert_foreign(dropped.text)
        if dropped.paths:
            self._add(dropped.paths)
        self._view.entry.text.focus_set()

    def _hover(self, is_above: bool) -> bool:  # noqa: FBT001 (as the target says it)
        """Say what a drop will do; a text can be dropped whenever one can be written."""
        if is_above:
            self._view.drop_hint.show(self._sending.refusal())
        else:
            self._view.drop_hint.hide()
            self._view.entry.text.focus_set()  # the library has given the focus to the page
        return True

    def _add(self, paths: list[Path] | tuple[Path, ...]) -> None:
        self._view.show_composer()
        self._sending.add_paths(paths)
        self._view.entry.text.focus_set()

    def _paste_picture(self) -> None:
        """Read the picture in a thread: its owner may be slow, and it may have many megabytes."""
        found: list[ClipboardContent] = []

        def read() -> None:
            from messango.gui.desktop.clipboard_image import read_clipboard  # Rarely needed.

            found.append(read_clipboard())

        def done(error: MessangoError | None) -> None:
            if not self._view.winfo_exists():
                return
            self._view.composer.show_status("")
            if found and found[0].png is not None:
                self._sending.add_picture(found[0].png)
            elif found and found[0].paths:
                self._add(found[0].paths)
            else:
                self._view.composer.show_status(f"{error} {error.hint}".strip() if error else _NOTHING)

        self._view.composer.show_status("Reading the clipboard…")
        self._context.tasks.submit(read, done)

    def _refused(self) -> bool:
        refusal = self._sending.refusal()
        if refusal:
            self._view.composer.show_status(refusal)
        return bool(refusal)
