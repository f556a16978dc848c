"""The rules for names and texts: which are valid, how they are cleaned, and which names count as equal."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from messango.errors import BadName
from messango.protocol.limits import MAX_NAME_CHARACTERS, MAX_RAW_NAME_CHARACTERS, MAX_TEXT_CHARACTERS
from messango.protocol.text.control_sequences import strip_controls
from messango.protocol.text.visibility import drop_ineffective, is_visible, visible_part

#: Also the marks that change the direction of text (UAX #9) and line separators: with these in a name, a
#: member could make a line look like another member's.
_FORBIDDEN_IN_NAMES: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

#: The name and the public id of the host's announcements. No member can have this name, because NFKC turns
#: its first character into a plain letter. The ids of members are hexadecimal digits.
HOST_NAME: Final = "\u2139 Host"
HOST_MEMBER_ID: Final = "host"

#: NFKC, casefolding and dropping invisible characters can each make work for the others; this many rounds
#: are enough for every character of Unicode.
_MAX_ROUNDS: Final = 4


def clean_name(name: str) -> str:
    """Return `name` in NFKC, trimmed and with single spaces; raises `BadName`.

    A name has 1 to 32 characters, at least one of them visible, and no control characters or line breaks.
    Blank characters become spaces; invisible ones are dropped where they have no effect.
    """
    if len(name) > MAX_RAW_NAME_CHARACTERS:
        raise _too_long(len(name))
    cleaned = unicodedata.normalize("NFKC", name).strip()
    if _FORBIDDEN_IN_NAMES.search(cleaned):
        raise BadName("A name can't have control characters or line breaks in it.", "Type it without them.")
    for _ in range(_MAX_ROUNDS):
        cleaned = unicodedata.normalize("NFKC", drop_ineffective(cleaned))
    if not any(map(is_visible, cleaned)):
        raise BadName("The name is empty.", f"Choose one of 1 to {MAX_NAME_CHARACTERS} characters.")
    if len(cleaned) > MAX_NAME_CHARACTERS:
        raise _too_long(len(cleaned))
    return cleaned


def _too_long(count: int) -> BadName:
    return BadName(
        f"The name is too long: {count:,} characters.",
        f"Choose one of 1 to {MAX_NAME_CHARACTERS} characters.",
    )


def normalized_name(name: str) -> str:
    """Return the form in which names that look the same are equal; members, rooms and bans share this rule.

    NFKC, casefolded, without anything invisible, and with single spaces. Names that only look alike in other
    letters are not equal: see `confusables`.
    """
    if name.isascii() and name.isprintable():
        return " ".join(name.casefold().split())
    return _folded(name)


def normalized_prefix(typed: str) -> str:
    """Return how the normalized form of a name begins that begins with `typed`; a last space counts."""
    return normalized_name(f"{typed}x")[:-1]


@functools.lru_cache(maxsize=2_048)
def _folded(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name)
    for _ in range(_MAX_ROUNDS):
        folded = unicodedata.normalize("NFKC", visible_part(folded).casefold())
    return folded


def numbered_name(name: str, number: int, limit: int = MAX_NAME_CHARACTERS) -> str:
    """Return `name` with ` 2`, ` 3`... at its end, shortened to fit into `limit` characters."""
    suffix = f" {number}"
    return name[: limit - len(suffix)].rstrip() + suffix


def clean_text(text: str) -> str:
    """Return a text that people can exchange: every line end is a newline, nothing in it controls a terminal.

    Terminal sequences are removed whole (`control_sequences`), and other control characters except tab. A
    clean text stays the same.
    """
    # Most messages are printable, and isprintable() is much faster than a search.
    return text if text.isprintable() else strip_controls(text)


def first_text_error(texts: Sequence[str]) -> str:
    """Return the `text_error` of the first text that has one; empty if all are valid."""
    if all(texts) and max(map(len, texts), default=0) <= MAX_TEXT_CHARACTERS:
        return ""
    return next(filter(None, map(text_error, texts)))


def text_error(text: str) -> str:
    """Return why a cleaned text is not a valid message, as a sentence; empty if it is one."""
    if not text:
        return "The message is empty."
    if len(text) > MAX_TEXT_CHARACTERS:
        return f"The message is too long: {len(text):,} characters; the limit is {MAX_TEXT_CHARACTERS:,}."
    return ""
