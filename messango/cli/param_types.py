"""What the commands' options take beyond words and numbers."""

from __future__ import annotations

import datetime
import os
import stat
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from messango.protocol.password import Password

#: More than the longest password takes: of a file given by mistake no more is read.
_MAX_BYTES: Final = 4_096
_READABLE_BY_OTHERS: Final = stat.S_IRGRP | stat.S_IROTH

_SECONDS_PER_UNIT: Final = {"m": 60, "h": 3_600, "d": 86_400}


class Since(click.ParamType[tuple[int, float]]):
    """A date, a date and time, a time ago, or a message's number.

    Gives the number of the last message that is not wanted, and a time in seconds since 1970 UTC.
    """

    name = "when"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, float]:
        """Return the two, of which one is 0."""
        if isinstance(value, tuple):
            return value
        if value.isdecimal():
            return int(value), 0.0
        if value[:-1].isdecimal() and value[-1:] in _SECONDS_PER_UNIT:
            return 0, time.time() - int(value[:-1]) * _SECONDS_PER_UNIT[value[-1]]
        try:
            return 0, datetime.datetime.fromisoformat(value).astimezone().timestamp()
        except (ValueError, OverflowError, OSError):
            self.fail(f"“{value}” is no time: give 2026-11-22, 2026-11-22T14:00, 30m, 2h or 3d.", param, ctx)


class KnownRoomName(click.ParamType[str]):
    """A room's name or id; Tab offers those of the rooms that this person knows."""

    name = "room"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 (click's)
        """Return it as it was typed: what is not known yet may be found."""
        return str(value)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's)
        param: click.Parameter,  # noqa: ARG002 (click's)
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """Return the names that begin so, the last visited first."""
        from messango.client.known_rooms import KnownRooms
        from messango.errors import SHELL_SAFE, MessangoError

        try:
            rooms = KnownRooms.load().all()
        except MessangoError:
            return []  # The command itself says what is wrong.
        prefix = incomplete.casefold()
        return [
            CompletionItem(_shell_word(room.name), help=room.id)
            for room in rooms
            # A stranger chose the name, and a shell would run what is in it.
            if room.name.casefold().startswith(prefix) and SHELL_SAFE.fullmatch(room.name)
        ]


def _shell_word(name: str) -> str:
    """Return a name as one word of the shell that asks; bash alone does not see to that itself."""
    in_bash = os.environ.get("_MESSANGO_COMPLETE", "").startswith("bash")
    return name.replace(" ", "\\ ") if in_bash else name


class PasswordFile(click.ParamType["Password"]):
    """A file that holds a password, in UTF-8, with or without an end of the line."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Password:
        """Return what it holds; says so on stderr where others on this machine can read it."""
        from messango.errors import BadPassword
        from messango.protocol.password import Password

        if isinstance(value, Password):
            return value
        try:
            with open(value, "rb") as file:  # noqa: PTH123 (a name that click has not made a path of)
                data, mode = file.read(_MAX_BYTES), os.fstat(file.fileno()).st_mode
            password = Password(data.decode("utf-8-sig").strip("\r\n"))
        except OSError as error:
            self.fail(f"{value} can't be read: {error.strerror or error}.", param, ctx)
        except UnicodeDecodeError:
            self.fail(f"{value} is no text in UTF-8.", param, ctx)
        except BadPassword as error:
            self.fail(f"{value}: {error} {error.hint}", param, ctx)
        if os.name == "posix" and stat.S_ISREG(mode) and mode & _READABLE_BY_OTHERS:
            click.echo(f"messango: others on this machine can read {value}: chmod 600 {value}", err=True)
        return password


def prompt_password() -> Password:
    """Return what a person at the terminal chooses for a room's password, typed twice and not shown."""
    from messango.errors import BadPassword
    from messango.protocol.password import Password

    if not sys.stdin.isatty():
        raise click.UsageError("--password asks for it in a terminal; elsewhere give --password-file.")
    while True:
        entered = click.prompt("The room's password", hide_input=True, confirmation_prompt=True, err=True)
        try:
            return Password(entered)
        except BadPassword as error:
            click.echo(f"{error} {error.hint}", err=True)


class IpAddress(click.ParamType[str]):
    """An IPv4 or IPv6 address."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it was typed."""
        from messango.transport.addresses import is_ip

        if not is_ip(value):
            self.fail(f"“{value}” is not an IP address; `messango doctor` lists yours.", param, ctx)
        return str(value)
