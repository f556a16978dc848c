"""The typed commands about files: `/send`, `/get`, `/cancel`. Pure.

A path may have spaces and quotation marks in it, and be pasted as a terminal writes it when a file is dropped
on it: between quotation marks, or with backslashes. So a text can be read in more than one way; of these, the
first one that names files that exist is meant. Only ` -- ` or a new line ends the paths.
"""

from __future__ import annotations

import re
import shlex
from typing import Final
from urllib.parse import unquote, urlsplit

from messango.client.typed.addressing import Target
from messango.client.typed.requests import CancelTransfer, GetFiles, SendFiles
from messango.protocol.text.command_table import InvalidInput
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.validation import text_error

#: Sends a picture with the place and camera data that is in it.
KEEP_METADATA: Final = "--keep-metadata"

_QUOTED: Final = r'(?<!\S)(?:"[^"\n]*"|\'[^\'\n]*\'|“[^”\n]*”)(?!\S)'
#: What ends the paths: not within quotation marks.
_END: Final = re.compile(rf"{_QUOTED}|(?P<end>(?:^|\s)--(?=\s|$)|\n)")
_WORD: Final = re.compile(r'"([^"]*)"|\'([^\']*)\'|“([^”]*)”|(\S+)')
#: Before the drive in an address such as `file:///C:/a.txt`.
_DRIVE: Final = re.compile(r"^/(?=[A-Za-z]:)")
_NUMBERS: Final = re.compile(r"(all|\d[\d,\s-]*)(?=\s|$)", re.IGNORECASE)
_RANGE: Final = re.compile(r"(\d{1,6})(?:\s*-\s*(\d{1,6}))?")

#: More files than this at a time are a slip: `1-99999`.
MAX_FILES: Final = 1_000


def parse_send(argument: str, reply_to: Target | None = None) -> SendFiles | InvalidInput:
    """Return the command for `[--keep-metadata] PATHS [-- TEXT]`, which may answer a message."""
    option, _, rest = argument.partition(" ")
    keeps = option == KEEP_METADATA
    paths, text = split_send(rest if keeps else argument)
    paths, text = paths.strip(), (text or "").strip()
    if not paths:
        return InvalidInput("Which file? Type its path; Tab completes it: /send holiday.jpg")
    error = text_error(text) if text else ""
    return InvalidInput(error) if error else SendFiles(paths, text, keeps, reply_to)


def split_send(argument: str) -> tuple[str, str | None]:
    """Return the paths and the line about the files; None as long as only paths are typed."""
    for found in _END.finditer(argument):
        if found["end"] is not None:
            return argument[: found.start()], argument[found.end() :]
    return argument, None


def split_get(argument: str) -> tuple[str, str | None]:
    """Return the numbers and the folder; None as long as only numbers are typed."""
    found = _NUMBERS.match(argument)
    if found is None or found.end() == len(argument):
        return argument, None
    return found[0], argument[found.end() :].lstrip()


def path_readings(paths: str, *, backslash_escapes: bool) -> list[tuple[str, ...]]:
    """Return which paths a text may mean, the most literal reading first; no reading is empty.

    `backslash_escapes`: a backslash does not separate folders, it stands before a character that is meant as
    it is.
    """
    readings: list[tuple[str, ...]] = [(_plain(paths),)]
    words = tuple(_plain(word) for word in _words(paths, backslash_escapes=backslash_escapes) if word)
    if words and words not in readings:
        readings.append(words)
    return readings


def _words(paths: str, *, backslash_escapes: bool) -> list[str]:
    if backslash_escapes and "“" not in paths:
        try:
            return shlex.split(paths)
        except ValueError:  # An apostrophe, or a quotation mark that nothing closes.
            return [paths]
    return ["".join(filter(None, groups)) for groups in _WORD.findall(paths)]


def _plain(path: str) -> str:
    """Return a path for a `file:` address, as file managers copy it; others stay as they are."""
    if not path.lower().startswith("file://"):
        return path
    try:
        return _DRIVE.sub("", unquote(urlsplit(path).path))
    except ValueError:
        return path


def quoted_path(path: str, *, backslash_escapes: bool) -> str:
    """Return how a path is typed so that it is read as one whatever follows: mostly as it is."""
    if not re.search(r"[\s\"'“”]" if not backslash_escapes else r"[\s\"'“”\\]", path):
        return path
    is_special = '"' in path or (backslash_escapes and "\\" in path)
    if is_special and "'" in path:
        return path
    return f"'{path}'" if is_special else f'"{path}"'


def parse_get(argument: str) -> GetFiles | InvalidInput:
    """Return the command for `[NUMBERS] [FOLDER]`."""
    found = _NUMBERS.match(argument)
    if found is None and argument:
        return InvalidInput(
            f"“{excerpt(argument)}” is not the number of a file. Type /files to see them, then for example "
            "/get 3 or /get 1,3 ~/Pictures"
        )
    if found is None:
        return GetFiles()
    folder = argument[found.end() :].strip()
    if found[1].lower() == "all":
        return GetFiles(every=True, folder=folder)
    numbers = _numbers(found[1])
    return numbers if isinstance(numbers, InvalidInput) else GetFiles(numbers, folder=folder)


def parse_cancel(argument: str) -> CancelTransfer | InvalidInput:
    """Return the command for `[NUMBERS]`."""
    if not argument:
        return CancelTransfer()
    found = _NUMBERS.fullmatch(argument)
    if found is None:
        return InvalidInput(f"“{excerpt(argument)}” is not the number of a file. Type /files to see them.")
    if found[1].lower() == "all":
        return CancelTransfer(every=True)
    numbers = _numbers(found[1])
    return numbers if isinstance(numbers, InvalidInput) else CancelTransfer(numbers)


def _numbers(text: str) -> tuple[int, ...] | InvalidInput:
    """Return the numbers that `1,3-5` lists, each once."""
    numbers: dict[int, None] = {}
    for part in filter(str.strip, text.split(",")):
        found = _RANGE.fullmatch(part.strip())
        if found is None:
            return InvalidInput(f"“{excerpt(text)}” is not a list of numbers. Write it as 1,3 or 1-3.")
        first, last = int(found[1]), int(found[2] or found[1])
        if last - first >= MAX_FILES:
            return InvalidInput(f"“{excerpt(text)}” is more than {MAX_FILES:,} files.")
        numbers.update(dict.fromkeys(range(first, last + 1)))
    return tuple(numbers)
