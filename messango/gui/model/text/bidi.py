"""The order in which a line of mixed directions is shown: the Unicode bidirectional algorithm (UAX 9).

For displays that draw characters from left to right as they come. Rules are named as in UAX 9, revision 50.
`python-bidi` has the same rules, but returns a string, without mirrored brackets; links, search and copying
need to know which character went where. The tests compare the two. Texts have no explicit directional
characters (X1-X8): the sanitizer removes them. A part to be isolated is one character here, `OBJECT`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

#: Stands for an isolated part: neutral, as an isolate is for the text around it (BD9, X5c).
OBJECT: Final = "\ufffc"

_RTL_BLOCKS: Final = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
_RTL: Final = re.compile(f"[\u200f{_RTL_BLOCKS}]")
_SIDES: Final = {0: "L", 1: "R"}
#: Beyond this depth brackets are not paired (BD16).
_MAX_OPEN_BRACKETS: Final = 63
_NEUTRAL: Final = frozenset({"B", "S", "WS", "ON"})
_SIDE_OF: Final = {"L": "L", "R": "R", "EN": "R", "AN": "R"}  # for N0 and N1, numbers count as R


def has_rtl(text: str) -> bool:
    """Return whether a text contains anything that is read from right to left."""
    return not text.isascii() and _RTL.search(text) is not None


def base_level(text: str) -> int:
    """Return the level of a paragraph: 1 if its first strong character is from right to left (P2, P3)."""
    strong = (kind for character in text if (kind := bidi_class(character)) in ("L", "R", "AL"))
    return int(next(strong, "L") != "L")


def bidi_class(character: str) -> str:
    """Return the Bidi_Class; unassigned characters have that of their block (DerivedBidiClass.txt)."""
    kind = unicodedata.bidirectional(character) or ("R" if _RTL.match(character) else "L")
    # X9 ignores BN; as NSM it takes the class of what it stands behind.
    return "NSM" if kind == "BN" else kind


def resolve_levels(characters: Sequence[str], base: int) -> list[int]:
    """Return the level of each character of a paragraph with this base level: odd is right to left."""
    original = [bidi_class(character) for character in characters]
    kinds = _resolve_weak(original, _SIDES[base])
    _resolve_brackets(characters, original, kinds, _SIDES[base])
    _resolve_neutral(kinds, _SIDES[base])
    levels = [_implicit_level(kind, base) for kind in kinds]
    before_separator = False
    for place in range(len(levels) - 1, -1, -1):  # L1, but for the end of a line, which has no blanks
        before_separator = original[place] in ("B", "S") or (before_separator and original[place] == "WS")
        if before_separator:
            levels[place] = base
    return levels


def visual_order(levels: Sequence[int]) -> list[int]:
    """Return the places of a line's characters in the order in which they are shown (L2)."""
    order = [*range(len(levels))]
    for level in range(max(levels, default=0), 0, -1):
        shown: list[int] = []
        for is_reversed, group in groupby(order, key=lambda place: levels[place] >= level):
            places = [*group]
            shown += reversed(places) if is_reversed else places
        order = shown
    return order


def mirrored(character: str) -> str:
    """Return what a character looks like from right to left: `(` for `)` (L4)."""
    return _mirror_pairs().get(character, character) if unicodedata.mirrored(character) else character


@functools.cache
def _mirror_pairs() -> dict[str, str]:
    from bidi.mirror import MIRRORED

    return dict(MIRRORED)


def _resolve_weak(original: Sequence[str], side: str) -> list[str]:
    """Return the classes after W1-W7, in which only L, R, EN, AN and neutral ones are left."""
    kinds = ["R" if kind == "AL" else kind for kind in _resolve_by_letters(original, side)]  # W3
    _resolve_separators(kinds)
    _resolve_terminators(kinds)
    kinds = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in kinds]  # W6
    strong = side
    for place, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"  # W7
    return kinds


def _resolve_by_letters(original: Sequence[str], side: str) -> list[str]:
    """Give marks the class of what they stand on (W1), and numbers after Arabic letters theirs (W2)."""
    kinds: list[str] = []
    strong = before = side
    for kind in original:
        if kind == "NSM":
            kind = before
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        if kind in ("L", "R", "AL"):
            strong = kind
        before = kind
        kinds.append(kind)
    return kinds


def _resolve_separators(kinds: list[str]) -> None:
    """Make a single separator between two numbers of one kind a part of them (W4)."""
    for place in range(1, len(kinds) - 1):
        around = {kinds[place - 1], kinds[place + 1]}
        if kinds[place] in ("ES", "CS") and around == {"EN"}:
            kinds[place] = "EN"
        elif kinds[place] == "CS" and around == {"AN"}:
            kinds[place] = "AN"


def _resolve_terminators(kinds: list[str]) -> None:
    """Make terminators beside a European number a part of it (W5)."""
    place = 0
    for kind, group in groupby([*kinds]):
        end = place + len([*group])
        if kind == "ET" and "EN" in (*kinds[place - 1 : place], *kinds[end : end + 1]):
            kinds[place:end] = ["EN"] * (end - place)
        place = end


def _resolve_brackets(
    characters: Sequence[str], original: Sequence[str], kinds: list[str], side: str
) -> None:
    """Give both brackets of a pair one direction, that of what they hold or stand in (N0)."""
    for opening, closing in _bracket_pairs(characters, kinds):
        inside = {_SIDE_OF.get(kind) for kind in kinds[opening + 1 : closing]} - {None}
        if not inside:
            continue
        chosen = side
        if side not in inside:
            context = (_SIDE_OF[kind] for kind in reversed(kinds[:opening]) if kind in _SIDE_OF)
            chosen = next(context, side)
        for place in (opening, closing):
            kinds[place] = chosen
            while place + 1 < len(kinds) and original[place + 1] == "NSM":
                place += 1
                kinds[place] = chosen


def _bracket_pairs(characters: Sequence[str], kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of brackets, in the order of the opening ones (BD16)."""
    waiting: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for place, character in enumerate(characters):
        if kinds[place] != "ON" or unicodedata.category(character) not in ("Ps", "Pe"):
            continue
        if unicodedata.category(character) == "Ps":
            if len(waiting) == _MAX_OPEN_BRACKETS:
                break
            waiting.append((mirrored(character), place))
            continue
        for depth in range(len(waiting) - 1, -1, -1):
            if waiting[depth][0] == character:
                pairs.append((waiting[depth][1], place))
                del waiting[depth:]
                break
    return sorted(pairs)


def _resolve_neutral(kinds: list[str], side: str) -> None:
    """Give neutral characters the direction on both their sides, or that of the paragraph (N1, N2)."""
    place = 0
    for is_neutral, group in groupby([kind in _NEUTRAL for kind in kinds]):
        end = place + len([*group])
        if is_neutral:
            before = _SIDE_OF[kinds[place - 1]] if place else side
            after = _SIDE_OF[kinds[end]] if end < len(kinds) else side
            kinds[place:end] = [before if before == after else side] * (end - place)
        place = end


def _implicit_level(kind: str, base: int) -> int:
    """Return the level of a resolved class (I1, I2)."""
    if base:
        return 1 if kind == "R" else 2
    return {"L": 0, "R": 1}.get(kind, 2)
