"""`messango chat`: a room in the terminal, or at the end of a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from messango.cli.network_reason import add_network_reason, network_reasons
from messango.cli.options import json_option, password_file_option, room_options, use_color
from messango.cli.param_types import Number
from messango.errors import MessangoError, RoomNotFound

if TYPE_CHECKING:
    from messango.client.message_log import MessageLog
    from messango.client.room_client import RoomClient
    from messango.discovery.model.events import FoundRoom
    from messango.discovery.searching.name_lookup import AmbiguousName
    from messango.protocol.password import Password


@click.command()
@room_options("your login name")
@json_option("Read and write one JSON object a line.")
@click.option("--plain", is_flag=True, help="Read and write plain lines: for screen readers and logs.")
@password_file_option("asked for")
def chat(
    *, room: str | None, name: str | None, as_json: bool, plain: bool, password: Password | None
) -> None:
    """Join a room in the terminal, or pipe messages into it.

    ROOM is a room's name, an address (HOST, HOST:PORT, [IPV6]:PORT) or an invite link. Without it,
    Messango joins the only open room, or lets you choose.

    Example: make 2>&1 | messango chat "Table 4" --name build
    """
    from messango.app.join import client_from_input
    from messango.app.own_address import own_address_note
    from messango.cli.dumb_terminal import is_dumb_terminal
    from messango.cli.slow_notice import SlowNotice
    from messango.cli.standard_streams import write_error
    from messango.protocol.text.fitted_name import fitted_name
    from messango.protocol.text.plain_names import quoted_name
    from messango.signals import watch_terminal
    from messango.storage import GUEST, as_text, default_user_name

    if plain and as_json:
        raise click.UsageError("--plain and --json exclude each other.")
    watch_terminal()
    interactive = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    plain = plain or (interactive and is_dumb_terminal())
    user_name = as_text(name) if name else fitted_name(default_user_name()) or GUEST
    with (
        _end_in_json() if as_json else contextlib.nullcontext(),
        network_reasons(),
        SlowNotice(f"Looking for {quoted_name(room) if room else 'a room'}…") as notice,
    ):
        client = client_from_input(
            room,
            user_name,
            notice.before(_choose_room),
            password=password,
            prompt_for_password=interactive,
            choose_namesake=notice.before(_choose_namesake) if interactive else None,
        )
    if room and (note := own_address_note(room)):
        write_error(note)
    client.explain_failure = add_network_reason
    if not interactive and not plain:
        from messango.terminal.pipe.pipe import run_pipe

        sys.exit(run_pipe(client, sys.stdin, sys.stdout, sys.stderr, as_json=as_json))
    from messango.cli.closed_room import chat_until_closed

    if not interactive:
        sys.exit(_run_plain(client))
    sys.exit(chat_until_closed(client, _run_plain if plain else _run_screen))


def _run_plain(client: RoomClient, message_log: MessageLog | None = None) -> int:
    from messango.terminal.plain.plain_chat import run_plain

    return run_plain(client, sys.stdin, sys.stdout, message_log=message_log)


def _run_screen(client: RoomClient, message_log: MessageLog) -> int:
    from messango.terminal.chat.chat import run_chat

    return run_chat(client, color=use_color(), message_log=message_log)


@contextlib.contextmanager
def _end_in_json() -> Iterator[None]:
    """Print the event that ends a session also if it can't begin: no room is found, or none answers."""
    from messango.client.events import EndReason, SessionEnded
    from messango.discovery.searching.silent_rooms import RoomSilent
    from messango.terminal.json.json_lines import to_json

    try:
        yield
    except MessangoError as error:
        fields = SessionEnded(EndReason.FAILED, error).to_json_fields()
        if isinstance(error, RoomSilent) and (failure := error.rooms[0].failure):
            fields["code"] = failure.kind.value
        click.echo(to_json(fields))
        raise


def _choose_room(rooms: Sequence[FoundRoom]) -> FoundRoom:
    """Let a person choose; raises `RoomNotFound` without a terminal, because a program must name the room."""
    from messango.protocol.text.escaping import safe_name
    from messango.protocol.text.plain_names import quoted_name

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        names = ", ".join(f"{quoted_name(room.name)} (id {room.id})" for room in rooms)
        raise RoomNotFound(f"There are several rooms: {names}.", f"Use an id: messango chat {rooms[0].id}")
    for number, room in enumerate(rooms, 1):
        click.echo(f"{number:>3}  {safe_name(room.name)}  ({_facts(room)})", err=True)
    return rooms[click.prompt("Which room", type=Number(1, len(rooms)), default=1, err=True) - 1]


def _choose_namesake(error: AmbiguousName) -> FoundRoom:
    """Let a person choose a room whose name alone does not say which is meant; raises the error for none.

    The client shows the words to compare before anything is written.
    """
    from messango.cli.standard_streams import write_error
    from messango.protocol.text.escaping import safe_name

    write_error(str(error))
    for number, room in enumerate(error.rooms, 1):
        click.echo(f"{number:>3}  {safe_name(room.name)}  ({_facts(room)}, {room.addresses[0]})", err=True)
    choice: int = click.prompt(
        "Which room, or 0 for none", type=Number(0, len(error.rooms)), default=0, err=True
    )
    if not choice:
        raise error
    return error.rooms[choice - 1]


def _facts(room: FoundRoom) -> str:
    from messango.protocol.text.escaping import safe_name

    host = f", {safe_name(room.host)}" if room.host else ""
    return f"{room.members} of {room.seats}{host}"
