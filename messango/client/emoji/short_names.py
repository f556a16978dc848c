"""Emoji by their names between colons, as one types them: `:man` offers `:mango:`, which becomes the sign.

A colon counts only at the beginning of a word: not in `10:30:45`, in `std::vector`, in an address or in
code.
"""

from __future__ import annotations

import re
from typing import Final

from messango.client.emoji.catalog import Emoji, catalog, fold_short_name
from messango.protocol.text.command_table import Completion

#: Fewer letters are a smiley: `:D`.
_MIN_LETTERS: Final = 2

_NAME: Final = r"[^\W_][\w’'.-]{0,60}|[+-]1"
_BEGUN: Final = re.compile(rf"(?<![^\s(\[{{\"“‘«¿¡*_~])(?::(?P<name>{_NAME}))\Z")
_COMPLETE: Final = re.compile(rf"(?<![^\s(\[{{\"“‘«¿¡*_~])(?::(?P<name>{_NAME}):)\Z")
_LAST_WORD: Final = re.compile(r"\S*\Z")


def complete_short_name(before_cursor: str, limit: int = 8, tone: int = 0) -> list[Completion]:
    """Return the emoji for a name that is being typed, the best first; each replaces the name and its colon.

    The summary of a completion is the whole name: `:mango:`. `tone` is the skin tone, 0 to 5.
    """
    match = _BEGUN.search(before_cursor)
    if match is None or len(match["name"]) < _MIN_LETTERS or _is_literal(before_cursor, match.start()):
        return []
    prefix = fold_short_name(match["name"])
    known = catalog()
    by_start = {
        one.sign: (one, name) for name, one in sorted(known.by_short_name.items()) if name.startswith(prefix)
    }
    by_word = {one.sign: (one, "") for one in known.search(match["name"])}
    ranked = sorted(by_start.values(), key=lambda found: (found[1] != prefix, len(found[1])))
    found = [one for one, _ in ranked] + [one for sign, (one, _) in by_word.items() if sign not in by_start]
    return [
        Completion(known.with_tone(one.sign, tone), len(match.group()), f":{_shown_name(one, prefix)}:")
        for one in found[:limit]
    ]


def finish_short_name(before_cursor: str, tone: int = 0) -> Completion | None:
    """Return the emoji for a whole name, if the text ends with its second colon."""
    match = _COMPLETE.search(before_cursor)
    if match is None or _is_literal(before_cursor, match.start()):
        return None
    found = catalog().by_short_name.get(fold_short_name(match["name"]))
    if found is None:
        return None
    return Completion(catalog().with_tone(found.sign, tone), len(match.group()), match.group())


def _shown_name(one: Emoji, prefix: str) -> str:
    """Return the name to show: the one that is being typed, else the best known."""
    names = (name for name in one.short_names if fold_short_name(name).startswith(prefix))
    return next(names, one.short_names[0])


def _is_literal(text: str, place: int) -> bool:
    """Return whether a place is in code, in an address, or in a command that has no text yet."""
    before = text[:place]
    if before.count("```") % 2:
        return True
    line = before[before.rfind("\n") + 1 :]
    word = _LAST_WORD.search(before)
    return line.count("`") % 2 == 1 or (word is not None and "://" in word.group())
