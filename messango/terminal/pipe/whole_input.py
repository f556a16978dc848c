"""All of standard input as one message, or as a file if it is too long for one."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Final

from messango.client.files.uploads.text_file import UTF16_MARKS, is_text
from messango.errors import MessangoError
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.protocol.text.validation import clean_text

#: No message has more bytes than this: four for each character in UTF-8, and as many again for what is
#: removed from a text, such as colours.
_MOST_OF_A_MESSAGE: Final = 8 * MAX_TEXT_CHARACTERS

_STEP_BYTES: Final = 1 << 20

#: An endless input must not fill the disk: larger files are named, with --file.
MAX_INPUT_BYTES: Final = 1_000_000_000


class InputUnusable(MessangoError):
    """Standard input can't be sent."""


def read_whole(stream: BinaryIO, path: Path) -> str | Path:
    """Return the text, cleaned; or `path`, where the bytes are now if they are too many or not a text.

    Raises `InputUnusable` for an input without a text, one that never ends, and one that can't be read.
    """
    try:
        data = stream.read(_MOST_OF_A_MESSAGE + 1)
        if len(data) <= _MOST_OF_A_MESSAGE and is_text(data):
            text = clean_text(_decode(data)).strip("\n")
            if not text.strip():
                raise InputUnusable("Standard input is empty: there is nothing to send.")
            if len(text) <= MAX_TEXT_CHARACTERS:
                return text
        _copy(data, stream, path)
    except OSError as error:
        raise InputUnusable(f"Standard input can't be read ({error.strerror or error}).") from error
    return path


def _decode(data: bytes) -> str:
    """Return the text in UTF-8, or in UTF-16 with a byte order mark; what is not valid becomes U+FFFD."""
    return data.decode("utf-16" if data.startswith(UTF16_MARKS) else "utf-8-sig", "replace")


def _copy(beginning: bytes, rest: BinaryIO, path: Path) -> None:
    size = len(beginning)
    with path.open("wb") as file:
        file.write(beginning)
        while data := rest.read(_STEP_BYTES):
            size += len(data)
            if size > MAX_INPUT_BYTES:
                raise InputUnusable(
                    "Standard input is longer than 1 GB, or never ends.",
                    "Save it in a file, and send that with --file.",
                )
            file.write(data)
