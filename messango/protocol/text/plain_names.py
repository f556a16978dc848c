"""How a plain text tells a name from the words around it, in every place without colour and headings.

One rule: a name of a single word stands as it is, and any other name stands between quotation marks. A reader
of `“Ann Lee: I vote yes. Signed”: no` sees where the name ends, before a colon, two spaces or `joined`.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import Final

from messango.protocol.text.confusables import skeleton
from messango.protocol.text.escaping import safe_name
from messango.protocol.text.validation import HOST_NAME

#: Besides letters, digits and marks, what a word may have in it. Some letters look like a colon or like
#: quotation marks; their skeletons show it.
_WORD_CHARACTERS: Final = frozenset("-'\u2019._\u200c\u200d")
#: The skeleton of all that looks like a double quotation mark.
_DOUBLE_QUOTE: Final = "''"


@functools.lru_cache(maxsize=2_048)
def plain_name(name: str) -> str:
    """Return a name as plain text shows it: on one line, quoted unless it is a single word.

    The host's announcements have a name that no member can have, so it needs no quotation marks.
    """
    if name == HOST_NAME:
        return name
    safe = safe_name(name)
    return safe if _is_word(safe) else quoted_name(safe)


def quoted_name(name: str) -> str:
    """Return a name on one line between quotation marks; those within it become single ones."""
    return f"“{shown_name(name)}”"


def shown_name(name: str) -> str:
    """Return what stands between the quotation marks: a person who types it back means `name`."""
    return "".join("'" if _is_double_quote(character) else character for character in safe_name(name))


def _is_double_quote(character: str) -> bool:
    """Return whether a character looks like a double quotation mark."""
    # The table of look-alikes takes 10 ms to load, and most names do not need it.
    return character == '"' if character.isascii() else skeleton(character) == _DOUBLE_QUOTE


def _is_word(name: str) -> bool:
    if not name[0].isalnum() or name.endswith((".", "-", "'", "\u2019")):
        return False
    if not all(unicodedata.category(char)[0] in "LMN" or char in _WORD_CHARACTERS for char in name):
        return False
    return name.isascii() or not any(mark in skeleton(name) for mark in (":", _DOUBLE_QUOTE))
