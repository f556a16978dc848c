"""Which member or message the beginning of a typed text means.

A member is meant by their name, as it is or between quotation marks; a colon may follow. If one name begins
another (“Ann” and “Ann 2”), the longest that fits is meant: quotation marks or a colon end the shorter one.
A message is meant by its number in the room's order (`#12`), or as the last one of a member.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from messango.protocol.limits import MAX_RAW_NAME_CHARACTERS
from messango.protocol.text.plain_names import shown_name
from messango.protocol.text.validation import normalized_name


@dataclass(frozen=True, slots=True)
class Target:
    """The message with the number `seq`, or the last one of the member `name`, or with neither the last."""

    seq: int | None = None
    name: str = ""


_NUMBER: Final = re.compile(r"#(\d{1,18})(?:\s+|$)")
_QUOTED: Final = re.compile(r'["“„«]([^"”“»\n]+)["”“»](:?)(\s+|$)')
#: What may follow a name.
_WORD_END: Final = re.compile(r"[:,]?(?:\s+|$)")


def split_name(text: str, names: Sequence[str]) -> tuple[str, str] | None:
    """Return the one of `names` that the text begins with, and the text after it; None without one.

    An “@” before the name is left out, as people write it elsewhere.
    """
    return _split_name(text, names) or (_split_name(text[1:], names) if text.startswith("@") else None)


def _split_name(text: str, names: Iterable[str]) -> tuple[str, str] | None:
    if quoted := _QUOTED.match(text):
        wanted = normalized_name(quoted[1])
        found = next((name for name in names if normalized_name(shown_name(name)) == wanted), None)
        return None if found is None else (found, text[quoted.end() :])
    by_key = {normalized_name(name): name for name in names}
    split: tuple[str, str] | None = None
    for end in _WORD_END.finditer(text[: MAX_RAW_NAME_CHARACTERS + 1]):
        # With its last character for a name that ends in a colon, then without.
        for stop in (end.start() + len(end[0].rstrip()), end.start()):
            found = by_key.get(normalized_name(text[:stop])) if stop else None
            if found is not None:
                split = found, text[end.end() :]
                break
    return split


def split_target(text: str, names: Sequence[str]) -> tuple[Target, str]:
    """Return which message the text begins with, and the text after that.

    “@Ben” is no target: an answer may begin with a mention.
    """
    if number := _NUMBER.match(text):
        return Target(seq=int(number[1])), text[number.end() :]
    if split := _split_name(text, names):
        return Target(name=split[0]), split[1]
    return Target(), text


def typed_name(name: str, names: Iterable[str]) -> str:
    """Return how a name is typed so that no text after it makes it another one of `names`."""
    key = f"{normalized_name(name)} "
    is_unclear = any(normalized_name(other).startswith(key) for other in names)
    return f"“{shown_name(name)}”" if is_unclear else name
