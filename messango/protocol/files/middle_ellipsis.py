"""Cuts a file's name in its middle, so that its ending stays in sight."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Final

_ELLIPSIS: Final = "…"

#: The ending, and the last letters before it, stay as far as there is space.
_KEPT_END: Final = 12


def shortened_name(name: str, fits: Callable[[str], bool]) -> str:
    """Return a name, cut in its middle until it `fits`."""
    if fits(name):
        return name
    for kept in (_KEPT_END, _KEPT_END // 2, 0):
        end = name[len(name) - kept :] if kept else ""
        length = _longest(name[: len(name) - kept], end, fits)
        if length:
            return _cut(name[:length], end)
    return _ELLIPSIS


def _longest(begin: str, end: str, fits: Callable[[str], bool]) -> int:
    """Return how much of the beginning fits; a longer text is never narrower."""
    return bisect_left(range(len(begin)), True, key=lambda count: not fits(_cut(begin[: count + 1], end)))


def _cut(begin: str, end: str) -> str:
    return f"{begin.rstrip()}{_ELLIPSIS}{end}"
