"""A text that is too long for one message, or an input that is not a text: it goes as a file."""

from __future__ import annotations

import codecs
import datetime
from pathlib import Path
from typing import Final

from messango.client.files.uploads.outgoing_file import OutgoingFile

UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

#: Of an input, so much is looked at: packed data and pictures have a zero byte sooner.
_LOOKED_AT_BYTES: Final = 8_192


def is_text(beginning: bytes) -> bool:
    """Return whether a file that begins so is a text: others have zero bytes, as `grep` and `git` know."""
    return beginning.startswith(UTF16_MARKS) or b"\0" not in beginning[:_LOOKED_AT_BYTES]


def long_text_name(now: datetime.datetime) -> str:
    """Return the name of the file: `text 2026-11-22 14.02.txt`."""
    # A colon is not allowed in the names of files everywhere.
    return f"text {now:%Y-%m-%d %H.%M}.txt"


def long_text_file(text: str, now: datetime.datetime) -> OutgoingFile:
    """Return the text as a file."""
    return OutgoingFile(long_text_name(now), data=text.encode())


def input_file(path: Path, now: datetime.datetime) -> OutgoingFile:
    """Return what was read into the file at `path`; if it is not a text, as `data 2026-11-22 14.02.bin`."""
    with path.open("rb") as file:
        has_text = is_text(file.read(_LOOKED_AT_BYTES))
    name = long_text_name(now) if has_text else f"data {now:%Y-%m-%d %H.%M}.bin"
    return OutgoingFile(name, path)
