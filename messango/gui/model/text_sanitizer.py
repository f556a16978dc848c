"""Makes text from others fit to be shown: it may not forge a line, turn one round or end the program."""

from __future__ import annotations

import re
from typing import Final

#: Control characters but newline and tab, line separators, the marks that embed, override and isolate
#: a direction (UAX #9), and lone surrogates, which Tk can't draw. U+200E and U+200F stay: they only help.
_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*")
_REPLACEMENT: Final = "\N{WHITE SQUARE}"


class TextSanitizer:
    """Says how texts are shown on this display; without `astral` no character above U+FFFF reaches Tk.

    An older libXft together with a font of colour emoji ends the program by an X error that can't be
    caught, so one message would end every such window.
    """

    def __init__(self, *, astral: bool) -> None:
        self._astral = astral

    def text(self, text: str) -> str:
        """Return `text` with its line breaks and tabs, but without what steers the display."""
        cleaned = text if text.isprintable() else _UNSAFE.sub("", text)
        return cleaned if self._astral else _ASTRAL.sub(_REPLACEMENT, cleaned)

    def line(self, text: str) -> str:
        """Return `text` on one line, without two spaces in a row."""
        return " ".join(self.text(text).split())

    def title(self, text: str) -> str:
        """Return `text` for a window's title, where window managers draw no emoji."""
        return " ".join(_ASTRAL.sub("", self.line(text)).split())
