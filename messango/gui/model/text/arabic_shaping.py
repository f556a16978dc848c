"""The joined forms of Arabic letters, for displays that draw each character by itself."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from arabic_reshaper import ArabicReshaper

_ARABIC: Final = re.compile("[\u0620-\u06d3\u06d5\u0750-\u077f]")
_ZWJ: Final = "\u200d"
_TATWEEL: Final = "\u0640"
#: Lam and alef in one glyph.
_LAM_ALEF: Final = frozenset("\ufef5\ufef6\ufef7\ufef8\ufef9\ufefa\ufefb\ufefc")

#: Lam with alef is the one ligature that Arabic needs; glyphs for whole words are matters of taste.
_CONFIGURATION: Final = {
    "delete_harakat": False,
    "delete_tatweel": False,
    "support_ligatures": True,
    "ARABIC LIGATURE ALLAH": False,
}


def shape(characters: Sequence[str]) -> list[str]:
    """Return what to draw for each character, which are in the order of reading and without marks.

    The alef of a lam with alef is drawn by the lam's glyph, and is empty. What stands for a joiner is not
    to be drawn.
    """
    text = "".join(characters)
    if text.isascii() or not _ARABIC.search(text):
        return [*characters]
    # The library drops joiners and then counts wrong; a tatweel joins the letters beside it in the same way.
    glyphs = _reshaper().reshape(text.replace(_ZWJ, _TATWEEL))
    shaped: list[str] = []
    for glyph in glyphs:
        is_ligature = glyph in _LAM_ALEF and text[len(shaped) : len(shaped) + 1] != glyph
        shaped += [glyph, ""] if is_ligature else [glyph]
    # Whatever the library may join one day must not tear text and glyphs apart.
    return shaped if len(shaped) == len(characters) else [*characters]


@functools.cache
def _reshaper() -> ArabicReshaper:
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper(configuration=_CONFIGURATION)
