"""What a paste brings: a text, copied files or a picture, by the types that the clipboard offers. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum
from typing import Final

#: As X11 programs name a list of copied files, the best first.
FILE_TYPES: Final = ("text/uri-list", "x-special/gnome-copied-files")

_TEXT_TYPES: Final = frozenset(("UTF8_STRING", "STRING", "TEXT", "COMPOUND_TEXT", "text/plain"))

_HEX_BYTES: Final = re.compile(r"(?:0x[0-9a-f]{1,2} ?)+")


class PasteKind(Enum):
    """What to paste."""

    TEXT = "text"
    FILES = "files"
    PICTURE = "picture"


def paste_kind(types: Collection[str]) -> PasteKind:
    """Return what to paste from a clipboard that offers these types.

    File managers also offer the names as text, and the files are meant. Office programs also offer a picture
    of a text, and the text is meant.
    """
    if any(file_type in types for file_type in FILE_TYPES):
        return PasteKind.FILES
    if any(kind.partition(";")[0] in _TEXT_TYPES for kind in types):
        return PasteKind.TEXT
    is_picture = any(kind.startswith("image/") for kind in types)
    return PasteKind.PICTURE if is_picture else PasteKind.TEXT


def selection_text(value: str) -> str:
    """Return the text of a selection; Tk has the bytes of types that it does not know as `0x66 0x69`."""
    if not _HEX_BYTES.fullmatch(value):
        return value
    return bytes(int(number, 16) for number in value.split()).decode(errors="replace")
