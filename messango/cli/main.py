"""The commands: options in, one call, one rendering. What is heavy is imported by whoever needs it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from messango import __version__
from messango.cli.help import help_command
from messango.cli.param_types import IpAddress, KnownRoomName, PasswordFile, Since, prompt_password
from messango.cli.trust import trust, trust_warning
from messango.errors import MessangoError, RoomNotFound

if TYPE_CHECKING:
    from messango.discovery.events import FoundRoom
    from messango.protocol.password import Password

_EXIT_INTERRUPTED = 130


class _CommandGroup(click.Group):
    """The one place where an error becomes a sentence on stderr and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            # A terminal without our characters shows a question mark rather than a traceback.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            return super().invoke(ctx)
        except MessangoError as error:
            from messango.protocol.escaping import safe_text

            # A refusal has the server's own words in it.
            click.echo(f"messango: {safe_text(str(error))}", err=True)
            if error.hint:
                click.echo(safe_text(error.hint), err=True)
            ctx.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo(err=True)
            ctx.exit(_EXIT_INTERRUPTED)


@click.group(
    cls=_CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="messango")
def main() -> None:
    """A chat room for the people on one local network.

    One person opens a room with `messango server`; everybody else joins with `messango gui`
    or `messango chat`. No account, no internet, no address to type.

    `messango help` lists topics to read about: getting started, security, exit statuses and more.
    """


def _room_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add what every face takes: which room, and as whom."""
    command = click.option(
        "--name", envvar="MESSANGO_NAME", help="Your name in the room.  [default: your login name]"
    )(command)
    return click.argument("room", required=False, type=KnownRoomName())(command)


@main.command(short_help="Open a room and keep it open until Ctrl-C.")
@click.option("--name", help="The room's name.  [default: asked for, or this machine's name]")
@click.option("--host", metavar="ADDRESS", help="Listen on this address alone.  [default: every network]")
@click.option("--port", type=click.IntRange(0, 65535), help="[default: 8000, or the next that is free]")
@click.option(
    "--max-clients",
    type=click.IntRange(1, 10_000),
    default=5,
    show_default=True,
    help="How many seats there are.",
)
@click.option(
    "--rate-limit",
    type=click.FloatRange(0, 1_000_000),
    default=20,
    show_default=True,
    help="Messages a second for one member, after a burst of 50; faster ones are slowed. 0: no limit.",
)
@click.option(
    "--history",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep what is said in this file.  [default: one for each room, in Messango's own folder]",
)
@click.option("--no-history", is_flag=True, help="Keep what is said in memory alone.")
@click.option("--password", "asks_password", is_flag=True, help="Ask here for a password that joiners need.")
@click.option("--password-file", "password", type=PasswordFile(), help="Joiners need the password in it.")
@click.option(
    "--allow-plaintext",
    is_flag=True,
    help="Let in clients that do not encrypt, the original one too; everybody is told.",
)
@click.option("--no-advertise", is_flag=True, help="Do not tell the network; others need the address.")
def server(
    *,
    name: str | None,
    host: str | None,
    port: int | None,
    max_clients: int,
    rate_limit: float,
    history: Path | None,
    no_history: bool,
    asks_password: bool,
    password: Password | None,
    allow_plaintext: bool,
    no_advertise: bool,
) -> None:
    """Open a room and keep it open until Ctrl-C; in a terminal, `help` lists what the host can type.

    Example: messango server --name "Table 4" --max-clients 8
    """
    from messango.cli.serve import serve
    from messango.server.server import ServerOptions

    if history is not None and no_history:
        raise click.UsageError("--history and --no-history exclude each other.")
    if asks_password and password is not None:
        raise click.UsageError("--password and --password-file exclude each other.")
    if allow_plaintext and (asks_password or password is not None):
        raise click.UsageError("A password needs encryption, so --allow-plaintext can't go with it.")
    options = ServerOptions(
        name=name if name is not None else _prompt_room_name(),
        password=prompt_password() if asks_password else password,
        host=host,
        port=port,
        seats=max_clients,
        rate_limit=rate_limit,
        allow_plaintext=allow_plaintext,
        keep_history=not no_history,
        history=history,
    )
    serve(options, advertise=not no_advertise, color=_color())


def _prompt_room_name() -> str:
    import socket

    from messango.protocol.limits import MAX_NAME_CHARACTERS

    default = socket.gethostname().partition(".")[0][:MAX_NAME_CHARACTERS] or "Messango"
    if not (sys.stdin and sys.stdin.isatty()):
        return default
    return str(click.prompt("The room's name", default=default, err=True))


@main.command()
@_room_options
def gui(*, room: str | None, name: str | None) -> None:
    """Open the window: pick a room from the list, join, talk.

    ROOM is a room's name, an address (HOST, HOST:PORT, [IPV6]:PORT) or an invite link.

    Example: messango gui "Table 4" --name Ann
    """
    from messango.gui.app import run

    sys.exit(run(room, name))


@main.command()
@_room_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, in and out.")
@click.option(
    "--password-file", "password", type=PasswordFile(), help="The room's password.  [default: asked for]"
)
def chat(*, room: str | None, name: str | None, as_json: bool, password: Password | None) -> None:
    """Join a room in the terminal, or pipe messages into it.

    ROOM is a room's name, an address (HOST, HOST:PORT, [IPV6]:PORT) or an invite link; without it
    the only open room is joined, or you choose.

    Example: make 2>&1 | messango chat "Table 4" --name build
    """
    from messango.app.join import client_from_input
    from messango.storage import default_user_name

    interactive = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    user_name = name or default_user_name()
    client = client_from_input(
        room, user_name, _choose_room, password=password, prompt_for_password=interactive
    )
    if not interactive:
        from messango.terminal.pipe import run_pipe

        sys.exit(run_pipe(client, sys.stdin, sys.stdout, sys.stderr, as_json=as_json))
    from messango.cli.closed_room import chat_until_closed
    from messango.terminal.chat import run_chat

    sys.exit(
        chat_until_closed(
            client, lambda joined, message_log: run_chat(joined, color=_color(), message_log=message_log)
        )
    )


def _choose_room(rooms: Sequence[FoundRoom]) -> FoundRoom:
    """Let a person choose; a program has to name the room."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        names = ", ".join(room.name for room in rooms)
        raise RoomNotFound(f"There are several rooms: {names}.", 'Name one: messango chat "Table 4"')
    for number, room in enumerate(rooms, 1):
        click.echo(f"{number:>3}  {room.name}  ({room.members} of {room.seats}, {room.host})", err=True)
    return rooms[click.prompt("Which room", type=click.IntRange(1, len(rooms)), default=1, err=True) - 1]


@main.command()
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=3,
    show_default=True,
    help="Seconds to look for rooms.",
)
@click.option(
    "--watch", is_flag=True, help="Go on until Ctrl-C: + for a new room, = for a change, - for the end."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON array; with --watch one object a line.")
@click.option("--first", is_flag=True, help="End at the first room that answers.")
@click.option(
    "--interface",
    "interfaces",
    metavar="ADDRESS",
    multiple=True,
    type=IpAddress(),
    help="Look on the network of this address of yours.",
)
def discover(*, timeout: float, watch: bool, as_json: bool, first: bool, interfaces: tuple[str, ...]) -> None:
    """List the rooms on this network, and whether they answer.

    Example: messango discover --first --json
    """
    from messango.cli import discover

    command = discover.DiscoverCommand(
        sys.stdout, sys.stderr, as_json, first, interfaces or None, trust_warning
    )
    if watch:
        command.watch()
    else:
        command.run_once(timeout)


@main.command(short_help="Print what was said in a room of this machine.")
@click.argument("room", metavar="ROOM|FILE")
@click.option("--since", type=Since(), default="0", help="Only what was said since: 2026-11-22, 30m, 2h, 3d.")
@click.option("--search", metavar="WORDS", help="Only messages that have all these words.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
)
def history(*, room: str, since: tuple[int, float], search: str | None, format_name: str) -> None:
    """Print what was said in a room that this machine hosts, also while it is open.

    Example: messango history "Table 4" --search "lunch" --since 2d
    """
    from messango.app.export import FORMATS
    from messango.room.history_reader import HistoryReader, find_history

    after_seq, after_time_s = since
    with HistoryReader(find_history(room)) as archive:
        if search is None:
            found = archive.messages(after_seq=after_seq, after_time_s=after_time_s)
        else:
            found = archive.search(search, after_seq=after_seq, after_time_s=after_time_s)
        for line in FORMATS[format_name](archive.room_name, found):
            click.echo(line)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array of findings.")
def doctor(*, as_json: bool) -> None:
    """Say why no room is seen, cause by cause, each with its cure.

    Example: messango doctor
    """
    from messango.doctor.report import run_doctor

    sys.exit(run_doctor(sys.stdout, as_json=as_json, color=_color()))


main.add_command(trust)
main.add_command(help_command)


def _color() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
