"""The files of a conversation: passes the client's events on to cards and pictures."""

from __future__ import annotations

from messango.client.events import AnyReceived
from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.gui.model.files.file_cards import FileCards
from messango.gui.model.files.picture_fetches import PictureFetches
from messango.protocol import error_codes


class ConversationFiles:
    """Holds the cards, and the pictures that are fetched to be shown."""

    def __init__(self) -> None:
        self.cards = FileCards()
        self.pictures = PictureFetches()

    def handle(self, event: FileProgress | FileSaved | FileFailed) -> None:
        """Apply what the client reports about a transfer."""
        file_id = self.pictures.file_of(event.id)
        if file_id is None:
            self.cards.handle(event)
            return
        self.pictures.handle(event)
        if isinstance(event, FileFailed) and event.code == error_codes.UNKNOWN_ENTRY:
            self.cards.gone(file_id)

    def message_received(self, message: AnyReceived) -> None:
        """An own file may have arrived."""
        if message.own:
            self.cards.message_received(message)

    def session_ended(self) -> None:
        """Nothing goes on without a session."""
        self.cards.session_ended()
        self.pictures.session_ended()

    def pop_changed(self) -> set[str]:
        """Return the ids of the files whose cards are others now, since the last call."""
        return self.cards.pop_changed()
