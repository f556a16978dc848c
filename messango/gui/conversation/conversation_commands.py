"""What typed commands, menus and keys do on the page besides writing: ignoring, search, older messages."""

from __future__ import annotations

from collections.abc import Callable

from messango.gui.conversation.composer.composer_view import ComposerView
from messango.gui.conversation.search_bar import SearchBar
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.model.conversation.conversation import ConversationModel
from messango.protocol.text.plain_names import plain_name


class ConversationCommands:
    """Acts on the page's parts; `refresh` shows what has changed, `save_ignored` remembers whom we ignore."""

    def __init__(
        self,
        conversation: ConversationModel,
        transcript: TranscriptView,
        search_bar: SearchBar,
        *,
        composer: Callable[[], ComposerView],
        open_search: Callable[[], object],
        refresh: Callable[[], object],
    ) -> None:
        self._conversation, self._transcript, self._search_bar = conversation, transcript, search_bar
        self._composer, self._open_search, self._refresh = composer, open_search, refresh
        self.save_ignored: Callable[[], None] = lambda: None

    def ignore(self, member: str, name: str, ignored: bool) -> None:  # noqa: FBT001 (a menu's and a command's)
        """Hide or show what a member writes, and remember it."""
        conversation, who = self._conversation, plain_name(name)
        if ignored:
            conversation.writing.ignored.add(member, name)
            text = f"You ignore {who}: what they write and wrote is hidden from you. They are not told"
        else:
            conversation.writing.ignored.remove(member, name)
            text = f"You do not ignore {who} any more"
        conversation.ignored_changed()
        self.save_ignored()
        conversation.add_notices([text])
        self._refresh()

    def search(self, words: str) -> None:
        """Search the conversation for words."""
        self._open_search()
        self._search_bar.entry.delete(0, "end")
        self._search_bar.entry.insert(0, words)
        self._refresh()

    def show_earlier(self, around: int | None) -> None:
        """Go to the message with this number, or to the oldest one."""
        transcript = self._conversation.transcript
        number = transcript.parts.find(around) if around is not None else None
        self._transcript.scroll_to(transcript.first if number is None else number)

    def show_mentions(self) -> None:
        """List the last messages that mention us."""
        self._conversation.add_notices(self._conversation.mentions.lines())

    def go_to_mention(self) -> str:
        """Show the next mention: the oldest that nobody has looked at, then upwards."""
        seq = self._conversation.mentions.next()
        if seq is None:
            self._composer().show_status("Nobody has mentioned you in the messages that are loaded here")
        else:
            self.show_earlier(seq)
        self._refresh()
        return "break"

    def newest_author(self) -> str:
        """Return who wrote the newest message of somebody else; empty if nobody has."""
        block = self._conversation.transcript.newest_of_others()
        return block.name if block is not None else ""
