"""What the window takes from what the room keeps: older messages, and what a search finds."""

from __future__ import annotations

from collections.abc import Callable

from messango.client.events import AnyReceived, EarlierReceived, RequestFailed, RoomJoined, SearchResult
from messango.gui.model.conversation.room_messages import RoomMessages
from messango.gui.model.search.room_search import RoomSearch
from messango.gui.model.transcript.history_loader import HistoryLoader
from messango.gui.model.transcript.transcript import Transcript
from messango.protocol.features import EARLIER, SEARCH


class RoomHistory:
    """Hands answers to who asked for them; a room without these features is never asked."""

    def __init__(self, transcript: Transcript, messages: RoomMessages, clock: Callable[[], float]) -> None:
        self._transcript, self._messages = transcript, messages
        self.loader = HistoryLoader(transcript.parts, clock)
        self.loader.recognise = self._recognise
        self.loader.on_older = messages.store.add_older
        self.search = RoomSearch(clock)

    def joined(self, event: RoomJoined) -> None:
        """Note what this room can do, and whether it still has its first message."""
        features = event.room.features
        self.loader.is_available = EARLIER in features
        self.loader.room_name = event.room.name
        self.loader.keeps_older, self.loader.is_cut = event.oldest > 0, event.oldest > 1
        self.search.is_available = SEARCH in features and EARLIER in features
        if not event.resumed:
            self._reset()

    def received(self, answer: EarlierReceived | SearchResult) -> None:
        """Show the messages of an answer."""
        messages = self._messages.present.add_answer(answer)
        if isinstance(answer, EarlierReceived):
            self.loader.received(answer, messages)
        else:
            self.search.received(answer, messages)

    def failed(self, event: RequestFailed) -> bool:
        """Note that a request failed; returns whether it was one of these."""
        return bool(event.id) and (self.loader.failed(event.id) or self.search.failed(event))

    def ended(self) -> None:
        """Ask for nothing until we join again."""
        self.loader.is_available = self.search.is_available = False
        self._reset()

    def _reset(self) -> None:
        """Expect no answers any more: they were for another session."""
        self.loader.reset()
        self.search.reset()

    def _recognise(self, message: AnyReceived) -> bool:
        """Return whether a message is shown already, with the number that another host gave it."""
        stored = self._messages.store.get(message)
        if stored is None or stored.seq == message.seq:
            return False
        if self._transcript.parts.newest.find_former(stored.seq) is None:
            return False
        self._messages.store.replace(message)
        self._transcript.message_changed(message, former_seq=stored.seq)
        return True
