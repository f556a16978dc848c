"""The message field without a display: input history, completion, and the length counter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from messango.client.typed.commands import parse_input
from messango.client.typed.completion import complete
from messango.client.typed.requests import SendText
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.protocol.text.command_table import Completion

#: How many sent messages can be recalled.
MAX_HISTORY: Final = 100

#: From this length on, the counter is shown.
SHOW_COUNTER_FROM: Final = MAX_TEXT_CHARACTERS * 9 // 10

#: The longest text that can be pasted: anything longer was hardly meant as a message.
MAX_INPUT_CHARACTERS: Final = 10 * MAX_TEXT_CHARACTERS


class InputHistory:
    """The messages that were sent, for recalling them; the draft is not lost."""

    def __init__(self) -> None:
        self._entries: list[str] = []
        self._index = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Add a sent message."""
        if not self._entries or self._entries[-1] != text:
            self._entries.append(text)
            del self._entries[:-MAX_HISTORY]
        self._index = len(self._entries)

    def previous(self, shown: str) -> str | None:
        """Return the entry before the one shown; None if there is none, or if the field has a draft."""
        if self._index == 0 or not self._may_replace(shown):
            return None
        if self._index == len(self._entries):
            self._draft = shown
        self._index -= 1
        return self._entries[self._index]

    def next(self, shown: str) -> str | None:
        """Return the entry after the one shown, and finally the draft; None if there is none."""
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
    """Cycles through the completions of Tab, as long as nothing else is typed."""

    def __init__(self) -> None:
        self._options: Sequence[Completion] = ()
        self._index = 0
        self._prefix = ""

    def next(self, before: str, names: Iterable[str]) -> Completion | None:
        """Return the completion for the end of `before`, the text before the cursor, or None."""
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
        """The completions, if there are several: `Ben · Benjamin`."""
        if len(self._options) < 2:
            return ""
        return " · ".join(option.text.strip(": ") for option in self._options)


def counter_text(text: str) -> str:
    """Return how many characters are left or too many; empty while far from the limit."""
    if len(text) < SHOW_COUNTER_FROM:
        return ""
    if len(text) <= MAX_TEXT_CHARACTERS:
        return f"{MAX_TEXT_CHARACTERS - len(text):,} characters left"
    return f"{len(text) - MAX_TEXT_CHARACTERS:,} characters too many"


def editable_text(text: str) -> str:
    """Return what to type so that this text is said, also if it begins as a command does."""
    return text if parse_input(text) == SendText(text) else f"/{text}"


def mention_text(text: str, before: str, name: str) -> str:
    """Return what to insert for a mention of `name`; `before` is the part of `text` before the cursor."""
    if not text.strip():
        return f"{name}: "
    return f"{name} " if not before or before[-1].isspace() else f" {name} "
