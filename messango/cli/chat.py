"""`messango chat`: a room in the terminal, or at the end of a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from messango.cli.network_reason import add_network_reason, network_reasons
from messango.cli.options import json_option, room_options, use_color
from messango.cli.param_types import Number, PasswordFile
from messango.errors import RoomNotFound

if TYPE_CHECKING:
    from messango.discovery.events import FoundRoom
    from messango.protocol.password import Password


@click.command()
@room_options("your login name")
@json_option("Read and write one JSON object a line.")
@click.option(
    "--password-file",
    "password",
    type=PasswordFile(),
    help="Join with the password stored in this file.  [default: asked for]",
)
def chat(*, room: str | None, name: str | None, as_json: bool, password: Password | None) -> None:
    """Join a room in the terminal, or pipe messages into it.

    ROOM is a room's name, an address (HOST, HOST:PORT, [IPV6]:PORT) or an invite link. Without it,
    Messango joins the only open room, or lets you choose.

    Example: make 2>&1 | messango chat "Table 4" --name build
    """
    from messango.app.join import client_from_input
    from messango.protocol.text.fitted_name import fitted_name
    from messango.signals import watch_terminal
    from messango.storage import GUEST, as_text, default_user_name

    watch_terminal()
    interactive = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    user_name = as_text(name) if name else fitted_name(default_user_name()) or GUEST
    with network_reasons():
        client = client_from_input(
            room, user_name, _choose_room, password=password, prompt_for_password=interactive
        )
    client.explain_failure = add_network_reason
    if not interactive:
        from messango.terminal.pipe import run_pipe

        sys.exit(run_pipe(client, sys.stdin, sys.stdout, sys.stderr, as_json=as_json))
    from messango.cli.closed_room import chat_until_closed
    from messango.terminal.chat import run_chat

    sys.exit(
        chat_until_closed(
            client, lambda joined, message_log: run_chat(joined, color=use_color(), message_log=message_log)
        )
    )


def _choose_room(rooms: Sequence[FoundRoom]) -> FoundRoom:
    """Let a person choose; raises `RoomNotFound` without a terminal, because a program must name the room."""
    from messango.protocol.text.escaping import safe_name
    from messango.protocol.text.plain_names import quoted_name

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        names = ", ".join(quoted_name(room.name) for room in rooms)
        raise RoomNotFound(f"There are several rooms: {names}.", 'Name one: messango chat "Table 4"')
    for number, room in enumerate(rooms, 1):
        host = f", {safe_name(room.host)}" if room.host else ""
        click.echo(f"{number:>3}  {safe_name(room.name)}  ({room.members} of {room.seats}{host})", err=True)
    return rooms[click.prompt("Which room", type=Number(1, len(rooms)), default=1, err=True) - 1]
