"""What several commands share: options as decorators, and whether to use colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from messango.cli.param_types import KnownRoomName, Name

_Command = TypeVar("_Command", bound=Callable[..., Any])


def room_options(default_name: str) -> Callable[[_Command], _Command]:
    """Add ROOM and --name, which `chat` and `gui` take; the help shows where the default name is from."""
    room = click.argument("room", required=False, type=KnownRoomName())
    name = click.option(
        "--name",
        type=Name(),
        envvar="MESSANGO_NAME",
        help=f"Your name in the room.  [default: {default_name}]",
    )
    return lambda command: room(name(command))


def json_option(description: str) -> Callable[[_Command], _Command]:
    """Add --json as the parameter `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=description)


def use_color() -> bool:
    """Return true if standard output is a terminal and NO_COLOR is not set."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
