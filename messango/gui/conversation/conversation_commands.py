"""What typed commands, menus and keys do on the page besides writing: ignoring and mentions."""

from __future__ import annotations

from collections.abc import Callable

from messango.gui.model.conversation.conversation import ConversationModel
from messango.protocol.text.plain_names import plain_name


class ConversationCommands:
    """`show` goes to the message with a number, `refresh` shows what has changed."""

    def __init__(
        self,
        conversation: ConversationModel,
        *,
        show: Callable[[int], object],
        on_status: Callable[[str], None],
        refresh: Callable[[], object],
    ) -> None:
        self._conversation = conversation
        self._show, self._on_status, self._refresh = show, on_status, refresh
        #: Remembers whom we ignore.
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

    def go_to_mention(self) -> str:
        """Show the next mention: the oldest that nobody has looked at, then upwards."""
        seq = self._conversation.mentions.next()
        if seq is None:
            self._on_status("Nobody has mentioned you in the messages that are loaded here")
        else:
            self._show(seq)
        self._refresh()
        return "break"

    def newest_author(self) -> str:
        """Return who wrote the newest message of somebody else; empty if nobody has."""
        block = self._conversation.transcript.newest_of_others()
        return block.name if block is not None else ""
