"""What Tab makes of the beginning of a path. Reads the names in folders."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Final

from messango.client.typed.file_commands import quoted_path
from messango.client.typed.local_paths import BACKSLASH_ESCAPES, expand_path
from messango.protocol.text.command_table import Completion
from messango.protocol.text.validation import clean_text

#: In a folder of more entries, Tab offers some only.
_MAX_ENTRIES: Final = 10_000

#: The beginning of a path between quotation marks, as the last of several.
_OPEN_QUOTE: Final = re.compile(r"""(?<!\S)(?P<quote>["'])(?P<begun>(?:(?!(?P=quote)).)*)$""")
#: The last word, in which a backslash keeps a blank.
_LAST_WORD: Final = re.compile(r"(?:\\.|[^\s\\])*$")
_ESCAPED: Final = re.compile(r"\\(.)")
_SEPARATORS: Final = re.escape(os.sep + (os.altsep or ""))
_FOLDER_AND_NAME: Final = re.compile(rf"(.*[{_SEPARATORS}])?([^{_SEPARATORS}]*)", re.DOTALL)


def complete_path(typed: str, *, folders_only: bool = False) -> list[Completion]:
    """Return the choices for Tab after the beginning of a path: it is the last of those that are typed.

    What a blank would end is put between quotation marks. A folder ends with a slash and leaves its mark
    open, so that Tab can go on in it. Hidden files are offered after a dot.
    """
    for start, begun, quote in _beginnings(typed):
        if found := sorted(_entries(begun, folders_only=folders_only)):
            exact = [path for path in found if path.startswith(begun)]
            return [_completion(path, len(typed) - start, quote) for path in exact or found]
    return []


def _beginnings(typed: str) -> Iterator[tuple[int, str, str]]:
    """Yield where the last path may begin, what is typed of it, and its quotation mark or none."""
    if opened := _OPEN_QUOTE.search(typed):
        yield opened.start(), opened["begun"], opened["quote"]
    words = [0, *(found.start() for found in [_LAST_WORD.search(typed)] if found)]
    for start in dict.fromkeys(words):
        begun = typed[start:]
        yield start, begun, ""
        if BACKSLASH_ESCAPES and "\\" in begun:
            yield start, _ESCAPED.sub(r"\1", begun), ""


def _entries(begun: str, *, folders_only: bool) -> Iterator[str]:
    """Yield the paths that begin so; folders with a separator at their end."""
    if begun == "~":
        yield f"~{os.sep}"
        return
    matched = _FOLDER_AND_NAME.fullmatch(begun)
    folder, name = (matched[1] or "", matched[2]) if matched else ("", begun)
    wanted = _key(name)
    try:
        with os.scandir(expand_path(folder or os.curdir)) as entries:
            for entry in islice(entries, _MAX_ENTRIES):
                is_wanted = _key(entry.name).startswith(wanted) and _can_be_typed(entry.name)
                if not is_wanted or (entry.name.startswith(".") and not name.startswith(".")):
                    continue
                if _is_folder(entry):
                    yield f"{folder}{entry.name}{os.sep}"
                elif not folders_only:
                    yield f"{folder}{entry.name}"
    except (OSError, ValueError):
        return


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _key(name: str) -> str:
    """Return what is compared of a name: some systems store letters and accents apart, or ignore case."""
    return unicodedata.normalize("NFC", name).casefold()


def _can_be_typed(name: str) -> bool:
    """Return whether a name stays the same in the field: it is text, in one line, and controls nothing."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\n" not in name and clean_text(name) == name


def _completion(path: str, replaces: int, quote: str) -> Completion:
    is_folder = path.endswith(os.sep)
    *_, label = path.rstrip(os.sep).rpartition(os.sep)
    label += os.sep * is_folder
    if quote and quote not in path:
        return Completion(f"{quote}{path}{'' if is_folder else f'{quote} '}", replaces, label=label)
    typed = quoted_path(path, backslash_escapes=BACKSLASH_ESCAPES)
    if is_folder and typed != path:
        typed = typed[:-1]  # The mark stays open.
    return Completion(typed if is_folder else f"{typed} ", replaces, label=label)
