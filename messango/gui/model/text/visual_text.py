"""Texts as they are drawn, for displays that know neither directions nor joined letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from messango.gui.model.text.arabic_shaping import shape
from messango.gui.model.text.bidi import (
    base_level,
    bidi_class,
    has_rtl,
    mirrored,
    resolve_levels,
    visual_order,
)

_ZWJ: Final = "\u200d"
_JOINERS: Final = ("\u200c", _ZWJ)
#: They only have a direction, and are not drawn.
_DIRECTION_MARKS: Final = ("\u200e", "\u200f", "\u061c")
_SKIN_TONES: Final = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


class Piece(NamedTuple):
    """What is drawn for the characters `start` to `stop` of a text, and the number of their run.

    `base` is the character that decides the direction.
    """

    drawn: str
    start: int
    stop: int
    run: int
    base: str


def pieces(text: str, start: int = 0, run: int = 0) -> list[Piece]:
    """Return the pieces of a text, in the order of reading; its first character has the number `start`.

    A character and its marks are one piece.
    """
    clusters = [*_clusters(text)]
    found: list[Piece] = []
    for cluster, glyph in zip(clusters, shape([cluster[0] for cluster in clusters]), strict=True):
        stop = start + len(cluster)
        is_drawn = cluster[0] not in (*_JOINERS, *_DIRECTION_MARKS)
        drawn = ((glyph if is_drawn else "") + cluster[1:]).replace("\t", "    ")
        if found and (not glyph or cluster[0] in _JOINERS):
            # The alef of a ligature, or a joiner: a part of the letter before it.
            found[-1] = found[-1]._replace(drawn=found[-1].drawn + drawn, stop=stop)
        else:
            found.append(Piece(drawn, start, stop, run, cluster[0]))
        start = stop
    return found


def in_visual_order(line: Sequence[Piece], levels: Sequence[int]) -> list[Piece]:
    """Return the pieces of a line as they are drawn from left to right."""
    return [at_level(line[place], levels[place]) for place in visual_order(levels)]


def at_level(piece: Piece, level: int) -> Piece:
    """Return a piece as it is drawn: from right to left, brackets mirrored, marks before letters (L3, L4)."""
    if level % 2 == 0:
        return piece
    if len(piece.drawn) == 1:
        return piece._replace(drawn=mirrored(piece.drawn)) if unicodedata.mirrored(piece.drawn) else piece
    # Fonts draw the marks of these letters onto what follows to the right, if nothing places them better.
    if bidi_class(piece.base) in ("R", "AL"):
        return piece._replace(drawn=piece.drawn[1:] + piece.drawn[:1])
    return piece


def visual_text(text: str, base: int | None = None) -> str:
    """Return one line as it is drawn; `base` is its level, by default that of its first strong character."""
    if not has_rtl(text):
        return text
    line = pieces(text)
    levels = resolve_levels([piece.base for piece in line], base_level(text) if base is None else base)
    return "".join(piece.drawn for piece in in_visual_order(line, levels))


def _clusters(text: str) -> Iterator[str]:
    """Yield each character with what is drawn onto it, and each emoji with its parts."""
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _is_joined(text[end - 1], text[end]):
            yield text[begin:end]
            begin = end


def _is_joined(before: str, character: str) -> bool:
    if unicodedata.category(character)[0] == "M" or character in _SKIN_TONES:
        return True
    # Beside a letter or a space, a joiner has to do with the forms of letters, and stands alone.
    return _ZWJ in (before, character) and not any(
        neighbour.isalpha() or neighbour.isspace() for neighbour in (before, character)
    )
