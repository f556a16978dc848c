"""The line that stands for a file in the text of its message, for clients that do not know files.

`[file] holiday.jpg (2.1 MB)` is the last line of the text; what the sender wrote about it comes before.
"""

from __future__ import annotations

from typing import Final

from messango.protocol.frames import FileInfo

_UNITS: Final = ("kB", "MB", "GB", "TB", "PB")


def format_size(size: int) -> str:
    """Return a number of bytes for people, in decimal units as file managers have them: `2.1 MB`."""
    if size < 1_000:
        return f"{size} bytes" if size != 1 else "1 byte"
    amount, index = size / 1_000, 0
    while amount >= 999.5 and index < len(_UNITS) - 1:
        amount, index = amount / 1_000, index + 1
    return f"{amount:.1f} {_UNITS[index]}" if amount < 9.95 else f"{amount:.0f} {_UNITS[index]}"


def file_line(file: FileInfo) -> str:
    """Return the line that stands for a file."""
    return f"[file] {file.name} ({format_size(file.size)})"


def text_with_file(caption: str, file: FileInfo) -> str:
    """Return the text of a message: what the sender wrote about the file, and the file's line."""
    return f"{caption}\n{file_line(file)}" if caption else file_line(file)


def caption_of(text: str, file: FileInfo) -> str:
    """Return what the sender wrote about the file: the text of the message without the file's line.

    A text that does not end with that line, as a faulty server may send one, is returned as it is.
    """
    return text.removesuffix(file_line(file)).removesuffix("\n")
