"""What shows in a name: which characters are invisible, which are blank, and which marks have no effect.

Python's `unicodedata` has neither Default_Ignorable_Code_Point nor Indic_Syllabic_Category, so the ranges are
here, as Unicode 16.0 has them in DerivedCoreProperties.txt and IndicSyllabicCategory.txt. The ignorable ones
include code points that are not assigned yet: a display hides those as well.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Default_Ignorable_Code_Point (UAX 44), without the tags that tell the flags of England and Wales apart.
DEFAULT_IGNORABLE_BUT_TAGS: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f"
    "\U000e0080-\U000e0fff"
)
_TAG_CHARACTERS: Final = "\U000e0020-\U000e007f"

#: Not ignorable for Unicode, but nothing is drawn for them: controls, annotation marks, Egyptian format
#: controls, the Brahmi number joiner and the Khitan filler.
_UNDRAWN: Final = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffb\U0001107f\U00013430-\U00013440\U00016fe4"

_INVISIBLE: Final = re.compile(f"[{DEFAULT_IGNORABLE_BUT_TAGS}{_TAG_CHARACTERS}{_UNDRAWN}]")

#: Symbols and letters that look like a space: Braille without dots, the object replacement character, the
#: musical null notehead and two Egyptian blanks.
_BLANK_SYMBOLS: Final = "\u2800\ufffc\U0001d159\U00013441\U00013442"
_SPACE: Final = re.compile(rf"[\s{_BLANK_SYMBOLS}]+")

#: Viramas that only show by stacking two letters of their script (Invisible_Stacker).
_STACKERS: Final = frozenset(
    "\u1039\u17d2\u1a60\u1bab\uaaf6\U00010a3f\U00011133\U000113d0\U0001193e\U00011a47\U00011a99"
    "\U00011d45\U00011d97\U00011f42"
)

#: Letters whose own dot gives way to a dot above them (Soft_Dotted, as far as NFKC keeps them), so that it
#: does not show (UTS 39, section 5.4).
_SOFT_DOTTED: Final = frozenset("ij\u0249\u0268\u029d\u03f3\u0456\u0458")
_DOT_ABOVE: Final = "\u0307"
_ABOVE: Final = 230

_JOINERS: Final = frozenset("\u200c\u200d")
_VARIATION_SELECTORS: Final = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
#: Flags such as Scotland's: a black flag, and the country in tag characters.
_FLAG: Final = "\U0001f3f4"
_TAGS: Final = re.compile(f"[{_TAG_CHARACTERS}]")
_KEYCAP: Final = "\u20e3"


def is_visible(character: str) -> bool:
    """Return whether a character shows by itself: a letter, digit, punctuation mark or symbol."""
    if _INVISIBLE.match(character) or character in _BLANK_SYMBOLS:
        return False
    return unicodedata.category(character)[0] in "LNPS"


def visible_part(text: str) -> str:
    """Return `text` without what does not show, with single spaces; texts that look the same become equal."""
    return _drop_idle_marks(" ".join(_SPACE.sub(" ", _INVISIBLE.sub("", text)).split()))


def drop_ineffective(text: str) -> str:
    """Return `text` with single spaces and without invisible characters that have no effect there.

    Joiners between letters or emoji of other scripts than ASCII, variation selectors after these, and the
    tags of a flag stay: they change what their neighbours look like.
    """
    kept: list[str] = []
    for index, character in enumerate(text):
        if not _INVISIBLE.match(character) or _has_effect(character, kept, text[index + 1 : index + 2]):
            kept.append(character)
    return _drop_idle_marks(" ".join(_SPACE.sub(" ", "".join(kept)).split()))


def _has_effect(character: str, before: list[str], after: str) -> bool:
    previous = before[-1] if before else " "
    if character in _JOINERS:
        return _joins(previous) and _joins(after)
    if _VARIATION_SELECTORS.match(character):
        is_drawn = not _INVISIBLE.match(previous) and not previous.isspace()
        return is_drawn and (not previous.isascii() or after == _KEYCAP)
    return bool(_TAGS.match(character)) and (previous == _FLAG or bool(_TAGS.match(previous)))


def _joins(neighbour: str) -> bool:
    return bool(neighbour) and not neighbour.isascii() and not neighbour.isspace()


def _drop_idle_marks(text: str) -> str:
    """Drop marks that do not show: without a base, repeated, over a dot, or stackers without a stack."""
    if text.isascii():
        return text
    kept: list[str] = []
    for index, character in enumerate(text):
        if unicodedata.category(character) in ("Mn", "Me"):
            previous = kept[-1] if kept else " "
            if previous == " " or unicodedata.normalize("NFD", previous).endswith(character):
                continue
            if character in _STACKERS and not (_is_letter(previous) and _is_letter(text[index + 1 :])):
                continue
            if character == _DOT_ABOVE and _has_dot(kept) and _combines_below(text[index + 1 :]):
                continue
        kept.append(character)
    return "".join(kept)


def _has_dot(before: list[str]) -> bool:
    """Return whether the last letter of this text has a dot of its own, and no other mark above it."""
    for character in reversed(unicodedata.normalize("NFD", "".join(before[-4:]))):
        if unicodedata.combining(character) in (0, _ABOVE):
            return character in _SOFT_DOTTED
    return False


def _combines_below(after: str) -> bool:
    """Return whether a text does not begin with a mark above: with one more, a dot shows (Lithuanian)."""
    return unicodedata.combining(after[:1] or " ") != _ABOVE


def _is_letter(text: str) -> bool:
    """Return whether a text begins with a letter of a script without case."""
    return bool(text) and unicodedata.category(text[0]) == "Lo"
