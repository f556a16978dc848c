"""Offers to send a text as a file when it is too long for a message."""

from __future__ import annotations

from messango.gui.conversation.composer.message_entry import MessageEntry
from messango.gui.conversation.sending.sending import Sending
from messango.gui.model.composer.composer_mode import ComposerState
from messango.gui.model.sending.long_text import is_too_long, text_for_file, too_long_text


class LongDraft:
    """The text stays in the field until it is sent, and the file follows its changes."""

    def __init__(self, entry: MessageEntry, sending: Sending, state: ComposerState) -> None:
        self._entry, self._sending, self._state = entry, sending, state
        entry.take_long_text = self._take

    def may_be_file(self, typed: str) -> bool:
        """Whether this text is too long for a message, but may go as a file."""
        return is_too_long(typed) and text_for_file(typed) is not None and not self._sending.refusal()

    def offer(self) -> None:
        """Show what is written as a file to send."""
        text = text_for_file(self._typed())
        if text is not None:
            self._sending.offer_draft(text)
            self._entry.text.focus_set()

    def advice(self, draft: str) -> tuple[str, bool]:
        """Return what to do with a draft that is too long, or nothing; and whether it may go as a file."""
        if self._sending.is_open or not is_too_long(draft):
            return "", False
        may_be_file = self.may_be_file(draft)
        return too_long_text(self._state.mode, may_be_file=may_be_file), may_be_file

    def changed(self) -> None:
        """Follow a change of the text, if it is shown as a file."""
        if self._sending.files.has_text_file:
            text = text_for_file(self._typed())
            self._sending.draft_changed(text or "", is_too_long=text is not None and is_too_long(text))

    def _typed(self) -> str:
        return self._entry.get().strip("\n")

    def _take(self, text: str) -> bool:
        """Show a pasted text that the field can't hold as a file; returns False if none can be sent."""
        if self._sending.refusal():
            return False
        self._sending.add_text(text)
        return True
