"""A name for somebody who has not typed one: a login name need not be valid in a room."""

from __future__ import annotations

import unicodedata

from messango.errors import BadName
from messango.protocol.limits import MAX_NAME_CHARACTERS
from messango.protocol.text.validation import clean_name


def fitted_name(text: str) -> str:
    """Return the valid name that begins as `text` does, without control characters; "" if there is none."""
    characters = unicodedata.normalize("NFKC", text)
    # The categories C* are controls, invisible format characters, surrogates and unassigned code points.
    printable = "".join(" " if letter.isspace() else letter for letter in characters if _is_text(letter))
    try:
        return clean_name(" ".join(printable.split())[:MAX_NAME_CHARACTERS])
    except BadName:
        return ""


def _is_text(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] != "C"
