"""`messango host`: control a room that is open on this computer, also one without a terminal.

One subcommand for each row of the table of the host's commands; the room's server runs them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from messango.cli.host_param_types import GuestWord, MemberName, OpenRoomName, SharedFileWord
from messango.cli.options import json_option
from messango.cli.param_types import PasswordFile, prompt_password
from messango.room.host.host_command_table import HOST_COMMANDS, NAME_COMMANDS, NO_PASSWORD, HostCommandRow

if TYPE_CHECKING:
    from messango.protocol.password import Password

_Command = TypeVar("_Command", bound=Callable[..., Any])

#: Subcommands with texts: a word in them may begin with a hyphen.
_FREE_TEXT: Final = {"ignore_unknown_options": True}


def _shared_options(command: _Command) -> _Command:
    """Add --room and --json, which may stand before the subcommand and after it."""
    room = click.option(
        "--room", type=OpenRoomName(), help="The room's name or id.  [default: the only one that is open]"
    )
    return room(json_option("Print one JSON object.")(command))


class _HostGroup(click.Group):
    """Lists its commands in the order of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's)
        return [row.name for row in HOST_COMMANDS]


@click.group(cls=_HostGroup, short_help="Control a room that is open here: kick, ban, lock, close.")
@_shared_options
@click.pass_context
def host(context: click.Context, *, room: str | None, as_json: bool) -> None:
    """Control a room that you have opened on this computer, with a server or a window.

    The server needs no terminal. Only this user's programs, with the same Messango folder, can do this.

    Example: messango host kick Ann "too loud"
    """
    context.obj = (room, as_json)


def _add_command(row: HostCommandRow) -> None:
    @_shared_options
    @click.pass_context
    def run(context: click.Context, *, room: str | None, as_json: bool, words: tuple[str, ...] = ()) -> None:
        from messango.cli.host_request import run_host_command

        outer_room, outer_json = context.obj
        run_host_command([row.name, *words], room or outer_room, as_json=as_json or outer_json)

    if row.argument:
        word_type = _word_type(row)
        run = click.argument("words", nargs=-1, metavar=row.argument, type=word_type)(run)
    example = f"\n\nExample: messango host {row.example or row.name}"
    host.command(
        row.name,
        short_help=_sentence(row.summary),
        help=f"{_sentence(row.summary)}{example}",
        context_settings=_FREE_TEXT if row.argument else None,
    )(run)


def _word_type(row: HostCommandRow) -> click.ParamType[str] | None:
    """Return what Tab completes after this command."""
    if row.name in NAME_COMMANDS:
        return MemberName()
    if row.name == "web":
        return GuestWord()
    return SharedFileWord() if row.name == "files" else None


def _sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."


for _row in HOST_COMMANDS:
    if _row.name != "password":
        _add_command(_row)


@host.command(short_help="Ask for a new password, or remove it; members stay.")
@_shared_options
@click.option("--password-file", "password", type=PasswordFile(), help="Read the new password from a file.")
@click.option(NO_PASSWORD, "removes", is_flag=True, help="Remove the password.")
@click.argument("extra", nargs=-1, metavar="")
@click.pass_context
def password(
    context: click.Context,
    *,
    room: str | None,
    as_json: bool,
    password: Password | None,
    removes: bool,
    extra: tuple[str, ...],
) -> None:
    """Ask here for a new password, twice; or remove the password.

    The members stay and keep their seats. Newcomers need the new password.

    Example: messango host password
    """
    from messango.cli.host_request import run_password_command

    def choose() -> Password | None:
        if extra:
            raise click.UsageError(
                "A password is never an argument, because others on this computer could read it. Leave it "
                "out: Messango asks for it. In a script, use --password-file FILE."
            )
        if removes and password is not None:
            raise click.UsageError(f"{NO_PASSWORD} and --password-file can't be used together.")
        if not removes and password is None and not sys.stdin.isatty():
            raise click.UsageError(
                f"There is no terminal to ask for the password. Use --password-file FILE, or {NO_PASSWORD}."
            )
        return None if removes else password or prompt_password()

    outer_room, outer_json = context.obj
    run_password_command(choose, room or outer_room, as_json=as_json or outer_json)
