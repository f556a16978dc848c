"""Choosing files, looking at them, and sending them: what the composer does with files."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from messango.errors import MessangoError
from messango.gui.background.file_facts import read_facts, typed_files
from messango.gui.conversation.sending.sending_panel import SendingPanel
from messango.gui.look.look import Look
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.sending.chosen_file import ChosenFile, FileFacts
from messango.gui.model.sending.file_names import picture_name, text_name
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.sending.refusals import sending_refusal
from messango.gui.model.sending.sending_list import SendingList, too_many_text
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.frames import Quote

#: Runs a task in a thread, then calls the other with its error or None in the main thread.
Submit: TypeAlias = Callable[[Callable[[], object], Callable[[MessangoError | None], None]], None]


class Sending:
    """Owns the list of chosen files and its panel, which is in the grid of `parent` while there are some.

    Main thread only; files are read by tasks. The owner of the window sets `submit` and `now` (seconds
    since 1970), and what decodes pictures in the panel. `on_change` is called after each change.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        conversation: ConversationModel,
        *,
        on_change: Callable[[], None],
        on_status: Callable[[str], None],
    ) -> None:
        self._conversation = conversation
        self._on_change, self._on_status = on_change, on_status
        self.files = SendingList()
        self.panel = SendingPanel(
            parent,
            look,
            sanitizer,
            self.files,
            on_remove=self._remove,
            on_cancel=self.cancel,
            on_change=on_change,
        )
        self.submit: Submit = _run_now
        self.now: Callable[[], float] = lambda: 0.0

    @property
    def is_open(self) -> bool:
        """Whether files are chosen: Enter sends them."""
        return bool(self.files)

    def refusal(self) -> str:
        """Return why no file can be sent now, or an empty text."""
        conversation = self._conversation
        mode = conversation.writing.composer.mode
        return sending_refusal(conversation.joined_event, mode, ended=conversation.ended)

    def add_paths(self, paths: Iterable[Path]) -> None:
        """Show these files, to be sent once the person says so; or say why they can't be."""
        if self._refused():
            return
        wanted = [
            path for path in dict.fromkeys(paths) if path not in {file.path for file in self.files.files}
        ]
        added = self.files.add_paths(wanted)
        if len(wanted) > len(added):
            self._on_status(too_many_text(len(wanted) - len(added)))
        self._show()
        for file in added:
            self._read(file)

    def add_typed(self, typed: str, *, keep_metadata: bool) -> None:
        """Show the files whose paths were typed."""
        found: list[Path] = []

        def done(_error: MessangoError | None) -> None:
            if self.panel.winfo_exists():
                self.files.keep_metadata = keep_metadata
                self.add_paths(found)

        self.submit(lambda: found.extend(typed_files(typed)), done)

    def add_picture(self, data: bytes) -> None:
        """Show a picture from the clipboard, to be sent."""
        self._add_data(picture_name(self.now()), data)

    def add_text(self, text: str) -> None:
        """Show a text that is too long for the message field, to be sent as a file."""
        self._add_data(text_name(self.now()), text.encode())

    def offer_draft(self, text: str) -> None:
        """Show the text in the message field as a file to be sent; it stays in the field until then."""
        if not self._refused():
            self.files.set_text(text_name(self.now()), text)
            self._show()

    def draft_changed(self, text: str, *, is_too_long: bool) -> None:
        """Follow the text that goes as a file, and take it from the files once it fits into a message."""
        if not self.files.has_text_file:
            return
        if is_too_long:
            self.files.set_text("", text)
        else:
            self.files.drop_text()
        self._show()

    def cancel(self) -> None:
        """Send none of them; the text in the field stays."""
        self.files.clear()
        self._show()
        self.panel.close_pictures()

    def take(self, caption: str, reply: Quote | None) -> list[OutgoingShare]:
        """Return what to send, and close the panel."""
        shares = self.files.shares(caption, reply)
        self.cancel()
        return shares

    def _refused(self) -> bool:
        refusal = self.refusal()
        if refusal:
            self._on_status(refusal)
        elif joined := self._conversation.joined_event:
            self.files.limit = joined.room.largest_file
        return bool(refusal)

    def _add_data(self, name: str, data: bytes) -> None:
        if self._refused():
            return
        if not self.files.add_data(name, data):
            self._on_status(too_many_text(1))
            return
        self._show()

    def _read(self, file: ChosenFile) -> None:
        found: list[FileFacts] = []
        path = file.path

        def read() -> None:
            if path is not None:
                found.append(read_facts(path))

        def done(_error: MessangoError | None) -> None:
            facts = found[0] if found else FileFacts(problem="This file can't be read.")
            self.files.learned(file.key, facts)
            if self.panel.winfo_exists():
                self._show()

        self.submit(read, done)

    def _remove(self, key: int) -> None:
        self.files.remove(key)
        self._show()

    def _show(self) -> None:
        self.panel.show()
        if self.is_open:
            self.panel.grid()
        else:
            self.panel.grid_remove()
        self._on_change()


def _run_now(task: Callable[[], object], on_done: Callable[[MessangoError | None], None]) -> None:
    task()
    on_done(None)
