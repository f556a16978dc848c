"""What the host of a room can type at its prompt. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from messango.client.command_table import CommandSpec, CommandTable, Completion, missing_argument
from messango.client.commands import InvalidInput, Quit, ShowHelp
from messango.protocol.text.validation import normalized_name, normalized_prefix
from messango.room.host_command import (
    Announce,
    BanAddress,
    BanName,
    HostCommand,
    Kick,
    ListBans,
    ListMembers,
    Lock,
    Unban,
    Unlock,
)
from messango.room.peer import parse_network

ParsedCommand: TypeAlias = HostCommand | ShowHelp | Quit | InvalidInput

#: Takes what follows the command's name, and the members' names.
_Parser: TypeAlias = Callable[[str, Iterable[str]], ParsedCommand]

_SECONDS_PER_UNIT: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION: Final = re.compile(r"for\s+(?P<count>[0-9]{1,6})\s*(?P<unit>[smhdw])[a-z]*(?=\s|$)", re.IGNORECASE)
#: Looks like a time, unlike a reason such as `for spamming`.
_DURATION_LIKE: Final = re.compile(r"for\s+[0-9]\S*", re.IGNORECASE)
#: Looks like an address. A name like this has to be between quotation marks.
_ADDRESS_LIKE: Final = re.compile(r"[0-9]+(\.[0-9]+){2,}(/\S*)?|[0-9a-f]*:[0-9a-f]*:\S*", re.IGNORECASE)
_ADDRESS_HINT: Final = "Use 192.168.1.20, fe80::1, or a network such as 192.168.1.0/24."
#: A name that contains one kind is put between the other.
_QUOTE_PAIRS: Final = ('""', "“”")
_OPENING_QUOTES: Final = '"“'
_QUOTED: Final = re.compile(r'("(?P<straight>[^"]*)"|“(?P<curly>[^”]*)”)(?:\s+|$)(?P<rest>.*)', re.DOTALL)


class _ParseError(Exception):
    """The arguments of a command are not valid; the message is for the person who typed them."""


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
        raise _ParseError(f"“{target}” is not a valid address. {_ADDRESS_HINT}")
    seconds, reason = _split_duration(rest)
    return BanAddress(target, seconds, reason) if is_address else BanName(target, seconds, reason)


def _parse_unban(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    quoted = _QUOTED.fullmatch(arguments)
    return Unban(_unquote(quoted) if quoted else arguments)


def _parse_say(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    return Announce(arguments)


def _without_argument(command: ParsedCommand) -> _Parser:
    return lambda _arguments, _names: command


COMMANDS: Final[tuple[CommandSpec[_Parser], ...]] = (
    CommandSpec("who", "", "list the members, and from where", _without_argument(ListMembers())),
    CommandSpec("say", "TEXT", "send a message to everybody, as the host", _parse_say),
    CommandSpec("kick", "NAME [REASON]", "remove a member (they may join again)", _parse_kick),
    CommandSpec(
        "ban", "NAME|ADDRESS [for 10m] [REASON]", "keep somebody out, for 10m, 2h, 3d or for good", _parse_ban
    ),
    CommandSpec("unban", "NAME|ADDRESS", "lift a ban", _parse_unban),
    CommandSpec("bans", "", "list the bans", _without_argument(ListBans())),
    CommandSpec("lock", "", "lock the room: no new members", _without_argument(Lock())),
    CommandSpec("unlock", "", "unlock the room", _without_argument(Unlock())),
    CommandSpec("help", "", "list the commands", _without_argument(ShowHelp())),
    CommandSpec("quit", "", "close the room for everybody", _without_argument(Quit())),
)

_TABLE: Final = CommandTable(COMMANDS, "help")
_NAME_COMMANDS: Final = ("kick", "ban")


def parse_command(line: str, names: Iterable[str]) -> ParsedCommand | None:
    """Return the command that a line asks for, or None if it is blank.

    `names` are the members': a member's name with spaces needs no quotation marks.
    """
    if not line.strip():
        return None
    word, arguments = [*line.strip().split(maxsplit=1), ""][:2]
    spec = _TABLE.find(word.removeprefix("/"))
    if spec is None:
        return InvalidInput(f"{_TABLE.unknown(word)} To write to everybody, use “say”.")
    if arguments and not spec.argument:
        return InvalidInput(f"“{spec.name}” takes nothing after it.")
    if spec.argument and not arguments:
        return InvalidInput(missing_argument(spec))
    try:
        return spec.parse(arguments, names)
    except _ParseError as error:
        return InvalidInput(str(error))


def help_lines() -> list[str]:
    """Return the commands and how to type names, line by line."""
    rows = _TABLE.help_rows()
    width = max(len(usage) for usage, _ in rows)
    return [
        *(f"{usage:<{width}}  {summary}" for usage, summary in rows),
        "The beginning of a name is enough. Put a name with spaces between quotation marks.",
    ]


def complete(before: str, names: Iterable[str]) -> list[Completion]:
    """Return the choices for Tab after the text before the cursor: commands, or members' names."""
    word, space, prefix = before.lstrip().partition(" ")
    if not space:
        return _TABLE.complete(word)
    if word.lower() not in _NAME_COMMANDS:
        return []
    wanted = normalized_prefix(prefix), normalized_prefix(prefix.lstrip(_OPENING_QUOTES))
    matches = sorted((name for name in names if normalized_name(name).startswith(wanted)), key=str.casefold)
    return [Completion(_quote(name), len(prefix)) for name in matches]


def _quote(name: str) -> str:
    """Return a name as it has to be typed, and a space."""
    if " " in name or name[0] in _OPENING_QUOTES or _is_address(name) or _ADDRESS_LIKE.fullmatch(name):
        name = next((f"{left}{name}{right}" for left, right in _QUOTE_PAIRS if right not in name), name)
    return f"{name} "


def _unquote(quoted: re.Match[str]) -> str:
    return quoted["straight"] or quoted["curly"] or ""


def _split_target(arguments: str, names: Iterable[str]) -> tuple[str, str, bool]:
    """Return the name at the beginning, the rest, and whether that is certain: quoted, or a member's name."""
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
    """Return the seconds of a `for 10m` at the beginning, or None, and the reason that follows."""
    arguments = arguments.strip()
    if found := _DURATION.match(arguments):
        seconds = int(found["count"]) * _SECONDS_PER_UNIT[found["unit"].lower()]
        if not seconds:
            raise _ParseError("A ban has to last longer. Use for 10m, for 2h or for 3d.")
        return float(seconds), arguments[found.end() :].strip()
    if like := _DURATION_LIKE.match(arguments):
        raise _ParseError(f"“{like[0]}” is not a valid time. Use for 10m, for 2h or for 3d.")
    return None, arguments


def _is_address(word: str) -> bool:
    try:
        parse_network(word)
    except ValueError:
        return False
    return True
