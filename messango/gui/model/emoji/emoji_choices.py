"""Offers emoji for a name behind a colon in the message field."""

from __future__ import annotations

from messango.client.emoji.short_names import complete_short_name
from messango.gui.model.composer.choices import Choice
from messango.gui.model.emoji.recent_emoji import RecentEmoji


class EmojiChoices:
    """A `ChoiceSource`: the emoji are in the chosen skin tone."""

    def __init__(self, recent: RecentEmoji) -> None:
        self._recent = recent

    def stem(self, before: str) -> str | None:
        """Return the text up to the colon."""
        found = complete_short_name(before, limit=1)
        return before[: len(before) - found[0].replaces + 1] if found else None

    def choices(self, before: str) -> list[Choice]:
        """Return the emoji whose names begin as typed, then those that it reminds of."""
        found = complete_short_name(before, tone=self._recent.tone)
        return [Choice(one.summary, one.text, one.replaces, emoji=one.text) for one in found]
