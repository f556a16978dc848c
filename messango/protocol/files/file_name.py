"""Names for files that come from strangers, so that every system stores them as what they look like.

Nobody has to guess what a system does with a name: what one of them reads as a path, a drive, a device, a
stream or an option is changed for all. Names that differ only in case stay different. So a file is never
written over another one: `numbered_file_name` gives the next name to try.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from messango.protocol.limits import MAX_FILE_NAME_BYTES
from messango.protocol.text.visibility import drop_ineffective

#: What a file without a usable name is called.
UNNAMED: Final = "file"

#: NTFS and HFS+ count in UTF-16, the latter after taking letters and accents apart.
_MAX_UTF16_UNITS: Final = 255

#: Longer ones are cut in the middle before anything else: no system has them.
_MAX_RAW_CHARACTERS: Final = 1_024

_SEPARATOR: Final = re.compile(r"[/\\]")
#: `C:name` is a file in the current folder of a drive.
_DRIVE: Final = re.compile("^[A-Za-z]:")

#: What some system forbids; a colon also begins a stream of a file (`name:stream`) or a drive.
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
#: What no text has: half characters, code points that never become characters, and those for private use,
#: in which some systems hide characters that others forbid.
_NO_TEXT: Final = re.compile(
    "[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"
    + "".join(chr(plane << 16 | end) for plane in range(1, 15) for end in (0xFFFE, 0xFFFF))
    + "]"
)

#: With any ending, Windows takes these for devices; with spaces behind them too. `desktop.ini` changes the
#: folder that it is in. Shells and programs take `-` for an option and `~` for a person's folder.
_ACTIVE: Final = re.compile(
    r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)|desktop\.ini$|[-~]",
    re.IGNORECASE,
)

#: Spaces before an ending push it out of sight: `photo.jpg                .exe`.
_BEFORE_ENDING: Final = re.compile(r" +(?=\.[^. ]*$)")

#: A longer one is part of the name. Packed archives have two: `.tar.gz`.
_ENDING: Final = re.compile(r"(?<=.)(?:\.tar)?\.[^. ]{1,15}$", re.IGNORECASE)


def safe_file_name(name: str) -> str:
    """Return a name for a file in a folder: nobody's path, and at most 255 bytes with its ending whole.

    Only the last component counts. A safe name stays the same.
    """
    last = _SEPARATOR.split(name)[-1]
    if len(last) > _MAX_RAW_CHARACTERS:
        last = last[: _MAX_RAW_CHARACTERS // 2] + last[-_MAX_RAW_CHARACTERS // 2 :]
    # What one rule takes away may give another one something to do.
    while (cleaned := _cleaned(last)) != last:
        last = cleaned
    return cleaned


def numbered_file_name(name: str, number: int) -> str:
    """Return a safe name with ` (2)`, ` (3)`... before its ending, at most 255 bytes long."""
    return safe_file_name(_shortened(name, f" ({number})"))


def file_ending(name: str) -> str:
    """Return the ending of a name with its dot, such as `.jpg` or `.tar.gz`; empty if it has none."""
    found = _ENDING.search(name)
    return found.group() if found else ""


def _cleaned(name: str) -> str:
    text = _NO_TEXT.sub("", _FORBIDDEN.sub(" ", _DRIVE.sub("", name)))
    shown = unicodedata.normalize("NFC", drop_ineffective(unicodedata.normalize("NFC", text)))
    cleaned = _BEFORE_ENDING.sub("", shown).strip(" .") or UNNAMED
    return _shortened(f"_{cleaned}" if _ACTIVE.match(cleaned) else cleaned)


def _shortened(name: str, suffix: str = "") -> str:
    """Return a name with something before its ending, and as much of itself as then fits."""
    ending = file_ending(name)
    stem, tail = name.removesuffix(ending), f"{suffix}{ending}"
    if _fits(stem + tail):
        return stem + tail
    stem = stem.encode()[: MAX_FILE_NAME_BYTES - len(tail.encode())].decode(errors="ignore")
    while not _fits(stem + tail):
        stem = stem[:-1]
    return stem.rstrip(" .") + tail


def _fits(name: str) -> bool:
    length = len(name.encode())
    if 2 * length <= _MAX_UTF16_UNITS:
        return True  # Taken apart, no letter has more than two units for each of its bytes.
    units = len(unicodedata.normalize("NFD", name).encode("utf-16-le")) // 2
    return length <= MAX_FILE_NAME_BYTES and units <= _MAX_UTF16_UNITS
