"""A table of typed commands: find one by its name, list them for help, complete them with Tab. Pure.

The members' commands (`client.typed.commands`) and the host's (`room.host.host_command_parser`) are two.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ParserT = TypeVar("ParserT")


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """Show the commands."""


@dataclass(frozen=True, slots=True)
class InvalidInput:
    """The typed line is not valid: why, and what to type instead."""

    reason: str


@dataclass(frozen=True, slots=True)
class CommandSpec(Generic[ParserT]):
    """One command; `argument` is what follows the name, as help shows it in capitals, or empty."""

    name: str
    argument: str
    summary: str
    parse: ParserT

    @property
    def needs_argument(self) -> bool:
        """Whether something has to follow the name; an argument in brackets may be left out."""
        return bool(self.argument) and not self.argument.startswith("[")

    @property
    def usage(self) -> str:
        """What to type, as help shows it: `kick NAME [REASON]`."""
        return f"{self.name} {self.argument}".rstrip()


@dataclass(frozen=True, slots=True)
class Completion:
    """A choice for Tab: `text` replaces the last `replaces` characters before the cursor.

    `label` is how it is listed, if not as its text.
    """

    text: str
    replaces: int
    summary: str = ""
    label: str = ""


class CommandTable(Generic[ParserT]):
    """Commands in the order in which help lists them; `help_name` is the command that lists them."""

    def __init__(self, specs: Sequence[CommandSpec[ParserT]], help_name: str) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self._help_name = help_name

    def find(self, word: str) -> CommandSpec[ParserT] | None:
        """Return the command with this name, in any case, or None."""
        return self._specs.get(word.lower())

    def help_rows(self) -> list[tuple[str, str]]:
        """Return each command's usage and summary."""
        return [(spec.usage, spec.summary) for spec in self._specs.values()]

    def complete(self, word: str) -> list[Completion]:
        """Return the commands whose names begin with `word`."""
        return [
            Completion(spec.name + (" " if spec.needs_argument else ""), len(word), spec.summary)
            for spec in self._specs.values()
            if spec.name.startswith(word.lower())
        ]

    def unknown(self, word: str, typed: str = "") -> str:
        """Return the error for a word that is not a command, with the most similar command.

        `typed` is what the person typed, if they meant `word`.
        """
        names = [spec.name for spec in self._specs.values() if spec.name.startswith(word.lower())]
        names = names or difflib.get_close_matches(word.lower(), self._specs, n=1)
        no_command = f"There is no command {_quote(typed or word)}."
        if names:
            return f"{no_command} Did you mean {_quote(names[0])}?"
        return f"{no_command} Type {_quote(self._help_name)} for commands."


def missing_argument(spec: CommandSpec[ParserT]) -> str:
    """Return the error for a command without the argument that it needs."""
    return f"{_quote(spec.name)} needs an argument: {spec.usage}"


def _quote(name: str) -> str:
    """Return a command's name as a sentence shows it: the slash shows where it begins, or else quotes do."""
    return name if name.startswith("/") else f"“{name}”"
