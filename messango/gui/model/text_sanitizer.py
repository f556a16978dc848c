"""Makes other people's text safe to show: it can't forge a line, reverse one or crash Tk."""

from __future__ import annotations

import re
from typing import Final

#: Control characters except newline and tab, line separators, characters that embed, override or isolate a
#: direction (UAX #9), and lone surrogates, which Tk can't draw. U+200E and U+200F are harmless and stay.
_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*")
_REPLACEMENT: Final = "\N{WHITE SQUARE}"


class TextSanitizer:
    """Cleans texts for a display; without `astral`, it replaces every character above U+FFFF.

    With an older libXft and a colour emoji font, an emoji ends the program by an X error that can't be
    caught: one message would end every such window.
    """

    def __init__(self, *, astral: bool) -> None:
        self._astral = astral

    def text(self, text: str) -> str:
        """Return `text` without unsafe characters; line breaks and tabs stay."""
        cleaned = text if text.isprintable() else _UNSAFE.sub("", text)
        return cleaned if self._astral else _ASTRAL.sub(_REPLACEMENT, cleaned)

    def line(self, text: str) -> str:
        """Return `text` on one line, with single spaces."""
        return " ".join(self.text(text).split())

    def title(self, text: str) -> str:
        """Return `text` for a window's title, without emoji: window managers do not draw them."""
        return " ".join(_ASTRAL.sub("", self.line(text)).split())
