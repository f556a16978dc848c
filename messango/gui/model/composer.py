"""What the field for a message knows beside its text: what was sent, what Tab offers, how much fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from messango.client.commands import Completion, complete
from messango.protocol.limits import MAX_TEXT_CHARACTERS

#: So much of what was sent can be fetched again.
MOST_RECALLED: Final = 100

#: How much room is left is told from here on.
TELL_FROM: Final = MAX_TEXT_CHARACTERS * 9 // 10

#: A text that is so much longer than a message was hardly meant to be one: the field does not take it.
MOST_IN_FIELD: Final = 10 * MAX_TEXT_CHARACTERS


class Recall:
    """What was sent, for going back to it; what was being written meanwhile is not lost."""

    def __init__(self) -> None:
        self._sent: list[str] = []
        self._place = 0
        self._written = ""

    def sent(self, text: str) -> None:
        """Take note of what was sent."""
        if not self._sent or self._sent[-1] != text:
            self._sent.append(text)
            del self._sent[:-MOST_RECALLED]
        self._place = len(self._sent)

    def older(self, shown: str) -> str | None:
        """Return what was sent before what is shown; None where somebody is writing, or there is nothing."""
        if self._place == 0 or not self._may_replace(shown):
            return None
        if self._place == len(self._sent):
            self._written = shown
        self._place -= 1
        return self._sent[self._place]

    def newer(self, shown: str) -> str | None:
        """Return what was sent after what is shown, and at last what was being written."""
        if self._place == len(self._sent) or shown != self._sent[self._place]:
            return None
        self._place += 1
        return self._sent[self._place] if self._place < len(self._sent) else self._written

    def _may_replace(self, shown: str) -> bool:
        if not shown.strip():
            self._place = len(self._sent)
            return True
        return self._place < len(self._sent) and shown == self._sent[self._place]


class Completing:
    """Goes through what Tab offers, one after the other, as long as nothing else is typed."""

    def __init__(self) -> None:
        self._options: Sequence[Completion] = ()
        self._place = 0
        self._begun = ""

    def next(self, before: str, names: Iterable[str]) -> Completion | None:
        """Return what takes the place of the end of `before`, the text before the cursor, if anything."""
        if self._options and before == self._begun + self._options[self._place].text:
            replaces = len(self._options[self._place].text)
            self._place = (self._place + 1) % len(self._options)
            return Completion(self._options[self._place].text, replaces)
        self._options, self._place = complete(before, names), 0
        if not self._options:
            return None
        first = self._options[0]
        self._begun = before[: len(before) - first.replaces]
        return first

    @property
    def told(self) -> str:
        """What Tab offers, in words, where there is a choice: `Ben · Benjamin`."""
        if len(self._options) < 2:
            return ""
        return " · ".join(option.text.strip(": ") for option in self._options)


def counter(text: str) -> str:
    """Return how much of a message's room is used, near its limit and beyond; nothing before."""
    if len(text) < TELL_FROM:
        return ""
    if len(text) <= MAX_TEXT_CHARACTERS:
        return f"{MAX_TEXT_CHARACTERS - len(text):,} characters left"
    return f"{len(text) - MAX_TEXT_CHARACTERS:,} characters too many"


def mention(text: str, before: str, name: str) -> str:
    """Return what to insert so that a message speaks to somebody; `before` is the text before the cursor."""
    if not text.strip():
        return f"{name}: "
    return f"{name} " if not before or before[-1].isspace() else f" {name} "
