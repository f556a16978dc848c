"""What a host can type: one table, from which reading, help and Tab all come. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from messango.protocol.validation import normalized_name
from messango.room.remote_peer import parse_network
from messango.server.host_command import Announce, Ban, Command, Help, Kick, Mistake, Plain, Quit, Unban


class Row(NamedTuple):
    """One row of the table; `argument` is what follows the name, in capitals, or empty."""

    name: str
    argument: str
    summary: str
    read: Callable[[str, Iterable[str]], Command]

    @property
    def usage(self) -> str:
        """What to type, as help shows it."""
        return f"{self.name} {self.argument}".rstrip()


class Offer(NamedTuple):
    """What Tab offers: `text` takes the place of the last `replaces` characters before the cursor."""

    text: str
    replaces: int
    summary: str = ""


_UNITS_S: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_TIME: Final = re.compile(r"for\s+(?P<count>[0-9]{1,6})\s*(?P<unit>[smhdw])[a-z]*(?=\s|$)", re.IGNORECASE)
#: Meant as a time, where a reason such as `for spamming` is none.
_LIKE_A_TIME: Final = re.compile(r"for\s+[0-9]\S*", re.IGNORECASE)
#: Nobody's name, most likely: one that looks so goes between quotation marks.
_LIKE_AN_ADDRESS: Final = re.compile(r"[0-9]+(\.[0-9]+){2,}(/\S*)?|[0-9a-f]*:[0-9a-f]*:\S*", re.IGNORECASE)
_ADDRESSES: Final = "One looks like 192.168.1.20 or fe80::1, and a network like 192.168.1.0/24."
#: A name may have one kind of them in it, and goes between the other then.
_MARKS: Final = ('""', "“”")
_OPENING: Final = '"“'
_QUOTED: Final = re.compile(r'("(?P<straight>[^"]*)"|“(?P<curly>[^”]*)”)(?:\s+|$)(?P<rest>.*)', re.DOTALL)


class _Misread(Exception):
    """A line that does not say what is wanted; the words are for whoever typed it."""


def _read_kick(typed: str, names: Iterable[str]) -> Command:
    name, reason, _ = _target(typed, names)
    return Kick(name, reason)


def _read_ban(typed: str, names: Iterable[str]) -> Command:
    first = typed.split()[0]
    target, rest, certain = _target(typed, names)
    is_address = _is_address(first) and not (certain and target != first)
    if is_address:
        target, rest = first, typed[len(first) :]
    elif not certain and _LIKE_AN_ADDRESS.fullmatch(target):
        raise _Misread(f"“{target}” is no address. {_ADDRESSES}")
    seconds, reason = _time(rest)
    return Ban(target, is_address, seconds, reason)


def _read_unban(typed: str, _names: Iterable[str]) -> Command:
    quoted = _QUOTED.fullmatch(typed)
    return Unban(_between(quoted) if quoted else typed)


def _read_say(typed: str, _names: Iterable[str]) -> Command:
    return Announce(typed)


def _plain(word: str) -> Callable[[str, Iterable[str]], Command]:
    return lambda _typed, _names: Plain(word)


COMMANDS: Final = (
    Row("who", "", "show who is in: from where, since when", _plain("who")),
    Row("say", "TEXT", "say something to all, as the host", _read_say),
    Row("kick", "NAME [REASON]", "send a member out, who can join anew", _read_kick),
    Row("ban", "NAME|ADDRESS [for 10m] [REASON]", "keep out, for 10m, 2h, 3d or for good", _read_ban),
    Row("unban", "NAME|ADDRESS", "let somebody in again", _read_unban),
    Row("bans", "", "show who is banned", _plain("bans")),
    Row("lock", "", "let nobody new in", _plain("lock")),
    Row("unlock", "", "let newcomers in again", _plain("unlock")),
    Row("help", "", "show this", lambda _typed, _names: Help()),
    Row("quit", "", "close the room for everybody", lambda _typed, _names: Quit()),
)

_BY_NAME: Final = {row.name: row for row in COMMANDS}
_TAKING_NAMES: Final = ("kick", "ban")


def read_command(line: str, names: Iterable[str]) -> Command | None:
    """Return what a host wants who typed this line, or None for a blank one.

    `names` are the members': a name with spaces needs no quotation marks where it is one of them.
    """
    if not line.strip():
        return None
    word, typed = [*line.strip().split(maxsplit=1), ""][:2]
    row = _BY_NAME.get(word.lower().removeprefix("/"))
    if row is None:
        return Mistake(_unknown(word))
    if typed and not row.argument:
        return Mistake(f"“{row.name}” takes nothing behind it.")
    if row.argument and not typed:
        return Mistake(f"“{row.name}” needs more: {row.usage}")
    try:
        return row.read(typed, names)
    except _Misread as error:
        return Mistake(str(error))


def help_lines() -> list[str]:
    """Return what can be typed, with names and reasons explained."""
    width = max(len(row.usage) for row in COMMANDS)
    return [
        *(f"{row.usage:<{width}}  {row.summary}" for row in COMMANDS),
        "The beginning of a name will do; put one with spaces between quotation marks.",
    ]


def complete(before: str, names: Iterable[str]) -> list[Offer]:
    """Return what Tab offers for the text before the cursor: commands, or members' names."""
    word, space, begun = before.lstrip().partition(" ")
    if not space:
        return [
            Offer(row.name + (" " if row.argument else ""), len(word), row.summary)
            for row in COMMANDS
            if row.name.startswith(word.lower())
        ]
    if word.lower() not in _TAKING_NAMES:
        return []
    wanted = normalized_name(begun), normalized_name(begun.lstrip(_OPENING))
    fitting = sorted((name for name in names if normalized_name(name).startswith(wanted)), key=str.casefold)
    return [Offer(_as_typed(name), len(begun)) for name in fitting]


def _as_typed(name: str) -> str:
    """Return a name so that it is read as that name, with what follows as the rest."""
    if " " in name or name[0] in _OPENING or _is_address(name) or _LIKE_AN_ADDRESS.fullmatch(name):
        name = next((f"{left}{name}{right}" for left, right in _MARKS if right not in name), name)
    return f"{name} "


def _between(quoted: re.Match[str]) -> str:
    return quoted["straight"] or quoted["curly"] or ""


def _target(typed: str, names: Iterable[str]) -> tuple[str, str, bool]:
    """Return the name that a line begins with, what follows it, and whether it can be nothing else."""
    keys = {normalized_name(name) for name in names}
    ends = [match.start() for match in re.finditer(r"\s+|$", typed)]
    if quoted := _QUOTED.fullmatch(typed):
        return _between(quoted), quoted["rest"].strip(), True
    for end in reversed(ends):
        if normalized_name(typed[:end]) in keys:
            return typed[:end], typed[end:].strip(), True
    if typed[0] in _OPENING:
        raise _Misread("The second quotation mark is missing.")
    if any(key.startswith(normalized_name(typed)) for key in keys):
        return typed, "", False
    return typed[: ends[0]], typed[ends[0] :].strip(), False


def _time(typed: str) -> tuple[float | None, str]:
    """Return the seconds that `for 10m` at the beginning means, and the reason behind it."""
    typed = typed.strip()
    if found := _TIME.match(typed):
        seconds = int(found["count"]) * _UNITS_S[found["unit"].lower()]
        if not seconds:
            raise _Misread("A ban for no time is none. Write for 10m, for 2h or for 3d.")
        return float(seconds), typed[found.end() :].strip()
    if like := _LIKE_A_TIME.match(typed):
        raise _Misread(f"“{like[0]}” is no time. Write for 10m, for 2h or for 3d.")
    return None, typed


def _is_address(word: str) -> bool:
    try:
        parse_network(word)
    except ValueError:
        return False
    return True


def _unknown(word: str) -> str:
    near = [name for name in _BY_NAME if name.startswith(word.lower())]
    near = near or difflib.get_close_matches(word.lower(), _BY_NAME, n=1)
    advice = f"Did you mean “{near[0]}”?" if near else "“help” shows them all."
    return f"There is no command “{word}”. {advice} What is for everybody goes behind “say”."
