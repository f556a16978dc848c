"""What the list above the message field offers: names after an `@`, and whatever else is a source. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from messango.protocol.limits import MAX_NAME_CHARACTERS
from messango.protocol.text.validation import normalized_name, normalized_prefix

#: So many are offered; with more, one types another letter.
MAX_CHOICES: Final = 50

_SIGN: Final = "@"


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: `text` replaces the `replaces` characters before the cursor; `detail` stands behind it.

    A row with an `emoji` shows that, and not the initial of the label.
    """

    label: str
    text: str
    replaces: int
    detail: str = ""
    emoji: str = ""


class ChoiceSource(Protocol):
    """Something that is completed in the message field; both methods get the text before the cursor."""

    def stem(self, before: str) -> str | None:
        """Return the text before what is being typed, or None if that is not of this kind."""
        ...

    def choices(self, before: str) -> Sequence[Choice]:
        """Return what to offer, the best first."""
        ...


class ChoiceList:
    """The rows in their order, and which of them is chosen; at most `rows` are in sight."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self.choices: Sequence[Choice] = ()
        self.index = self.top = 0

    def show(self, choices: Sequence[Choice]) -> None:
        """Replace the rows; the first is chosen, unless they are the same."""
        if [choice.label for choice in choices] != [choice.label for choice in self.choices]:
            self.index = self.top = 0
        self.choices = choices

    def move(self, delta: int) -> None:
        """Choose another row; after the last comes the first."""
        self.index = (self.index + delta) % max(len(self.choices), 1)
        self.top = min(max(self.top, self.index - self._rows + 1), self.index)

    def scroll(self, delta: int) -> None:
        """Show other rows; the chosen one stays in sight."""
        self.top = min(max(self.top + delta, 0), max(len(self.choices) - self._rows, 0))
        self.index = min(max(self.index, self.top), self.top + self._rows - 1)

    @property
    def visible(self) -> Sequence[Choice]:
        """The rows in sight."""
        return self.choices[self.top : self.top + self._rows]

    @property
    def chosen(self) -> Choice | None:
        """The chosen row, or None if there are none."""
        return self.choices[self.index] if self.choices else None


def name_query(before: str) -> str | None:
    """Return what was typed of a name behind an `@`, at the end of the text before the cursor; else None.

    An address (`ann@example.org`) has none. A name may have spaces in it.
    """
    start = before.rfind(_SIGN)
    if start < 0 or len(before) - start > MAX_NAME_CHARACTERS + 1:
        return None
    query = before[start + 1 :]
    if "\n" in query or query[:1].isspace() or (start and _is_of_address(before[start - 1])):
        return None
    return query


def name_choices(before: str, names: Iterable[str]) -> list[Choice]:
    """Return the names that may be meant at the end of the text before the cursor.

    Those that begin as typed come first, then those of which another word does.
    """
    query = name_query(before)
    if query is None:
        return []
    prefix = normalized_prefix(query)
    firsts, others = [], []
    for name in names:
        key = normalized_name(name)
        if key.startswith(prefix):
            firsts.append(name)
        elif f" {prefix}" in f" {key}":
            others.append(name)
    found = sorted(firsts, key=str.casefold) + sorted(others, key=str.casefold)
    return [Choice(name, f"{_SIGN}{name} ", len(query) + 1) for name in found[:MAX_CHOICES]]


class NameChoices:
    """Offers the names of members behind an `@`."""

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        self._names = names

    def stem(self, before: str) -> str | None:
        """Return the text up to the `@`."""
        query = name_query(before)
        return None if query is None else before[: len(before) - len(query)]

    def choices(self, before: str) -> list[Choice]:
        """Return the names that begin as typed."""
        return name_choices(before, self._names())


def _is_of_address(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "._-+")
