"""The emoji that a person uses: the recent ones, and the skin tone; kept in the settings."""

from __future__ import annotations

from typing import Final

from messango.gui.settings import SettingsStore
from messango.protocol.text.emoji import clean_emoji

#: What people react with most; offered until they have used others.
_USUAL: Final = ("👍", "❤️", "😂", "😮", "😢", "🙏")


class RecentEmoji:
    """Reads and changes the settings' emoji. Main thread only."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    @property
    def signs(self) -> list[str]:
        """The recent emoji, the newest first; what is not an emoji in the file is left out."""
        return [sign for sign in self._settings.current.recent_emoji if clean_emoji(sign) == sign]

    @property
    def tone(self) -> int:
        """The skin tone: 1 (light) to 5 (dark), or 0 for the neutral one."""
        return self._settings.current.skin_tone

    def set_tone(self, tone: int) -> None:
        """Use a skin tone from now on, also after a restart."""
        self._settings.change(skin_tone=tone)

    def remember(self, sign: str) -> None:
        """Make an emoji the most recent one."""
        if clean_emoji(sign) == sign:
            self._settings.remember_emoji(sign)

    def quick_choices(self, count: int) -> list[str]:
        """Return the emoji for a quick reaction: the recent ones, then what people use most."""
        return [*dict.fromkeys([*self.signs, *_USUAL])][:count]
