"""Searches all that the room keeps, while somebody types; what is loaded is searched by `search`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from messango.client.events import AnyReceived, RequestFailed, SearchResult
from messango.protocol.limits import MAX_SEARCH_CHARACTERS, MAX_SEQ
from messango.protocol.text.matching import mentions, search_words

#: After the last key, and between two searches: the room answers two in a second.
_TYPING_PAUSE_S: Final = 0.25
_MIN_INTERVAL_S: Final = 0.5
_TIMEOUT_S: Final = 30.0

#: Most results that are held: nobody looks through more.
MAX_RESULTS: Final = 2_000

#: Asks for messages with these words, before a number or among all; returns the request's id.
AskSearch = Callable[[str, int | None], str]


class RoomSearch:
    """Holds the results, the newest first; `clock` returns monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        #: Whether the room answers searches.
        self.is_available = False
        #: Whether a message is not shown, because we ignore who wrote it.
        self.hides: Callable[[AnyReceived], bool] = lambda _: False
        self.query = ""
        #: The folded words of the query.
        self.words: list[str] = []
        self.results: list[AnyReceived] = []
        #: Increases with each new list of results.
        self.version = 0
        self._mentioned = ""
        self._request_id = ""
        self._asked_at = float("-inf")
        self._due_at = float("-inf")
        self._wants_more = False
        self._is_complete = False
        #: The number before which nothing was searched yet; None at first.
        self._before: int | None = None
        self._error = ""

    @property
    def active(self) -> bool:
        """Whether there is something to search for."""
        return self.is_available and bool(self.words)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is awaited, or a request is about to be made."""
        return self.active and (bool(self._request_id) or self._is_due)

    @property
    def status_text(self) -> str:
        """How many were found, or what is going on."""
        if not self.active:
            return ""
        if self._error:
            return self._error
        if not self.results:
            return "Searching the whole room…" if self.is_waiting else "Nothing found in the whole room"
        found = len(self.results)
        more = "" if self._is_complete else "+"
        return f"{found:,}{more} message{'' if found == 1 and not more else 's'} in the whole room"

    def start(self, query: str, *, mentioned: str = "") -> None:
        """Search for `query` once the person pauses; an empty one ends the search.

        With `mentioned` only messages that mention this name are results.
        """
        query = query.strip()[:MAX_SEARCH_CHARACTERS]
        if (query, mentioned) == (self.query, self._mentioned):
            return
        self.query, self._mentioned, self.words = query, mentioned, search_words(query)
        self.results, self._error = [], ""
        self.version += 1
        self._request_id, self._is_complete, self._wants_more = "", False, True
        self._before = None
        self._due_at = self._clock() + _TYPING_PAUSE_S

    def want_more(self) -> None:
        """Ask for older results, if there are any."""
        self._wants_more = True

    def load(self, ask: AskSearch) -> None:
        """Ask for what is needed next, if it is time."""
        now = self._clock()
        if self._request_id and now >= self._asked_at + _TIMEOUT_S:
            self._request_id = ""
        if self.active and self._is_due and now >= max(self._due_at, self._asked_at + _MIN_INTERVAL_S):
            self._wants_more, self._error, self._asked_at = False, "", now
            self._request_id = ask(self.query, self._before)

    def received(self, event: SearchResult, messages: Sequence[AnyReceived]) -> None:
        """Add the results of an answer, which are in their present form in `messages`."""
        if not self._request_id or event.id != self._request_id:
            return
        self._request_id = ""
        before = MAX_SEQ if self._before is None else self._before
        older = {message.seq: message for message in messages if message.seq < before}
        found = [older[seq] for seq in sorted(older, reverse=True)]
        self._before = found[-1].seq if found else before
        self.results += [message for message in found if self._is_wanted(message)]
        self._is_complete = not event.more or not found or len(self.results) >= MAX_RESULTS
        # Of many that have the words, none may be a mention.
        self._wants_more |= not self.results

    def failed(self, event: RequestFailed) -> bool:
        """Say why the search failed, if this was our request; returns whether it was."""
        if not self._request_id or event.id != self._request_id:
            return False
        self._request_id, self._error = "", event.reason or "The room could not search."
        return True

    def reset(self) -> None:
        """Expect no answers any more: the session has ended."""
        self._request_id = ""

    @property
    def _is_due(self) -> bool:
        return self._wants_more and not self._is_complete and not self._request_id

    def _is_wanted(self, message: AnyReceived) -> bool:
        if self.hides(message):
            return False
        return not self._mentioned or (not message.own and mentions(message.text, self._mentioned))
