"""What a host can type: one table, from which reading, help and Tab all come. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from messango.protocol.validation import normalized_name
from messango.room.remote_peer import parse_network
from messango.server.host_command import (
    Announce,
    Ban,
    Help,
    InvalidCommand,
    Kick,
    ParsedCommand,
    Quit,
    SimpleCommand,
    Unban,
)


class CommandSpec(NamedTuple):
    """One row of the table; `argument` is what follows the name, in capitals, or empty."""

    name: str
    argument: str
    summary: str
    parse: Callable[[str, Iterable[str]], ParsedCommand]

    @property
    def usage(self) -> str:
        """What to type, as help shows it."""
        return f"{self.name} {self.argument}".rstrip()


class Completion(NamedTuple):
    """What Tab offers: `text` takes the place of the last `replaces` characters before the cursor."""

    text: str
    replaces: int
    summary: str = ""


_SECONDS_PER_UNIT: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION: Final = re.compile(r"for\s+(?P<count>[0-9]{1,6})\s*(?P<unit>[smhdw])[a-z]*(?=\s|$)", re.IGNORECASE)
#: Meant as a time, where a reason such as `for spamming` is none.
_DURATION_LIKE: Final = re.compile(r"for\s+[0-9]\S*", re.IGNORECASE)
#: Nobody's name, most likely: one that looks so goes between quotation marks.
_ADDRESS_LIKE: Final = re.compile(r"[0-9]+(\.[0-9]+){2,}(/\S*)?|[0-9a-f]*:[0-9a-f]*:\S*", re.IGNORECASE)
_ADDRESS_HINT: Final = "One looks like 192.168.1.20 or fe80::1, and a network like 192.168.1.0/24."
#: A name may have one kind of them in it, and goes between the other then.
_QUOTE_PAIRS: Final = ('""', "“”")
_OPENING_QUOTES: Final = '"“'
_QUOTED: Final = re.compile(r'("(?P<straight>[^"]*)"|“(?P<curly>[^”]*)”)(?:\s+|$)(?P<rest>.*)', re.DOTALL)


class _ParseError(Exception):
    """A line that does not say what is wanted; the words are for whoever typed it."""


def _parse_kick(arguments: str, names: Iterable[str]) -> ParsedCommand:
    name, reason, _ = _split_target(arguments, names)
    return Kick(name, reason)


def _parse_ban(arguments: str, names: Iterable[str]) -> ParsedCommand:
    first = arguments.split()[0]
    target, rest, is_certain = _split_target(arguments, names)
    is_address = _is_address(first) and not (is_certain and target != first)
    if is_address:
        target, rest = first, arguments[len(first) :]
    elif not is_certain and _ADDRESS_LIKE.fullmatch(target):
        raise _ParseError(f"“{target}” is no address. {_ADDRESS_HINT}")
    seconds, reason = _split_duration(rest)
    return Ban(target, is_address, seconds, reason)


def _parse_unban(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    quoted = _QUOTED.fullmatch(arguments)
    return Unban(_unquote(quoted) if quoted else arguments)


def _parse_say(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    return Announce(arguments)


def _simple(word: str) -> Callable[[str, Iterable[str]], ParsedCommand]:
    return lambda _typed, _names: SimpleCommand(word)


COMMANDS: Final = (
    CommandSpec("who", "", "show who is in: from where, since when", _simple("who")),
    CommandSpec("say", "TEXT", "say something to all, as the host", _parse_say),
    CommandSpec("kick", "NAME [REASON]", "send a member out, who can join anew", _parse_kick),
    CommandSpec(
        "ban", "NAME|ADDRESS [for 10m] [REASON]", "keep out, for 10m, 2h, 3d or for good", _parse_ban
    ),
    CommandSpec("unban", "NAME|ADDRESS", "let somebody in again", _parse_unban),
    CommandSpec("bans", "", "show who is banned", _simple("bans")),
    CommandSpec("lock", "", "let nobody new in", _simple("lock")),
    CommandSpec("unlock", "", "let newcomers in again", _simple("unlock")),
    CommandSpec("help", "", "show this", lambda _typed, _names: Help()),
    CommandSpec("quit", "", "close the room for everybody", lambda _typed, _names: Quit()),
)

_SPECS: Final = {spec.name: spec for spec in COMMANDS}
_NAME_COMMANDS: Final = ("kick", "ban")


def parse_command(line: str, names: Iterable[str]) -> ParsedCommand | None:
    """Return what a host wants who typed this line, or None for a blank one.

    `names` are the members': a name with spaces needs no quotation marks where it is one of them.
    """
    if not line.strip():
        return None
    word, arguments = [*line.strip().split(maxsplit=1), ""][:2]
    spec = _SPECS.get(word.lower().removeprefix("/"))
    if spec is None:
        return InvalidCommand(_unknown_command(word))
    if arguments and not spec.argument:
        return InvalidCommand(f"“{spec.name}” takes nothing behind it.")
    if spec.argument and not arguments:
        return InvalidCommand(f"“{spec.name}” needs more: {spec.usage}")
    try:
        return spec.parse(arguments, names)
    except _ParseError as error:
        return InvalidCommand(str(error))


def help_lines() -> list[str]:
    """Return what can be typed, with names and reasons explained."""
    width = max(len(spec.usage) for spec in COMMANDS)
    return [
        *(f"{spec.usage:<{width}}  {spec.summary}" for spec in COMMANDS),
        "The beginning of a name will do; put one with spaces between quotation marks.",
    ]


def complete(before: str, names: Iterable[str]) -> list[Completion]:
    """Return what Tab offers for the text before the cursor: commands, or members' names."""
    word, space, prefix = before.lstrip().partition(" ")
    if not space:
        return [
            Completion(spec.name + (" " if spec.argument else ""), len(word), spec.summary)
            for spec in COMMANDS
            if spec.name.startswith(word.lower())
        ]
    if word.lower() not in _NAME_COMMANDS:
        return []
    wanted = normalized_name(prefix), normalized_name(prefix.lstrip(_OPENING_QUOTES))
    matches = sorted((name for name in names if normalized_name(name).startswith(wanted)), key=str.casefold)
    return [Completion(_quote(name), len(prefix)) for name in matches]


def _quote(name: str) -> str:
    """Return a name so that it is read as that name, with what follows as the rest."""
    if " " in name or name[0] in _OPENING_QUOTES or _is_address(name) or _ADDRESS_LIKE.fullmatch(name):
        name = next((f"{left}{name}{right}" for left, right in _QUOTE_PAIRS if right not in name), name)
    return f"{name} "


def _unquote(quoted: re.Match[str]) -> str:
    return quoted["straight"] or quoted["curly"] or ""


def _split_target(arguments: str, names: Iterable[str]) -> tuple[str, str, bool]:
    """Return the name that a line begins with, what follows it, and whether it can be nothing else."""
    keys = {normalized_name(name) for name in names}
    ends = [match.start() for match in re.finditer(r"\s+|$", arguments)]
    if quoted := _QUOTED.fullmatch(arguments):
        return _unquote(quoted), quoted["rest"].strip(), True
    for end in reversed(ends):
        if normalized_name(arguments[:end]) in keys:
            return arguments[:end], arguments[end:].strip(), True
    if arguments[0] in _OPENING_QUOTES:
        raise _ParseError("The second quotation mark is missing.")
    if any(key.startswith(normalized_name(arguments)) for key in keys):
        return arguments, "", False
    return arguments[: ends[0]], arguments[ends[0] :].strip(), False


def _split_duration(arguments: str) -> tuple[float | None, str]:
    """Return the seconds that `for 10m` at the beginning means, and the reason behind it."""
    arguments = arguments.strip()
    if found := _DURATION.match(arguments):
        seconds = int(found["count"]) * _SECONDS_PER_UNIT[found["unit"].lower()]
        if not seconds:
            raise _ParseError("A ban for no time is none. Write for 10m, for 2h or for 3d.")
        return float(seconds), arguments[found.end() :].strip()
    if like := _DURATION_LIKE.match(arguments):
        raise _ParseError(f"“{like[0]}” is no time. Write for 10m, for 2h or for 3d.")
    return None, arguments


def _is_address(word: str) -> bool:
    try:
        parse_network(word)
    except ValueError:
        return False
    return True


def _unknown_command(word: str) -> str:
    similar = [name for name in _SPECS if name.startswith(word.lower())]
    similar = similar or difflib.get_close_matches(word.lower(), _SPECS, n=1)
    advice = f"Did you mean “{similar[0]}”?" if similar else "“help” shows them all."
    return f"There is no command “{word}”. {advice} What is for everybody goes behind “say”."
