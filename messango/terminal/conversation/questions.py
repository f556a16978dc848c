"""Older messages, searches and mentions: what is asked of the room, and how the answers are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from messango.client.events import AnyReceived, EarlierReceived, SearchResult
from messango.client.interface import RoomClientLike
from messango.protocol.limits import MAX_SEQ
from messango.protocol.text.wording import counted
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.front_end import FrontEnd
from messango.terminal.conversation.texts import excerpt_of, found_text

#: So many older messages come at once: about a screen.
EARLIER_COUNT: Final = 30

_NOTHING_OLDER: Final = "Nothing is older: this is the beginning of the room."


@dataclass(frozen=True, slots=True)
class _Question:
    """The words of a search, or older messages, perhaps around one."""

    words: str = ""
    around: int | None = None


class Questions:
    """Used by one thread."""

    def __init__(self, client: RoomClientLike, conversation: Conversation, front_end: FrontEnd) -> None:
        self._client = client
        self._conversation = conversation
        self._front_end = front_end
        #: By the id of the request.
        self._asked: dict[str, _Question] = {}
        #: The words of the last search, and before which number it goes on.
        self._last_search: tuple[str, int | None] = ("", None)

    def ask_earlier(self, around: int | None) -> None:
        """Ask for older messages, or for those around one."""
        if around is not None:
            before = min(around + EARLIER_COUNT // 2, MAX_SEQ)
        elif self._conversation.is_beginning:
            self._front_end.notice(_NOTHING_OLDER)
            return
        else:
            joined = self._conversation.joined
            before = self._conversation.oldest or (joined.latest + 1 if joined else 1)
        request_id = self._client.request_earlier(before, EARLIER_COUNT)
        self._asked[request_id] = _Question(around=around)
        self._front_end.queued(request_id, "looking for older messages…", is_message=False)

    def ask_search(self, words: str) -> bool:
        """Search for words, or without any go on with the last search; returns False if there is none."""
        words, before = (words, None) if words else self._last_search
        if not words:
            self._front_end.problem("Type the words to search for: /search WORDS")
            return False
        request_id = self._client.search(words, before)
        self._asked[request_id] = _Question(words=words)
        self._front_end.queued(request_id, f"searching for “{excerpt_of(words)}”…", is_message=False)
        return True

    def show_mentions(self) -> None:
        """Show the messages that mention us."""
        messages = self._conversation.mentioning()[-EARLIER_COUNT:]
        if messages:
            self._front_end.show_messages("where you are mentioned", messages, "now")
        else:
            self._front_end.notice("Nobody has mentioned you here.")

    def answered(self, event: EarlierReceived | SearchResult) -> None:
        """Show the messages of an answer that we have asked for."""
        question = self._asked.pop(event.id, None)
        if question is None:
            return
        messages = self._conversation.answer(event)
        if isinstance(event, SearchResult):
            self._show_found(question.words, event, messages)
        else:
            self._show_earlier(question.around, event, messages)

    def forget(self, request_id: str) -> None:
        """Forget a question that the room does not answer."""
        self._asked.pop(request_id, None)

    def _show_found(self, words: str, event: SearchResult, messages: Sequence[AnyReceived]) -> None:
        oldest = event.messages[0].seq if event.messages else None
        self._last_search = (words, oldest) if event.more else ("", None)
        title = found_text(len(messages), words, more=event.more)
        if not messages:
            self._front_end.notice(f"{title}.")
            return
        older = "/search shows older ones" if event.more else "that is all"
        self._front_end.show_messages(title, messages, f"{older}; /earlier #NUMBER: around one")

    def _show_earlier(
        self, around: int | None, event: EarlierReceived, messages: Sequence[AnyReceived]
    ) -> None:
        if around is None:
            if event.messages:
                self._conversation.oldest = event.messages[0].seq
            self._conversation.is_beginning = not event.more
        if not messages:
            self._front_end.notice(_NOTHING_OLDER)
            return
        title = counted(len(messages), "older message") if event.more else "the beginning of the room"
        self._front_end.show_messages(title if around is None else f"around #{around}", messages, "now")
