"""What several commands share: options as decorators, and whether to use colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from messango.cli.dumb_terminal import is_dumb_terminal
from messango.cli.param_types import KnownRoomName, Name, PasswordFile

#: What QR codes are drawn with (`LOWER_HALF` of `web.invite.qr_code`), to know whether they could be, without
#: loading what draws them.
_HALF_BLOCK: Final = "▄"

_Command = TypeVar("_Command", bound=Callable[..., Any])


def room_options(default_name: str) -> Callable[[_Command], _Command]:
    """Add ROOM and --name, which `chat` and `gui` take; the help shows where the default name is from."""
    room = click.argument("room", required=False, type=KnownRoomName())
    name = name_option(default_name)
    return lambda command: room(name(command))


def name_option(default_name: str) -> Callable[[_Command], _Command]:
    """Add --name, also from the environment; the help shows where the default name is from."""
    return click.option(
        "--name",
        type=Name(),
        envvar="MESSANGO_NAME",
        help=f"Your name in the room.  [default: {default_name}]",
    )


def password_file_option(default: str) -> Callable[[_Command], _Command]:
    """Add --password-file as the parameter `password`; the help shows what is done without it."""
    return click.option(
        "--password-file",
        "password",
        type=PasswordFile(),
        help=f"Join with the password stored in this file.  [default: {default}]",
    )


def json_option(description: str) -> Callable[[_Command], _Command]:
    """Add --json as the parameter `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=description)


def use_color() -> bool:
    """Return true if standard output is a terminal and NO_COLOR is not set."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def can_draw_codes() -> bool:
    """Return true if standard output shows a QR code: in two fixed colours, with half blocks.

    A console of Windows before its Terminal would print the sequences of 256 colours.
    """
    if not use_color() or is_dumb_terminal() or (os.name == "nt" and "WT_SESSION" not in os.environ):
        return False
    try:
        _HALF_BLOCK.encode(sys.stdout.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
