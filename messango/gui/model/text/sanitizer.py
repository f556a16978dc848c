"""Makes other people's text safe to show: it can't forge a line, reverse one or crash Tk."""

from __future__ import annotations

import re
from typing import Final

from messango.gui.model.text.bidi import has_rtl
from messango.gui.model.text.visual_text import visual_text
from messango.protocol.text.control_sequences import normalize_line_ends
from messango.protocol.text.emoji_signs import with_plain_signs
from messango.protocol.text.escaping import UNSAFE_IN_TEXT

_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*")
_REPLACEMENT: Final = "\N{WHITE SQUARE}"


class TextSanitizer:
    """Cleans texts for a display; without `astral`, it replaces every character above U+FFFF.

    With an older libXft and a colour emoji font, an emoji ends the program by an X error that can't be
    caught: one message would end every such window.

    With `joins_emoji` the display draws an emoji of several parts as one picture; elsewhere a label has a
    plain sign for it. With `reorders` the display draws characters from left to right as they come, in their
    basic forms: Tk 8.6 does on X11. Elsewhere the system orders and joins them itself.
    """

    def __init__(self, *, astral: bool, reorders: bool = False, joins_emoji: bool = False) -> None:
        self._astral, self.reorders, self._joins_emoji = astral, reorders, joins_emoji

    def text(self, text: str) -> str:
        """Return `text` without unsafe characters; every line end is a newline, and tabs stay."""
        cleaned = text if text.isprintable() else UNSAFE_IN_TEXT.sub("", normalize_line_ends(text))
        return cleaned if self._astral else _ASTRAL.sub(_REPLACEMENT, cleaned)

    def line(self, text: str) -> str:
        """Return `text` on one line, with single spaces."""
        return " ".join(self.text(text).split())

    def plain(self, text: str) -> str:
        """Return `text` on one line, with a plain sign for an emoji that this display draws part by part."""
        return self.line(text if self._joins_emoji else with_plain_signs(text))

    def label(self, text: str) -> str:
        """Return a sentence of ours on one line as a label draws it, whatever names are in it."""
        shown = self.plain(text)
        return visual_text(shown, 0) if self.reorders else shown

    def name(self, text: str) -> str:
        """Return a name on one line as a label draws it, in its own direction."""
        shown = self.plain(text)
        return visual_text(shown) if self.reorders else shown

    def preview(self, draft: str) -> str:
        """Return how the last line of a draft will read, if a field on this display can't show it."""
        last = self.line(draft[draft.rfind("\n") + 1 :])
        return visual_text(last) if self.reorders and has_rtl(last) else ""

    def title(self, text: str) -> str:
        """Return `text` for a window's title, without emoji: window managers do not draw them."""
        return " ".join(_ASTRAL.sub("", self.line(text)).split())
