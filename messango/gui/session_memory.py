"""What a session keeps for the next visit to its room: the half-written text, and whom the person ignores.

The text is also saved while it is written: a computer may stop at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.members.ignored import IgnoredMembers
from messango.errors import MessangoError
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.composer.composer_mode import Unsent
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.pages.context import WindowContext
from messango.protocol.password import Password

#: A text is saved at most so long after it was changed, and no more often than that.
SAVE_AFTER_MS: Final = 2_000


class SessionMemory:
    """Reads and writes in the window's tasks, so that nothing here blocks; `password` is the room's."""

    def __init__(
        self,
        context: WindowContext,
        conversation: ConversationModel,
        view: ConversationView,
        password: Callable[[], Password | None],
    ) -> None:
        self._context, self._conversation, self._view = context, conversation, view
        self._password = password
        self._is_restored = False
        self._timer = ""
        view.entry.on_changed = self._plan_save
        view.commands.save_ignored = self._save_ignored
        view.save_draft = self._forget_draft

    def joined(self, room_id: str, *, resumed: bool) -> None:
        """Restore what was kept of a room, quietly; the text only the first time."""
        if not self._is_restored:
            self._is_restored = True
            self._context.drafts.load(room_id, self._view.composer.restore)
        if not resumed:
            self._load_ignored(room_id)

    def close(self) -> None:
        """Keep what is half written; the page will be destroyed."""
        if self._timer:
            self._view.after_cancel(self._timer)
        self.save_draft()

    def _plan_save(self) -> None:
        if not self._timer:
            self._timer = self._view.after(SAVE_AFTER_MS, self.save_draft)

    def save_draft(self) -> None:
        """Keep what is half written."""
        self._timer = ""
        room, password = self._conversation.room, self._password()
        if room is not None and self._is_restored:
            unsent = self._view.composer.unsent()
            # Somebody who types the password into the wrong field has not written a message.
            texts = (unsent.text, unsent.private_text)
            is_secret = password is not None and password.secret.decode() in texts
            self._context.drafts.save(room.id, Unsent() if is_secret else unsent)

    def _forget_draft(self) -> None:
        """Delete what was kept from the last visit once it is sent."""
        room = self._conversation.room
        if room is not None and self._view.composer.unsent() == Unsent():
            self._context.drafts.save(room.id, Unsent())

    def _load_ignored(self, room_id: str) -> None:
        loaded: list[IgnoredMembers] = []

        def done(_error: MessangoError | None) -> None:
            if loaded and loaded[0] and not self._conversation.writing.ignored:
                self._conversation.writing.ignored = loaded[0]
                self._conversation.ignored_changed()

        self._context.tasks.submit(lambda: loaded.append(self._context.services.load_ignored(room_id)), done)

    def _save_ignored(self) -> None:
        room = self._conversation.room
        if room is None:
            return
        ignored = IgnoredMembers(self._conversation.writing.ignored.members)

        def done(error: MessangoError | None) -> None:
            if error is not None:
                self._conversation.show_error(error)

        save = self._context.services.save_ignored
        self._context.tasks.submit(lambda: save(room.id, ignored), done)
