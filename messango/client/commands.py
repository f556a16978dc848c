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
class Speak:
    """Say this to the room."""

    text: str


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """Show what can be typed."""


@dataclass(frozen=True, slots=True)
class MembersWanted:
    """Show who is in the room."""


@dataclass(frozen=True, slots=True)
class RoomWanted:
    """Show by what the room is known."""


@dataclass(frozen=True, slots=True)
class InviteWanted:
    """Show a link that leads others to the room."""


@dataclass(frozen=True, slots=True)
class NameWanted:
    """Be called so from now on."""

    name: str


@dataclass(frozen=True, slots=True)
class QuitWanted:
    """Leave the room."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What was typed can't be done: why, and what to type instead."""

    sentence: str


Wanted: TypeAlias = (
    Speak | HelpWanted | MembersWanted | RoomWanted | InviteWanted | NameWanted | QuitWanted | Mistake
)


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table; `argument` is what follows the name, in capitals, or empty."""

    name: str
    argument: str
    summary: str
    read: Callable[[str], Wanted]

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


def _read_name(argument: str) -> Wanted:
    if not argument:
        return Mistake("/name needs the new name: /name Ann")
    try:
        return NameWanted(clean_name(argument))
    except BadName as error:
        return Mistake(f"{error} {error.hint}")


def _read_action(argument: str) -> Wanted:
    return _speak(f"{_ACTION}{argument}") if argument else Mistake("/me needs what you do: /me waves")


_ACTION: Final = "/me "

COMMANDS: Final = (
    Command("help", "", "show what can be typed here", lambda _: HelpWanted()),
    Command("who", "", "show who is in the room", lambda _: MembersWanted()),
    Command("room", "", "show the room's words, fingerprint and address", lambda _: RoomWanted()),
    Command("invite", "", "show a link to pass on, with the fingerprint in it", lambda _: InviteWanted()),
    Command("name", "NEW", "change your name", _read_name),
    Command("me", "ACTION", "tell what you do: “/me waves” is shown as “* Ann waves”", _read_action),
    Command("quit", "", "leave the room", lambda _: QuitWanted()),
)

#: What help says below the table.
ESCAPE_HELP: Final = ("//TEXT", "say a text that begins with a slash")

_BY_NAME: Final = {command.name: command for command in COMMANDS}

#: A path such as /usr/bin is meant to be said: only a slash and one word without another is a command.
_COMMAND_LINE: Final = re.compile(r"/(?P<name>[^\s/]*)(?:\s+(?P<argument>.*))?", re.DOTALL)


def read_typed(typed: str) -> Wanted | None:
    """Return what somebody wants who typed this and pressed Enter, or None for a blank line."""
    if not typed.strip():
        return None
    if typed.startswith("//"):
        return _speak(typed[1:])
    line = _COMMAND_LINE.fullmatch(typed.rstrip())
    if line is None:
        return _speak(typed)
    command = _BY_NAME.get(line["name"].lower())
    return command.read((line["argument"] or "").strip()) if command else Mistake(_unknown(line["name"]))


def is_message(typed: str) -> bool:
    """Tell whether what is being typed is going to be said, as far as one can see."""
    return isinstance(read_typed(typed), Speak)


def action_of(text: str) -> str | None:
    """Return what somebody does who said `/me ...`, or None for any other text."""
    action = text[len(_ACTION) :].strip() if text.startswith(_ACTION) else ""
    return action or None


def help_rows() -> list[tuple[str, str]]:
    """Return what to type and what it does, row by row."""
    return [*((command.usage, command.summary) for command in COMMANDS), ESCAPE_HELP]


def complete(before: str, names: Iterable[str]) -> list[Completion]:
    """Return what Tab offers for the text before the cursor: commands, or `names` of members."""
    if before.startswith("/") and not re.search(r"\s", before):
        return [
            Completion(f"/{command.name}" + (" " if command.argument else ""), len(before), command.summary)
            for command in COMMANDS
            if command.name.startswith(before[1:].lower())
        ]
    return _complete_name(before, sorted(names, key=str.casefold))


def _complete_name(before: str, names: list[str]) -> list[Completion]:
    # A name may have spaces in it, so the longest tail of the line that begins a name counts.
    starts = itertools.chain([0], (space.end() for space in re.finditer(r"\s+", before)))
    for start in starts:
        begun = before[start:].casefold()
        fitting = [name for name in names if begun and name.casefold().startswith(begun)]
        if fitting:
            behind = " " if start else ": "
            return [Completion(name + behind, len(before) - start) for name in fitting]
    return []


def _speak(text: str) -> Wanted:
    cleaned = clean_text(text.rstrip())
    fault = text_error(cleaned)
    return Mistake(fault) if fault else Speak(cleaned)


def _unknown(name: str) -> str:
    near = [known for known in _BY_NAME if name and known.startswith(name.lower())]
    near = near or difflib.get_close_matches(name.lower(), _BY_NAME, n=1)
    advice = f"Did you mean /{near[0]}?" if near else "/help shows them all."
    return f"There is no command /{name}. {advice} To say it, type //{name}."
