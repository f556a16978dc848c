"""A whole `:mango:` becomes the sign when its second colon is typed, as people know it from other chats."""

from __future__ import annotations

from messango.client.emoji.short_names import finish_short_name
from messango.gui.conversation.composer.message_entry import MessageEntry
from messango.gui.model.emoji.recent_emoji import RecentEmoji


class EmojiTyping:
    """A key filter of the message field. What is pasted stays as it is."""

    def __init__(self, entry: MessageEntry, recent: RecentEmoji) -> None:
        self._entry, self._recent = entry, recent

    def handle(self, key: str, _state: int) -> bool:
        """Put the sign in the place of a name, if this key is its second colon."""
        if key != "colon" or self._entry.text.tag_ranges("sel"):
            return False
        done = finish_short_name(f"{self._entry.text_before_cursor()}:", self._recent.tone)
        if done is None:
            return False
        self._recent.remember(done.text)
        self._entry.replace_before_cursor(done.replaces - 1, done.text)
        return True
