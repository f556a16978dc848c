"""What can be typed in a room beside messages: one table, from which reading, help and Tab all come.

Pure, and the same for each face: text in, what is wanted out.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.errors import BadName
from messango.protocol.validation import clean_name, clean_text, text_error


@dataclass(frozen=True, slots=True)
class SendText:
    """Say this to the room."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """Show what can be typed."""


@dataclass(frozen=True, slots=True)
class ShowMembers:
    """Show who is in the room."""


@dataclass(frozen=True, slots=True)
class ShowRoom:
    """Show by what the room is known."""


@dataclass(frozen=True, slots=True)
class ShowInvite:
    """Show a link that leads others to the room."""


@dataclass(frozen=True, slots=True)
class ChangeName:
    """Be called so from now on."""

    name: str


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the room."""


@dataclass(frozen=True, slots=True)
class InvalidInput:
    """What was typed can't be done: why, and what to type instead."""

    reason: str


UserCommand: TypeAlias = (
    SendText | ShowHelp | ShowMembers | ShowRoom | ShowInvite | ChangeName | Quit | InvalidInput
)


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One row of the table; `argument` is what follows the name, in capitals, or empty."""

    name: str
    argument: str
    summary: str
    parse: Callable[[str], UserCommand]

    @property
    def usage(self) -> str:
        """What to type, as help shows it."""
        return f"/{self.name} {self.argument}".rstrip()


@dataclass(frozen=True, slots=True)
class Completion:
    """`text` takes the place of the last `replaces` characters before the cursor."""

    text: str
    replaces: int
    summary: str = ""


def _parse_name(argument: str) -> UserCommand:
    if not argument:
        return InvalidInput("/name needs the new name: /name Ann")
    try:
        return ChangeName(clean_name(argument))
    except BadName as error:
        return InvalidInput(f"{error} {error.hint}")


def _parse_action(argument: str) -> UserCommand:
    return (
        _send_text(f"{_ACTION_PREFIX}{argument}")
        if argument
        else InvalidInput("/me needs what you do: /me waves")
    )


_ACTION_PREFIX: Final = "/me "

COMMANDS: Final = (
    CommandSpec("help", "", "show what can be typed here", lambda _: ShowHelp()),
    CommandSpec("who", "", "show who is in the room", lambda _: ShowMembers()),
    CommandSpec("room", "", "show the room's words, fingerprint and address", lambda _: ShowRoom()),
    CommandSpec("invite", "", "show a link to pass on, with the fingerprint in it", lambda _: ShowInvite()),
    CommandSpec("name", "NEW", "change your name", _parse_name),
    CommandSpec("me", "ACTION", "tell what you do: “/me waves” is shown as “* Ann waves”", _parse_action),
    CommandSpec("quit", "", "leave the room", lambda _: Quit()),
)

#: What help says below the table.
ESCAPE_HELP: Final = ("//TEXT", "say a text that begins with a slash")

_BY_NAME: Final = {command.name: command for command in COMMANDS}

#: A path such as /usr/bin is meant to be said: only a slash and one word without another is a command.
_COMMAND_LINE: Final = re.compile(r"/(?P<name>[^\s/]*)(?:\s+(?P<argument>.*))?", re.DOTALL)


def parse_input(text: str) -> UserCommand | None:
    """Return what somebody wants who typed this and pressed Enter, or None for a blank line."""
    if not text.strip():
        return None
    if text.startswith("//"):
        return _send_text(text[1:])
    match = _COMMAND_LINE.fullmatch(text.rstrip())
    if match is None:
        return _send_text(text)
    command = _BY_NAME.get(match["name"].lower())
    return (
        command.parse((match["argument"] or "").strip())
        if command
        else InvalidInput(_unknown_command(match["name"]))
    )


def is_message(text: str) -> bool:
    """Tell whether what is being typed is going to be said, as far as one can see."""
    return isinstance(parse_input(text), SendText)


def action_of(text: str) -> str | None:
    """Return what somebody does who said `/me ...`, or None for any other text."""
    action = text[len(_ACTION_PREFIX) :].strip() if text.startswith(_ACTION_PREFIX) else ""
    return action or None


def help_rows() -> list[tuple[str, str]]:
    """Return what to type and what it does, row by row."""
    return [*((command.usage, command.summary) for command in COMMANDS), ESCAPE_HELP]


def complete(before_cursor: str, names: Iterable[str]) -> list[Completion]:
    """Return what Tab offers for the text before the cursor: commands, or `names` of members."""
    if before_cursor.startswith("/") and not re.search(r"\s", before_cursor):
        return [
            Completion(
                f"/{command.name}" + (" " if command.argument else ""), len(before_cursor), command.summary
            )
            for command in COMMANDS
            if command.name.startswith(before_cursor[1:].lower())
        ]
    return _complete_name(before_cursor, sorted(names, key=str.casefold))


def _complete_name(before_cursor: str, names: list[str]) -> list[Completion]:
    # A name may have spaces in it, so the longest tail of the line that begins a name counts.
    starts = itertools.chain([0], (space.end() for space in re.finditer(r"\s+", before_cursor)))
    for start in starts:
        prefix = before_cursor[start:].casefold()
        matches = [name for name in names if prefix and name.casefold().startswith(prefix)]
        if matches:
            suffix = " " if start else ": "
            return [Completion(name + suffix, len(before_cursor) - start) for name in matches]
    return []


def _send_text(text: str) -> UserCommand:
    cleaned = clean_text(text.rstrip())
    error = text_error(cleaned)
    return InvalidInput(error) if error else SendText(cleaned)


def _unknown_command(name: str) -> str:
    similar = [known for known in _BY_NAME if name and known.startswith(name.lower())]
    similar = similar or difflib.get_close_matches(name.lower(), _BY_NAME, n=1)
    advice = f"Did you mean /{similar[0]}?" if similar else "/help shows them all."
    return f"There is no command /{name}. {advice} To say it, type //{name}."
