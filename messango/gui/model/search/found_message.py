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
    line = " ".join(text.split())
    first, last = _first_place(line, words)
    start = 0 if len(line) <= _LONGEST or last <= _LONGEST // 2 else max(first - _BEFORE, 0)
    if start:
        # At a space, if there is one: scripts without spaces are cut anywhere.
        start = line.find(" ", start, first) + 1 or start
    end = start + _LONGEST
    return f"{'… ' if start else ''}{line[start:end].strip()}{' …' if end < len(line) else ''}"


def _first_place(line: str, words: list[str]) -> tuple[int, int]:
    """Return the range of the first of the words; that of nothing if there is none."""
    for start in range(0, len(line), _PART):
        part = line[start : start + _PART + _OVERLAP]
        if any(contains_words(part, [word]) for word in words):
            first, last = next(iter(find_words(part, words)), (0, 0))
            return start + first, start + last
    return 0, 0
