"""What a member can type in a room: messages and commands, the same in the window and the terminal. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.errors import BadName
from messango.protocol.text.command_table import (
    CommandSpec,
    CommandTable,
    Completion,
    InvalidInput,
    ShowHelp,
    missing_argument,
)
from messango.protocol.text.validation import (
    clean_name,
    clean_text,
    normalized_name,
    normalized_prefix,
    text_error,
)


@dataclass(frozen=True, slots=True)
class SendText:
    """Send this text to the room."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowMembers:
    """Show who is in the room."""


@dataclass(frozen=True, slots=True)
class ShowRoom:
    """Show the room's words, fingerprint and address."""


@dataclass(frozen=True, slots=True)
class ShowInvite:
    """Show an invite link to the room."""


@dataclass(frozen=True, slots=True)
class ChangeName:
    """Change one's own name."""

    name: str


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the room."""


UserCommand: TypeAlias = (
    SendText | ShowHelp | ShowMembers | ShowRoom | ShowInvite | ChangeName | Quit | InvalidInput
)


def _parse_name(argument: str) -> UserCommand:
    try:
        return ChangeName(clean_name(argument))
    except BadName as error:
        return InvalidInput(f"{error} {error.hint}")


def _parse_action(argument: str) -> UserCommand:
    return _send_text(f"{_ACTION_PREFIX}{argument}")


_ACTION_PREFIX: Final = "/me "

_Spec: TypeAlias = CommandSpec[Callable[[str], UserCommand]]

COMMANDS: Final[tuple[_Spec, ...]] = (
    CommandSpec("/help", "", "show the commands", lambda _: ShowHelp()),
    CommandSpec("/who", "", "show who is in the room", lambda _: ShowMembers()),
    CommandSpec("/room", "", "show the room's words, fingerprint and address", lambda _: ShowRoom()),
    CommandSpec("/invite", "", "show a link to pass on, with the fingerprint in it", lambda _: ShowInvite()),
    CommandSpec("/name", "NEW", "change your name", _parse_name),
    CommandSpec("/me", "ACTION", "say what you do: “/me waves” is shown as “* Ann waves”", _parse_action),
    CommandSpec("/quit", "", "leave the room", lambda _: Quit()),
)
_TABLE: Final = CommandTable(COMMANDS, "/help")

#: The last row of the help.
ESCAPE_HELP: Final = ("//TEXT", "send a text that begins with a slash")

#: Only a slash and one word is a command: a path such as /usr/bin is part of a message.
_COMMAND_LINE: Final = re.compile(r"(?P<name>/[^\s/]*)(?:\s+(?P<argument>.*))?", re.DOTALL)


def parse_input(text: str) -> UserCommand | None:
    """Return what a typed text asks for, or None if it is blank."""
    text = clean_text(text)
    if not text.strip():
        return None
    if text.startswith("//"):
        return _send_text(text[1:])
    match = _COMMAND_LINE.fullmatch(text.rstrip())
    if match is None:
        return _send_text(text)
    name, argument = match["name"], (match["argument"] or "").strip()
    spec = _TABLE.find(name)
    if spec is None:
        return InvalidInput(f"{_TABLE.unknown(name)} To send it as a message, type /{name}.")
    if spec.needs_argument and not argument:
        return InvalidInput(missing_argument(spec))
    return spec.parse(argument)


def is_message(text: str) -> bool:
    """Return whether this unfinished text is a message, as far as it goes."""
    return isinstance(parse_input(text), SendText)


def action_of(text: str) -> str | None:
    """Return the action of a message `/me ACTION`, or None for any other text."""
    action = text[len(_ACTION_PREFIX) :].strip() if text.startswith(_ACTION_PREFIX) else ""
    return action or None


def help_rows() -> list[tuple[str, str]]:
    """Return what to type and what it does, row by row."""
    return [*_TABLE.help_rows(), ESCAPE_HELP]


def complete(before_cursor: str, names: Iterable[str]) -> list[Completion]:
    """Return the choices for Tab after the text before the cursor: commands, or `names` of members."""
    if before_cursor.startswith("/") and not re.search(r"\s", before_cursor):
        return _TABLE.complete(before_cursor)
    return _complete_name(before_cursor, sorted(names, key=str.casefold))


def _complete_name(before_cursor: str, names: list[str]) -> list[Completion]:
    # Names may contain spaces, so the longest end of the text that begins a name counts.
    starts = itertools.chain([0], (space.end() for space in re.finditer(r"\s+", before_cursor)))
    for start in starts:
        prefix = normalized_prefix(before_cursor[start:])
        matches = [name for name in names if prefix and normalized_name(name).startswith(prefix)]
        if matches:
            suffix = " " if start else ": "
            return [Completion(name + suffix, len(before_cursor) - start) for name in matches]
    return []


def _send_text(text: str) -> UserCommand:
    text = text.rstrip()
    error = text_error(text)
    return InvalidInput(error) if error else SendText(text)
