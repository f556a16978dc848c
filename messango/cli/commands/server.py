"""`messango server`: open a room."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from messango.cli.options import use_color
from messango.cli.param_types import Name, Number, PasswordFile, prompt_password
from messango.cli.server_param_types import OFF, Age, FileLimit, HistoryFile, ListenAddress, Off
from messango.protocol.limits import MAX_SEATS

if TYPE_CHECKING:
    from messango.protocol.password import Password


@click.command(short_help="Open a room and keep it open until Ctrl-C.")
@click.option("--name", type=Name(), help="The room's name.  [default: asked for, or this computer's name]")
@click.option(
    "--host",
    metavar="ADDRESS",
    type=ListenAddress(),
    help="Listen on this address only.  [default: every network]",
)
@click.option("--port", type=Number(0, 65535), help="TCP port.  [default: 8000, or the next free one]")
@click.option(
    "--max-clients", type=Number(1, MAX_SEATS), default=5, show_default=True, help="Number of seats."
)
@click.option(
    "--rate-limit",
    type=Number(0.0, 1_000_000.0),
    default=20,
    show_default=True,
    help="Messages a second from one member, after a burst of 50; faster ones are slowed down. 0: no limit.",
)
@click.option(
    "--history",
    type=HistoryFile(),
    help="Store the conversation in this file.  [default: one for each room, in Messango's folder]",
)
@click.option("--no-history", is_flag=True, help="Keep the conversation in memory only.")
@click.option(
    "--files",
    metavar="SIZE|off",
    type=FileLimit(),
    default="200MB",
    show_default=True,
    help="The largest file that members can send; ten times that is kept in all. off: no files.",
)
@click.option(
    "--keep-files", "keep_files_s", type=Age(), default="7d", show_default=True, help="How long files stay."
)
@click.option(
    "--password", "asks_password", is_flag=True, help="Ask here for a password that everybody needs to join."
)
@click.option(
    "--password-file", "password", type=PasswordFile(), help="Require the password stored in this file."
)
@click.option(
    "--allow-plaintext",
    is_flag=True,
    help="Let in clients that do not encrypt, such as the original one; members are warned.",
)
@click.option(
    "--identity",
    type=click.Choice(["keep", "new"]),
    help="If Messango's folder was copied from another computer: keep the identity, or make a new one.",
)
@click.option(
    "--web", is_flag=True, help="Let guests join from the browser of a phone: prints a QR code for them."
)
@click.option(
    "--link",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Be one of several servers of one room: with the file that the first one has written.",
)
@click.option(
    "--link-host", is_flag=True, help="Be the first of several servers of one room: writes the file for them."
)
@click.option("--no-advertise", is_flag=True, help="Do not announce the room; others join by address.")
def server(
    *,
    name: str | None,
    host: str | None,
    port: int | None,
    max_clients: int,
    rate_limit: float,
    history: Path | None,
    no_history: bool,
    files: int | Off,
    keep_files_s: float,
    asks_password: bool,
    password: Password | None,
    allow_plaintext: bool,
    identity: str | None,
    web: bool,
    link: Path | None,
    link_host: bool,
    no_advertise: bool,
) -> None:
    """Open a room and keep it open until Ctrl-C. In a terminal, type `help` for the host's commands.

    Example: messango server --name "Table 4" --max-clients 8
    """
    from messango.cli.server_terminal import serve
    from messango.server.server_options import ServerOptions
    from messango.transport.identity.host_identity import IdentityChoice

    if history is not None and no_history:
        raise click.UsageError("--history and --no-history can't be used together.")
    if asks_password and password is not None:
        raise click.UsageError("--password and --password-file can't be used together.")
    if allow_plaintext and (asks_password or password is not None):
        raise click.UsageError("A password needs encryption, so it can't be used with --allow-plaintext.")
    if web:
        from messango.web.extra import require_web

        require_web()  # Before the host is asked for anything.
    link_choice = None
    if link is not None or link_host:
        from messango.cli.link_options import choose_link

        name, link_choice = choose_link(
            name, link, host, is_engine_host=link_host, keeps_history=not no_history
        )
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
        files=None if files is OFF else files,
        keep_files_s=keep_files_s,
        identity=IdentityChoice(identity) if identity else None,
        web=web,
        link=link_choice,
    )
    serve(options, advertise=not no_advertise, color=use_color())


def _prompt_room_name() -> str:
    from messango.protocol.limits import MAX_NAME_CHARACTERS
    from messango.storage import machine_name

    default = machine_name()[:MAX_NAME_CHARACTERS] or "Messango"
    if not sys.stdin.isatty():
        return default
    return str(click.prompt("The room's name", default=default, err=True))
