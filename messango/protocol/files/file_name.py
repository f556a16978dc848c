"""Names for files that come from strangers, so that every system stores them as what they look like."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from messango.protocol.limits import MAX_FILE_NAME_BYTES
from messango.protocol.text.visibility import visible_part

#: What a file without a usable name is called.
UNNAMED: Final = "file"

#: Characters that some system forbids in file names.
_FORBIDDEN: Final = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')

#: With any ending, Windows takes these for devices; with spaces or dots behind them too.
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE
)

#: A longer ending is part of the name.
_MAX_ENDING_CHARACTERS: Final = 16


def safe_file_name(name: str) -> str:
    """Return a name for a file in a folder: nobody's path, and at most 255 bytes with its ending whole.

    Only the last component counts. A safe name stays the same.
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = visible_part(_FORBIDDEN.sub("", unicodedata.normalize("NFC", last)))
    cleaned = " ".join(shown.split()).strip(" .") or UNNAMED
    if _DEVICE.match(cleaned):
        cleaned = f"_{cleaned}"
    return _shortened(cleaned)


def numbered_file_name(name: str, number: int) -> str:
    """Return `name` with ` (2)`, ` (3)`... before its ending, at most 255 bytes long."""
    return _shortened(name, f" ({number})")


def _shortened(name: str, suffix: str = "") -> str:
    stem, ending = _parts(name)
    most = MAX_FILE_NAME_BYTES - len(f"{suffix}{ending}".encode())
    kept = stem.encode()[:most].decode(errors="ignore").rstrip(" .") if len(stem.encode()) > most else stem
    return f"{kept}{suffix}{ending}"


def _parts(name: str) -> tuple[str, str]:
    stem, _dot, ending = name.rpartition(".")
    return (stem, f".{ending}") if stem and len(ending) < _MAX_ENDING_CHARACTERS else (name, "")
