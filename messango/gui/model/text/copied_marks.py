"""Which marks of a text are copied with a part of it: those of what is copied whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from messango.gui.model.text.run_tags import CLOSING, MARK, OPENING, TextRun


class _Mark(NamedTuple):
    start: int
    stop: int
    tags: tuple[str, ...]


def copied_marks(source: Sequence[TextRun], copied: set[int]) -> set[int]:
    """Return the characters of marks to copy, by number through all runs; `copied` are those of other text.

    The marks before and after a part are copied if all of it is; another one, such as a backslash, belongs to
    what follows.
    """
    marks = [*_marks(source)]
    if not marks:
        return set()
    hidden = {place for mark in marks for place in range(mark.start, mark.stop)}
    length = sum(len(text) for text, _ in source)
    found: set[int] = set()
    for opening, closing in _pairs(marks):
        first = next((place for place in range(opening.stop, closing.start) if place not in hidden), -1)
        last = next((place for place in range(closing.start - 1, first, -1) if place not in hidden), first)
        if copied.issuperset((first, last)):
            found.update(range(opening.start, opening.stop), range(closing.start, closing.stop))
    for mark in marks:
        following = next((place for place in range(mark.stop, length) if place not in hidden), length)
        if not {OPENING, CLOSING} & {*mark.tags} and following in copied:
            found.update(range(mark.start, mark.stop))
    return found


def _marks(source: Sequence[TextRun]) -> Iterator[_Mark]:
    start = 0
    for text, tags in source:
        if MARK in tags:
            yield _Mark(start, start + len(text), tags)
        start += len(text)


def _pairs(marks: Sequence[_Mark]) -> Iterator[tuple[_Mark, _Mark]]:
    """Yield the marks before and after each part; they are properly nested."""
    opened: list[_Mark] = []
    for mark in marks:
        if OPENING in mark.tags:
            opened.append(mark)
        elif CLOSING in mark.tags and opened:
            yield opened.pop(), mark
