"""The types of the commands' options and arguments."""

from __future__ import annotations

import datetime
import math
import os
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.shell_completion import CompletionItem

from messango.protocol.text.escaping import excerpt

if TYPE_CHECKING:
    from messango.protocol.password import Password

#: A path is shown whole, so that it can be found; beyond this, it is not a path.
_MAX_PATH_SHOWN: Final = 1_000

#: More than the longest password needs; no more is read of a file that was given by mistake.
_MAX_PASSWORD_FILE_BYTES: Final = 4_096

_READABLE_BY_OTHERS: Final = stat.S_IRGRP | stat.S_IROTH

_Number = TypeVar("_Number", int, float)

#: The units in which people give times.
SECONDS_PER_UNIT: Final = {"m": 60, "h": 3_600, "d": 86_400}


class Number(click.ParamType[_Number]):
    """A number from `least` to `most`; only whole ones if these are of type int."""

    name = "number"

    def __init__(self, least: _Number, most: _Number) -> None:
        self._least: _Number = least
        self._most: _Number = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> _Number:
        """Return the number."""
        try:
            number: _Number = type(self._least)(value)
            is_number = math.isfinite(number)
        except (ValueError, OverflowError):
            is_number = False
        if not is_number:
            kind = "a whole number" if isinstance(self._least, int) else "a number"
            self.fail(f"“{excerpt(str(value))}” is not {kind}.", param, ctx)
        if not self._least <= number <= self._most:
            limits = f"{self._least:,} and {self._most:,}".replace(".0", "")
            self.fail(f"{excerpt(str(value))} is not between {limits}.", param, ctx)
        return number


class Since(click.ParamType[tuple[int, float]]):
    """A date, a date and time, a time ago, or the number of a message.

    Converted to a pair: the number of the last message to leave out, and seconds since 1970 UTC.
    """

    name = "when"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, float]:
        """Return the pair; one of the two is 0."""
        from messango.protocol.limits import MAX_SEQ

        if isinstance(value, tuple):
            return value
        try:
            if value.isdecimal():
                return min(int(value), MAX_SEQ), 0.0
            if value[:-1].isdecimal() and value[-1:] in SECONDS_PER_UNIT:
                return 0, time.time() - int(value[:-1]) * SECONDS_PER_UNIT[value[-1]]
            return 0, datetime.datetime.fromisoformat(value).astimezone().timestamp()
        except (ValueError, OverflowError, OSError):
            typed = excerpt(value)
            self.fail(
                f"“{typed}” is not a valid time. Use 2026-11-22, 2026-11-22T14:00, 30m, 2h or 3d.", param, ctx
            )


class KnownRoomName(click.ParamType[str]):
    """A room's name or id; Tab completes the names of known rooms."""

    name = "room"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it was typed: a room that is not known yet may be found on the network."""
        if not value.strip():
            self.fail("The name of a room can't be empty.", param, ctx)
        return str(value)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's)
        param: click.Parameter,  # noqa: ARG002 (click's)
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """Return the known names that begin with `incomplete`, the last visited first."""
        from messango.client.trust.known_rooms import KnownRooms
        from messango.errors import MessangoError
        from messango.protocol.text.validation import normalized_name, normalized_prefix
        from messango.transport.identity.identity_errors import SHELL_SAFE

        try:
            rooms = KnownRooms.load().all()
        except MessangoError:
            return []  # The command itself reports the error.
        prefix = normalized_prefix(incomplete)
        return [
            CompletionItem(shell_word(room.name), help=room.id)
            for room in rooms
            # A stranger chose the name, and a shell could run a command in it.
            if normalized_name(room.name).startswith(prefix) and SHELL_SAFE.fullmatch(room.name)
        ]


def shell_word(name: str) -> str:
    """Return a name as one word of the shell; only bash does not escape spaces itself."""
    in_bash = os.environ.get("_MESSANGO_COMPLETE", "").startswith("bash")
    return name.replace(" ", "\\ ") if in_bash else name


class PasswordFile(click.ParamType["Password"]):
    """A file that contains a password in UTF-8, with or without a line end."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Password:
        """Return the password; warns on standard error if others on this computer can read the file."""
        from messango.errors import BadPassword
        from messango.protocol.password import Password

        if isinstance(value, Password):
            return value
        shown = excerpt(value, _MAX_PATH_SHOWN)
        try:
            with open(value, "rb") as file:  # noqa: PTH123 (click passes a string)
                data, mode = file.read(_MAX_PASSWORD_FILE_BYTES), os.fstat(file.fileno()).st_mode
            password = Password(data.decode("utf-8-sig").strip("\r\n"))
        except OSError as error:
            self.fail(f"“{shown}” can't be read: {error.strerror or error}.", param, ctx)
        except UnicodeDecodeError:
            self.fail(f"“{shown}” is not valid UTF-8.", param, ctx)
        except BadPassword as error:
            self.fail(f"“{shown}”: {error} {error.hint}", param, ctx)
        if os.name == "posix" and stat.S_ISREG(mode) and mode & _READABLE_BY_OTHERS:
            click.echo(
                f"messango: others on this computer can read {value}. Make it private: chmod 600 {value}",
                err=True,
            )
        return password


def prompt_password() -> Password:
    """Ask at the terminal for a room's new password, typed twice and not shown; returns it."""
    from messango.errors import BadPassword
    from messango.protocol.password import Password

    if not sys.stdin.isatty():
        raise click.UsageError("--password needs a terminal to ask at. Without one, use --password-file.")
    while True:
        entered = click.prompt("The room's password", hide_input=True, confirmation_prompt=True, err=True)
        try:
            return Password(entered)
        except BadPassword as error:
            click.echo(f"{error} {error.hint}", err=True)


class Name(click.ParamType[str]):
    """A valid name of a person or a room."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, cleaned."""
        from messango.errors import BadName
        from messango.protocol.text.validation import clean_name

        try:
            return clean_name(value)
        except BadName as error:
            source = ctx and param and param.name and ctx.get_parameter_source(param.name)
            from_environment = source is click.core.ParameterSource.ENVIRONMENT
            where = "In MESSANGO_NAME: " if from_environment else ""
            self.fail(f"{where}{error} {error.hint}", param, ctx)


class RoomOrFile(click.ParamType[str]):
    """The name of a room, or of a file."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it was typed."""
        if not value.strip():
            self.fail("The name of a room or file can't be empty.", param, ctx)
        return str(value)


class SentFile(click.ParamType[Path]):
    """A file that exists and can be read; Tab completes paths."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return its path. The size of a pipe or a device is not known before its end."""
        if not value:
            self.fail("The name of the file is empty.", param, ctx)
        path, shown = Path(value), excerpt(str(value), _MAX_PATH_SHOWN)
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            self.fail(f"“{shown}” can't be read: {getattr(error, 'strerror', None) or error}.", param, ctx)
        if stat.S_ISDIR(mode):
            self.fail(f"“{shown}” is a folder. Put it into one file, such as a .zip, to send it.", param, ctx)
        if not stat.S_ISREG(mode):
            self.fail(f"“{shown}” is not a file but a pipe or a device. Save it in a file first.", param, ctx)
        if not os.access(path, os.R_OK):
            self.fail(f"“{shown}” can't be read: you do not have the permission.", param, ctx)
        return path

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's)
        param: click.Parameter,  # noqa: ARG002 (click's)
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """Let the shell complete paths."""
        return [CompletionItem(incomplete, type="file")]


class IpAddress(click.ParamType[str]):
    """An IPv4 or IPv6 address."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address as it was typed."""
        from messango.transport.addresses import is_ip

        if not is_ip(value):
            self.fail(
                f"“{excerpt(value)}” is not a valid IP address. `messango doctor` lists yours.", param, ctx
            )
        return str(value)


class Folder(click.ParamType[Path]):
    """The path of a folder, which need not exist yet; Tab completes folders."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path. An empty one would be the folder in which the person is, by a script's slip."""
        if not value:
            self.fail("The name of the folder is empty.", param, ctx)
        path = Path(value)
        if path.exists() and not path.is_dir():
            self.fail(f"“{excerpt(str(value), _MAX_PATH_SHOWN)}” is a file, not a folder.", param, ctx)
        return path

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's)
        param: click.Parameter,  # noqa: ARG002 (click's)
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """Let the shell complete folders."""
        return [CompletionItem(incomplete, type="dir")]
