"""Up in an empty message field: edits the last own message, or goes to the newest one in the transcript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from messango.gui.conversation.composer.message_entry import MessageEntry
from messango.gui.model.composer.composer_mode import Editing, Recipient

_SHIFT, _CONTROL, _ALT = 0x1, 0x4, 0x8  # in `event.state`

#: Keys that only change others.
_MODIFIERS: Final = ("Shift_L", "Shift_R", "Control_L", "Control_R", "Alt_L", "Alt_R", "Caps_Lock")


class Composer(Protocol):
    """What the keys need of the composer."""

    @property
    def is_editing(self) -> bool:
        """Whether a message is edited."""
        ...

    def edit_message(self, seq: int, text: str, to: Recipient | None = None) -> None:
        """Edit an own message."""

    def close_mode(self) -> None:
        """End the edit."""

    def show_status(self, text: str) -> None:
        """Show a text below the field."""


class EditKeys:
    """Directly after the Up that began an edit, R answers the newest message of somebody else instead, and
    another Up selects the newest message in the transcript.

    Whoever has the transcript sets the hooks: `last_own` returns the message to edit; a text says why there
    is none just now; None: there is none. `newest_of_others` returns who wrote it, or an empty name.
    `answer_newest` and `select_newest` return False if there is no message.
    """

    def __init__(self, entry: MessageEntry, composer: Composer, on_change: Callable[[], None]) -> None:
        self._entry, self._composer, self._on_change = entry, composer, on_change
        self._just_begun = False
        self.last_own: Callable[[], Editing | str | None] = lambda: None
        self.newest_of_others: Callable[[], str] = lambda: ""
        self.answer_newest: Callable[[], bool] = lambda: False
        self.select_newest: Callable[[], bool] = lambda: False
        for event in ("<Button-1>", "<FocusOut>"):
            entry.text.bind(event, lambda _: self._end(), add=True)

    def answer_hint(self) -> str:
        """Return the name of whom R would answer now; empty if R is a letter."""
        return self.newest_of_others() if self._just_begun else ""

    def handle(self, key: str, state: int) -> bool:
        """Handle a key; returns whether it was one of these."""
        if key in _MODIFIERS:
            return False
        if self._just_begun:
            self._end()
            if key in ("r", "R") and not state & (_CONTROL | _ALT):
                return self.answer_newest()
            if key == "Up" and not state & (_SHIFT | _CONTROL | _ALT):
                self._composer.close_mode()
                self.select_newest()
                return True
            return False
        if key != "Up" or self._entry.get() or state & (_CONTROL | _ALT):
            return False
        return self.select_newest() if state & _SHIFT else self._edit_last()

    def _edit_last(self) -> bool:
        own = self.last_own()
        if own is None:
            return self.select_newest()
        if isinstance(own, str):
            self._composer.show_status(own)
            return True
        self._composer.edit_message(own.seq, own.text, own.to)
        self._just_begun = self._composer.is_editing  # not after the session has ended
        self._on_change()
        return True

    def _end(self) -> None:
        if self._just_begun:
            self._just_begun = False
            self._on_change()
