"""The host's commands: one table for the prompt in the server's terminal and for `messango host`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.protocol.limits import MAX_SEATS
from messango.protocol.text.command_table import (
    CommandSpec,
    CommandTable,
    Completion,
    InvalidInput,
    ShowHelp,
    missing_argument,
)
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.validation import normalized_name, normalized_prefix
from messango.room.host.file_commands import ListFiles, RemoveFile
from messango.room.host.guest_commands import AdmitGuests, DismissGuests, RenewGuestLink, ShowGuestLink
from messango.room.host.host_command import (
    Announce,
    BanAddress,
    BanName,
    HostCommand,
    Kick,
    ListBans,
    ListMembers,
    Lock,
    SetPassword,
    SetSeats,
    Unban,
    Unlock,
)
from messango.room.host.host_command_table import (
    CONFIRM,
    GUEST_WORDS,
    HOST_COMMANDS,
    NAME_COMMANDS,
    NO_PASSWORD,
    PROMPT_COMMANDS,
    REMOVE_FILE,
)
from messango.room.host.link_commands import Relink, ShowLink
from messango.room.peer import parse_network


@dataclass(frozen=True, slots=True)
class AskPassword:
    """Ask for a new password, which nobody sees, and then set it."""


@dataclass(frozen=True, slots=True)
class CloseRoom:
    """Close the room for everybody."""


ParsedCommand: TypeAlias = HostCommand | AskPassword | CloseRoom | ShowHelp | InvalidInput

_MAX_DIGITS: Final = 9

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


#: By what is typed after `web`.
_GUEST_COMMANDS: Final[dict[str, HostCommand]] = {
    "": ShowGuestLink(),
    **dict(zip(GUEST_WORDS, (AdmitGuests(), RenewGuestLink(), DismissGuests()), strict=True)),
}


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


def _parse_password(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    if not arguments:
        return AskPassword()
    if arguments.lower() == NO_PASSWORD:
        return SetPassword(None)
    # Nor is it repeated here.
    raise _ParseError(
        "A password is not typed where others can read it: “password” alone asks for it, "
        f"and “password {NO_PASSWORD}” removes it."
    )


def _parse_seats(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    digits = arguments.replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS):
        raise _ParseError(f"“{excerpt(arguments)}” is not a number of seats. Use, for example: seats 8")
    if not 1 <= int(digits) <= MAX_SEATS:
        raise _ParseError(f"A room has between 1 and {MAX_SEATS:,} seats.")
    return SetSeats(int(digits))


def _parse_files(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    word, _space, target = arguments.partition(" ")
    if not arguments:
        return ListFiles()
    if word.lower() != REMOVE_FILE or not target.strip():
        raise _ParseError("“files” lists the shared files; to remove one, use, for example: files remove 2")
    quoted = _QUOTED.fullmatch(target.strip())
    return RemoveFile(_unquote(quoted) if quoted else target.strip())


def _parse_web(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    command = _GUEST_COMMANDS.get(arguments.lower())
    if command is None:
        raise _ParseError(
            "“web” shows the link for guests; “web on” lets them in, “web renew” makes a new link, and "
            "“web off” sends them away."
        )
    return command


def _parse_relink(arguments: str, _names: Iterable[str]) -> ParsedCommand:
    if arguments.lower() == CONFIRM:
        return Relink()
    raise _ParseError(
        "“relink” sets this server's copy of the conversation aside and makes it again from the linked "
        "room's stream. What only this copy has is in that old file afterwards, and not in the room. "
        f"To do it: relink {CONFIRM}"
    )


def _without_argument(command: ParsedCommand) -> _Parser:
    return lambda _arguments, _names: command


_PARSERS: Final[dict[str, _Parser]] = {
    "who": _without_argument(ListMembers()),
    "say": _parse_say,
    "kick": _parse_kick,
    "ban": _parse_ban,
    "unban": _parse_unban,
    "bans": _without_argument(ListBans()),
    "lock": _without_argument(Lock()),
    "unlock": _without_argument(Unlock()),
    "password": _parse_password,
    "seats": _parse_seats,
    "files": _parse_files,
    "web": _parse_web,
    "link": _without_argument(ShowLink()),
    "relink": _parse_relink,
    "close": _without_argument(CloseRoom()),
    "help": _without_argument(ShowHelp()),
    "quit": _without_argument(CloseRoom()),
}

#: All that the host can type at the prompt.
COMMANDS: Final = tuple(
    CommandSpec(row.name, row.argument, row.summary, _PARSERS[row.name])
    for row in (*HOST_COMMANDS, *PROMPT_COMMANDS)
)

_TABLE: Final = CommandTable(COMMANDS, "help")
#: Commands that begin with a name or an address.
_TARGET_COMMANDS: Final = (*NAME_COMMANDS, "unban")


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
    if spec.needs_argument and not arguments:
        return InvalidInput(missing_argument(spec))
    try:
        return spec.parse(arguments, names)
    except _ParseError as error:
        return InvalidInput(str(error))


def command_line(words: Sequence[str]) -> str:
    """Return the line that stands for the words of a shell's command.

    The shell has taken away the quotation marks: a first word that is empty or has a space in it is one name,
    also without a member of that name, unless it begins with an address.
    """
    name, *arguments = words
    if name in _TARGET_COMMANDS and arguments and _is_one_name(arguments[0]):
        arguments[0] = _in_quotes(arguments[0])
    return " ".join([name, *arguments])


def _is_one_name(word: str) -> bool:
    parts = word.split()
    if word[:1] in _OPENING_QUOTES and parts:
        return False
    return len(parts) != 1 and not (parts and _is_address(parts[0]))


def help_lines() -> list[str]:
    """Return the commands and how to type names, line by line."""
    rows = _TABLE.help_rows()
    width = max(len(usage) for usage, _ in rows)
    return [
        *(f"{usage:<{width}}  {summary}" for usage, summary in rows),
        "The beginning of a name is enough. Put a name with spaces between quotation marks.",
    ]


def complete(before: str, names: Iterable[str], files: Iterable[str] = ()) -> list[Completion]:
    """Return the choices for Tab after the text before the cursor: commands, or names of members or files."""
    word, space, prefix = before.lstrip().partition(" ")
    if not space:
        return _TABLE.complete(word)
    if word.lower() == "files":
        return _complete_files(prefix, files)
    if word.lower() == "web":
        return [Completion(each, len(prefix)) for each in GUEST_WORDS if each.startswith(prefix.lower())]
    if word.lower() not in NAME_COMMANDS:
        return []
    wanted = normalized_prefix(prefix), normalized_prefix(prefix.lstrip(_OPENING_QUOTES))
    matches = sorted((name for name in names if normalized_name(name).startswith(wanted)), key=str.casefold)
    return [Completion(_quote(name), len(prefix)) for name in matches]


def _complete_files(typed: str, files: Iterable[str]) -> list[Completion]:
    word, space, prefix = typed.partition(" ")
    if not space:
        return [Completion(f"{REMOVE_FILE} ", len(word))] if REMOVE_FILE.startswith(word.lower()) else []
    wanted = prefix.casefold()
    return [Completion(name, len(prefix)) for name in sorted(files) if name.casefold().startswith(wanted)]


def _quote(name: str) -> str:
    """Return a name as it has to be typed, and a space."""
    if " " in name or name[0] in _OPENING_QUOTES or _is_address(name) or _ADDRESS_LIKE.fullmatch(name):
        name = _in_quotes(name)
    return f"{name} "


def _in_quotes(name: str) -> str:
    return next((f"{left}{name}{right}" for left, right in _QUOTE_PAIRS if right not in name), name)


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
