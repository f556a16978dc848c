"""One line of the results of a search: who, when, and the words around what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from messango.client.events import AnyReceived, PrivateMessageReceived
from messango.gui.model.transcript.blocks import time_and_day
from messango.protocol.text.matching import contains_words, find_words
from messango.protocol.text.plain_names import plain_name

#: What a line shows: some words before the first found one, and as much as fits into a line or two.
_BEFORE: Final = 32
_LONGEST: Final = 160

#: Finding the exact place of words takes long: it is done in one part of a long text.
_PART: Final = 400
_OVERLAP: Final = 100


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message that has the words; `when` is the day and the time, `snippet` a part of the text."""

    seq: int
    name: str
    when: str
    snippet: str


def found_message(message: AnyReceived, words: list[str], today: str) -> FoundMessage:
    """Return what to show of a message with these folded words; `today` is a date as separators have it."""
    clock, day = time_and_day(message.time)
    name = plain_name(message.name)
    if isinstance(message, PrivateMessageReceived):
        name = f"{name} → {plain_name(message.to_name) if message.own else 'you'}"
    when = f"{'Today' if day == today else day}, {clock}"
    return FoundMessage(message.seq, name, when, snippet(message.text, words))


def snippet(text: str, words: list[str]) -> str:
    """Return a part of a text on one line that has the first of these folded words that is in it."""
    part, is_first = _part_with_any(" ".join(text.split()), words)
    places = find_words(part, words)
    fits = not places or places[0][1] <= _LONGEST // 2 or len(part) <= _LONGEST
    start = 0 if fits else max(places[0][0] - _BEFORE, 0)
    if start:
        # At a space, if there is one: scripts without spaces are cut anywhere.
        space = part.find(" ", start, places[0][0])
        start = space + 1 if space >= 0 else start
    shown = part[start : start + _LONGEST]
    before = "" if is_first and not start else "… "
    after = " …" if start + _LONGEST < len(part) or len(part) < len(text.strip()) - _PART else ""
    return f"{before}{shown.strip()}{after}"


def _part_with_any(text: str, words: list[str]) -> tuple[str, bool]:
    """Return the first part with one of the words, and whether it is the beginning of the text."""
    for start in range(0, len(text), _PART):
        part = text[start : start + _PART + _OVERLAP]
        if any(contains_words(part, [word]) for word in words):
            return part, not start
    return text[: _PART + _OVERLAP], True
