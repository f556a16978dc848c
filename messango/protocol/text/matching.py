"""One rule for finding words and names in what people wrote: the same in every search, and for mentions.

Two texts match when their folded forms do. Folding removes what people do not type when they search:
case, accents, vowel points, the width of letters, skin tones, invisible characters, and the shape of
quotation marks.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from messango.protocol.text.visibility import DEFAULT_IGNORABLE_BUT_TAGS

#: Changes when the rule does: what was folded by another rule must be folded again. Part of it is the
#: version of Unicode, which each Python has of its own.
FOLDING: Final = int("".join(f"{int(part):02}" for part in f"2.{unicodedata.unidata_version}".split(".")))

#: Marks that look alike and that keyboards interchange: each line by the first.
_ALIKE: Final = (
    "'‘’‚‛‹›′ʼʻ",
    '"“”„‟«»″',
    "-‐‑‒–—―−",
    "\u064a\u0649\u06cc",  # Arabic yeh, and as Persian keyboards type it
    "\u0643\u06a9",  # kaf, likewise
    "iı",  # a Turkish dotless i; one with a dot folds to i as well
    "dđĐ",  # strokes, which are accents that Unicode does not take apart
    "lłŁ",
    "oøØ",
)
_REPLACEMENT: Final = {other: alike[0] for alike in _ALIKE for other in alike[1:]}

#: Also the Arabic tatweel, which only stretches a word.
_INVISIBLE: Final = f"\u0640{DEFAULT_IGNORABLE_BUT_TAGS}"

_SKIN_TONES: Final = "\U0001f3fb-\U0001f3ff"

#: Accents (but a slash through ≠ makes another sign, and a breve another Cyrillic letter), Hebrew points,
#: and Arabic harakat and hamzas. Marks of other scripts are letters of their words.
_ACCENTS: Final = (
    "\u0300-\u0305\u0307-\u0337\u0339-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
_CHANGED: Final = re.compile(f"[{''.join(_REPLACEMENT)}{_INVISIBLE}{_SKIN_TONES}{_ACCENTS}\u0306]")
_ACCENT: Final = re.compile(f"[{_ACCENTS}\u0306]")
#: Latin, Greek, Cyrillic and Arabic letters, of which some are composed. To take others apart as well would
#: change nothing, but take much longer for Japanese and Korean.
_MAY_HAVE_ACCENT: Final = re.compile("[\u00c0-\u06ff\u1e00-\u1fff]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")

#: A character and what belongs to it: marks, invisible characters, skin tones, the further parts of a Hangul
#: syllable, and the marks of half-width Katakana. Folding never crosses its borders.
_PART_OF_CLUSTER: Final = re.compile(f"[{_INVISIBLE}{_SKIN_TONES}\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f]")

#: Scripts written without spaces between words, in which a name ends anywhere: Thai to Tibetan, Burmese,
#: Khmer, Tai and Javanese scripts, Chinese, Japanese.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u2e80-\u312f\u3190-\u9fff"
    "\ua980-\ua9df\uaa00-\uaadf\uf900-\ufaff\uff66-\uff9f\U00016fe0-\U0001b2ff\U00020000-\U0003ffff]"
)
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]")
_ANY_UNSPACED: Final = f"(?:{_UNSPACED.pattern}|{_HANGUL.pattern})"


def fold(text: str) -> str:
    """Return the form in which equal texts are the same."""
    if text.isascii():
        return text.lower()
    try:
        latin = text.encode("latin-1").translate(_latin_table(), b"\xad")
    except UnicodeEncodeError:
        return _fold(text)
    return _fold(text) if b"\0" in latin else latin.decode("latin-1")


def _fold(text: str) -> str:
    # NFKC would make a space and a mark of an acute accent that is typed as an apostrophe.
    whole = unicodedata.normalize("NFKC", text.replace("´", "'").replace("\u1ffd", "'"))
    if _MAY_HAVE_ACCENT.search(whole):
        whole = unicodedata.normalize("NFKD", whole)
    return unicodedata.normalize("NFC", _CHANGED.sub(_replacement, whole).casefold())


#: Words, and single characters of scripts without spaces between words, of Hangul, and symbols such as emoji.
#: Punctuation is left out.
_TOKEN: Final = re.compile(
    f"{_ANY_UNSPACED}|(?:(?!{_ANY_UNSPACED})\\w)+|[^\\w\\s\\x00-\\x7f\\u2000-\\u206f\\u3000-\\u303f]"
)


def search_tokens(folded: str) -> list[str]:
    """Return what an index of words has of a folded text, in order: where a search can begin to match."""
    return _TOKEN.findall(folded)


def search_words(query: str) -> list[str]:
    """Return the folded words of a query, which may be none."""
    return [word for part in query.split() if (word := fold(part).strip())]


def contains_words(text: str, words: list[str]) -> bool:
    """Return whether a text contains all of these folded words, also as parts of longer ones."""
    folded = fold(text)
    return all(word in folded for word in words)


def find_words(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Return where these folded words are in a text: the ranges of its characters, in order, apart."""
    folded = fold(text)
    places = sorted((start, start + len(word)) for word in set(words) for start in _occurrences(folded, word))
    if not places:
        return []
    starts, ends = _origins(text)
    ranges: list[tuple[int, int]] = []
    for first, last in places:
        start, end = starts[first], ends[last - 1]
        if ranges and start < ranges[-1][1]:
            start, end = ranges[-1][0], max(end, ranges.pop()[1])
        ranges.append((start, end))
    return ranges


def mentions(text: str, name: str) -> bool:
    """Return whether a text contains a name as a word of its own.

    In scripts without spaces a name ends where it ends; a Korean particle may follow it.
    """
    words = _folded_words(name)
    folded = fold(text)
    if not words or any(word not in folded for word in words):
        return False
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    return any(
        _is_border(folded[: found.start()][-1:], found[0][0], particle=False)
        and _is_border(found[0][-1], folded[found.end() :][:1], particle=True)
        for found in pattern.finditer(folded)
    )


@functools.lru_cache(maxsize=256)
def _folded_words(name: str) -> tuple[str, ...]:
    """Return the words of a name; every message of a room is searched for the same one."""
    return tuple(fold(name).split())


@functools.cache
def _latin_table() -> bytes:
    """Return what each character of Latin-1 folds to, or 0 if to none of them: ten times as fast."""
    folded = [_fold(chr(code)) for code in range(256)]
    return bytes(
        ord(character) if len(character) == 1 and character < "\u0100" else 0 for character in folded
    )


def _replacement(match: re.Match[str]) -> str:
    changed = match[0]
    before = match.string[match.start() - 1 : match.start()]
    if changed == "\u0306" and _CYRILLIC.match(before):
        return changed
    # After a space, an accent is a sign of its own: NFKD makes that of ¨ and ˘.
    return changed if before == " " and _ACCENT.match(changed) else _REPLACEMENT.get(changed, "")


def _occurrences(folded: str, word: str) -> Iterator[int]:
    place = folded.find(word)
    while place >= 0:
        yield place
        place = folded.find(word, place + len(word))


def _origins(text: str) -> tuple[list[int], list[int]]:
    """Return for each folded character where the characters that it came from begin and end."""
    if text.isascii():
        return [*range(len(text))], [*range(1, len(text) + 1)]
    starts: list[int] = []
    ends: list[int] = []
    begin = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _continues(text[end]):
            continue
        count = len(fold(text[begin:end]))
        starts += [begin] * count
        ends += [end] * count
        begin = end
    return starts, ends


def _continues(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or _PART_OF_CLUSTER.match(character) is not None


def _is_border(left: str, right: str, *, particle: bool) -> bool:
    """Return whether a word can end between two characters; with `particle`, also before Hangul."""
    if unicodedata.category(right or " ")[0] == "M":
        return False
    if not (_is_of_word(left) and _is_of_word(right)):
        return True
    if particle and _HANGUL.match(right):
        return True
    return _UNSPACED.match(left) is not None or _UNSPACED.match(right) is not None


def _is_of_word(character: str) -> bool:
    return character == "_" or character.isalnum()
