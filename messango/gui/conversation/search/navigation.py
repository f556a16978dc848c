"""Goes where searches, quotes and commands lead, and has the room asked for what one scrolls to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.interface import RoomClientLike
from messango.gui.conversation.search.search_bar import SearchBar
from messango.gui.conversation.transcript.search_highlight import SearchHighlighter
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.model.conversation.conversation import ConversationModel

_GONE: Final = "That message is not in the room any more"


class Navigation:
    """Owns no widget; `client` returns the client of now.

    `on_status` shows a text, and `on_arrival` scrolls to a block that is loaded.
    """

    def __init__(
        self,
        conversation: ConversationModel,
        view: TranscriptView,
        search_bar: SearchBar,
        highlighter: SearchHighlighter,
        *,
        client: Callable[[], RoomClientLike],
        on_status: Callable[[str], None],
        on_arrival: Callable[[int], None],
    ) -> None:
        self._conversation, self._loader = conversation, conversation.room_history.loader
        self._view, self._search_bar, self._highlighter = view, search_bar, highlighter
        self._client, self._on_status, self._on_arrival = client, on_status, on_arrival
        self._was_commanded = False

    def load_more(self) -> None:
        """Ask the room for what the reader is about to scroll to."""
        self._conversation.transcript.parts.is_followed = self._view.following
        if self._conversation.can_ask:
            visible = self._view.reading_range(also_following=self._loader.keeps_older)
            self._loader.load(visible, self._client().request_earlier)
            reads = visible if self._loader.is_available else None
            self._conversation.transcript.parts.read_from = reads[0] if reads else None
            self._view.show_note(self._loader.note() if self._view.at_top else "")

    def jump_to(self, seq: int) -> None:
        """Go to a message by its number in the room's order; what is around it is loaded first."""
        if not self._loader.go_to(seq):
            self._on_status(_GONE)
        self.arrive()
        self.load_more()

    def arrive(self) -> None:
        """Go where a jump leads, once that part is loaded."""
        if self._loader.pop_missing():
            self._on_status(_GONE)
        number = self._loader.pop_target()
        if number is None:
            return
        search = self._conversation.search
        if self._search_bar.winfo_manager() and search.matches(self._conversation.transcript.block(number)):
            search.select(number)
            self.show_match()
        else:
            self._on_arrival(number)

    def pop_commanded(self) -> bool:
        """Return once whether a command has gone somewhere, so that its end is not the newest message."""
        was, self._was_commanded = self._was_commanded, False
        return was

    def show_match(self) -> None:
        """Show the current match of the search, expanded."""
        number = self._conversation.search.current
        transcript = self._conversation.transcript
        if number is None:
            return
        if transcript.block(number).is_collapsed:
            transcript.expand(number)
        self._view.scroll_to(number)
        self._view.sync(self._conversation.placeholder)
        self._highlighter.highlight()
        self._highlighter.show_current()

    def search_for(self, words: str) -> None:
        """Show the search bar with these words."""
        self._was_commanded = True
        self._search_bar.grid()
        self._search_bar.search_for(words)

    def show_mentions(self) -> None:
        """List the messages that mention us: all that the room keeps, if it can search, else those here."""
        conversation, name = self._conversation, self._conversation.own_name
        self._was_commanded = conversation.room_history.search.is_available
        if conversation.room_history.search.is_available:
            self._search_bar.grid()
            self._search_bar.search_for(name, mentioned=name)
        else:
            conversation.add_notices(conversation.mentions.lines())

    def show_earlier(self, around: int | None = None) -> None:
        """Scroll up by a page, or go to the message with this number."""
        self._was_commanded = True
        if around is None:
            self._view.page_scroll(-1)
        else:
            self.jump_to(around)
