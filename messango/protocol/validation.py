"""The rules for names and texts: what is let through, what is taken out, and which names are the same."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from messango.errors import BadName
from messango.protocol.limits import MAX_NAME_CHARACTERS, MAX_TEXT_CHARACTERS

#: C0, DEL and C1 but newline and tab: they move a terminal's cursor, ring its bell, or worse.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

#: Marks that reorder what stands beside them (UAX #9) and separators that break a line: in a name they
#: would let one member's line pass for another's.
_FORBIDDEN_IN_NAMES: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

#: The name and the public id under which the host speaks to all. No member can have the name: NFKC, which
#: every member's goes through, makes a plain letter of its sign. Ids of members are hexadecimal digits.
HOST_NAME: Final = "\u2139 Host"
HOST_MEMBER_ID: Final = "host"

#: Letters and symbols to Unicode, and blank on every screen: Hangul's fillers, Braille without dots.
_BLANKS: Final = "\u115f\u1160\u2800"


def clean_name(name: str) -> str:
    """Return `name` as the room keeps it: NFKC, trimmed, 1 to 32 characters, something to see in it.

    Raises `BadName` with the reason.
    """
    cleaned = unicodedata.normalize("NFKC", name).strip()
    if _FORBIDDEN_IN_NAMES.search(cleaned):
        raise BadName("A name can't have control characters or line breaks in it.", "Type it without them.")
    if not any(map(_is_visible, cleaned)):
        raise BadName("The name is empty.", f"Choose one of 1 to {MAX_NAME_CHARACTERS} characters.")
    if len(cleaned) > MAX_NAME_CHARACTERS:
        raise BadName(
            f"The name is too long: {len(cleaned)} characters.",
            f"Choose one of 1 to {MAX_NAME_CHARACTERS} characters.",
        )
    return cleaned


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANKS


def normalized_name(name: str) -> str:
    """Return what two names that count as the same have in common: NFKC, casefold, what can be seen."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return folded.strip() if folded.isprintable() else "".join(filter(_is_significant, folded)).strip()


def _is_significant(character: str) -> bool:
    """Tell whether a character makes a name another one: format characters can't be seen."""
    return unicodedata.category(character) != "Cf"


def numbered_name(name: str, number: int, limit: int = MAX_NAME_CHARACTERS) -> str:
    """Return `name` with ` 2`, ` 3`... behind it, cut so that the whole keeps to `limit` characters."""
    suffix = f" {number}"
    return name[: limit - len(suffix)].rstrip() + suffix


def clean_text(text: str) -> str:
    """Return `text` without control characters but newline and tab."""
    # Most messages are printable as they come, and isprintable() is far quicker than the search.
    return text if text.isprintable() else _CONTROLS.sub("", text)


def text_error(text: str) -> str:
    """Return what is wrong with a cleaned text, in a sentence, or nothing."""
    if not text:
        return "The message is empty."
    if len(text) > MAX_TEXT_CHARACTERS:
        return f"The message is too long: {len(text):,} characters, and {MAX_TEXT_CHARACTERS:,} is the most."
    return ""
