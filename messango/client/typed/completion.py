"""What Tab makes of what a member types: commands, names, emoji. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Final

from messango.client.typed.addressing import typed_name
from messango.client.typed.commands import TABLE
from messango.client.typed.file_commands import split_send
from messango.protocol.text.command_table import Completion
from messango.protocol.text.validation import normalized_name, normalized_prefix

#: The commands whose argument begins with the name of a member.
_TAKES_NAME: Final = ("/msg", "/reply", "/delete", "/ignore", "/unignore")
#: The commands whose argument is a path or a number: names are only meant in a line about a file.
_ABOUT_FILES: Final = ("/send", "/get", "/cancel")


def complete(before_cursor: str, names: Iterable[str]) -> list[Completion]:
    """Return the choices for Tab after the text before the cursor: commands, or `names` of members."""
    if before_cursor.startswith("/") and not re.search(r"\s", before_cursor):
        return TABLE.complete(before_cursor)
    command, space, typed = before_cursor.partition(" ")
    if space and command.lower() in _ABOUT_FILES and split_send(typed)[1] is None:
        return []
    sorted_names = sorted(names, key=str.casefold)
    if space and command.lower() in _TAKES_NAME and (found := _complete_addressee(typed, sorted_names)):
        return found
    return _complete_name(before_cursor, sorted_names) or _complete_emoji(before_cursor)


def _complete_emoji(before_cursor: str) -> list[Completion]:
    if ":" not in before_cursor:
        return []
    from messango.client.emoji.short_names import complete_short_name

    return complete_short_name(before_cursor)


def _complete_addressee(typed: str, names: list[str]) -> list[Completion]:
    prefix = normalized_prefix(typed.lstrip(' "“'))
    matches = [name for name in names if normalized_name(name).startswith(prefix)]
    return [Completion(f"{typed_name(name, names)} ", len(typed)) for name in matches]


def _complete_name(before_cursor: str, names: list[str]) -> list[Completion]:
    # Names may contain spaces, so the longest end of the text that begins a name counts.
    starts = itertools.chain([0], (space.end() for space in re.finditer(r"\s+", before_cursor)))
    for start in starts:
        typed = before_cursor[start:]
        at = "@" if typed.startswith("@") else ""
        prefix = normalized_prefix(typed.removeprefix("@"))
        matches = [name for name in names if (prefix or at) and normalized_name(name).startswith(prefix)]
        if matches:
            suffix = " " if start or at else ": "
            return [Completion(f"{at}{name}{suffix}", len(before_cursor) - start) for name in matches]
    return []
