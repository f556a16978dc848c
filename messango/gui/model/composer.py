"""What the field for a message knows beside its text: what was sent, what Tab offers, how much fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from messango.client.command_table import Completion
from messango.client.commands import complete
from messango.protocol.limits import MAX_TEXT_CHARACTERS

#: So much of what was sent can be fetched again.
MAX_HISTORY: Final = 100

#: How much room is left is told from here on.
SHOW_COUNTER_FROM: Final = MAX_TEXT_CHARACTERS * 9 // 10

#: A text that is so much longer than a message was hardly meant to be one: the field does not take it.
MAX_INPUT_CHARACTERS: Final = 10 * MAX_TEXT_CHARACTERS


class InputHistory:
    """What was sent, for going back to it; what was being written meanwhile is not lost."""

    def __init__(self) -> None:
        self._entries: list[str] = []
        self._index = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Take note of what was sent."""
        if not self._entries or self._entries[-1] != text:
            self._entries.append(text)
            del self._entries[:-MAX_HISTORY]
        self._index = len(self._entries)

    def previous(self, shown: str) -> str | None:
        """Return what was sent before what is shown; None where somebody is writing, or there is nothing."""
        if self._index == 0 or not self._may_replace(shown):
            return None
        if self._index == len(self._entries):
            self._draft = shown
        self._index -= 1
        return self._entries[self._index]

    def next(self, shown: str) -> str | None:
        """Return what was sent after what is shown, and at last what was being written."""
        if self._index == len(self._entries) or shown != self._entries[self._index]:
            return None
        self._index += 1
        return self._entries[self._index] if self._index < len(self._entries) else self._draft

    def _may_replace(self, shown: str) -> bool:
        if not shown.strip():
            self._index = len(self._entries)
            return True
        return self._index < len(self._entries) and shown == self._entries[self._index]


class CompletionCycle:
    """Goes through what Tab offers, one after the other, as long as nothing else is typed."""

    def __init__(self) -> None:
        self._options: Sequence[Completion] = ()
        self._index = 0
        self._prefix = ""

    def next(self, before: str, names: Iterable[str]) -> Completion | None:
        """Return what takes the place of the end of `before`, the text before the cursor, if anything."""
        if self._options and before == self._prefix + self._options[self._index].text:
            replaces = len(self._options[self._index].text)
            self._index = (self._index + 1) % len(self._options)
            return Completion(self._options[self._index].text, replaces)
        self._options, self._index = complete(before, names), 0
        if not self._options:
            return None
        first = self._options[0]
        self._prefix = before[: len(before) - first.replaces]
        return first

    @property
    def choices_text(self) -> str:
        """What Tab offers, in words, where there is a choice: `Ben · Benjamin`."""
        if len(self._options) < 2:
            return ""
        return " · ".join(option.text.strip(": ") for option in self._options)


def counter_text(text: str) -> str:
    """Return how much of a message's room is used, near its limit and beyond; nothing before."""
    if len(text) < SHOW_COUNTER_FROM:
        return ""
    if len(text) <= MAX_TEXT_CHARACTERS:
        return f"{MAX_TEXT_CHARACTERS - len(text):,} characters left"
    return f"{len(text) - MAX_TEXT_CHARACTERS:,} characters too many"


def mention_text(text: str, before: str, name: str) -> str:
    """Return what to insert so that a message speaks to somebody; `before` is the text before the cursor."""
    if not text.strip():
        return f"{name}: "
    return f"{name} " if not before or before[-1].isspace() else f" {name} "
