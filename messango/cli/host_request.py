"""Asks a running room to do what `messango host` says, and shows the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

import click

from messango.errors import MessangoError
from messango.protocol.password import Password
from messango.protocol.text.command_table import InvalidInput
from messango.protocol.text.escaping import safe_json
from messango.room.host_command_parser import AskPassword, CloseRoom, command_line, parse_command
from messango.room.host_events import INVALID_INPUT, NOT_BANNED, SEVERAL_MEMBERS, UNKNOWN_MEMBER
from messango.room.host_result import result_of
from messango.transport.control.client import (
    ANSWER_TIMEOUT_S,
    RequestFailed,
    RunningRoom,
    ask,
    choose_room,
    running_rooms,
)

#: Closing says goodbye to every member and to the network first.
_CLOSE_TIMEOUT_S: Final = 10.0

#: As in `messango help exit-status`; every other failure is 1.
_STATUS_OF_CODE: Final = {UNKNOWN_MEMBER: 3, NOT_BANNED: 3, SEVERAL_MEMBERS: 2, INVALID_INPUT: 2}


def run_host_command(words: Sequence[str], room: str | None, *, as_json: bool) -> None:
    """Run a command of the table with its arguments in a room; `room` None is the only one.

    Raises `click.UsageError` or a `MessangoError`.
    """
    line = command_line(words)
    command = parse_command(line, ())
    if isinstance(command, InvalidInput):
        # As the room would say it, but also if no room is open.
        raise click.UsageError(command.reason)
    if isinstance(command, AskPassword):
        raise AssertionError("passwords have a function of their own")
    if isinstance(command, CloseRoom):
        _show(words[0], room, "close", {}, as_json=as_json, timeout_s=_CLOSE_TIMEOUT_S)
    else:
        _show(words[0], room, "command", {"line": line}, as_json=as_json)


def run_password_command(choose: Callable[[], Password | None], room: str | None, *, as_json: bool) -> None:
    """Change a room's password to what `choose` returns, once it is known which room; None removes it."""
    chosen = choose_room(running_rooms(), room)
    password = choose()
    secret = None if password is None else password.secret.decode()
    _show("password", chosen.id, "password", {"password": secret}, as_json=as_json)


def _show(
    name: str,
    room: str | None,
    request: str,
    arguments: dict[str, Any],
    *,
    as_json: bool,
    timeout_s: float = ANSWER_TIMEOUT_S,
) -> None:
    """Ask, and print the result; raises a `MessangoError` with the status of what went wrong."""
    chosen: RunningRoom | None = None
    try:
        chosen = choose_room(running_rooms(), room)
        result = ask(chosen, request, arguments, timeout_s)
    except MessangoError as error:
        if isinstance(error, RequestFailed):
            error.exit_status = _STATUS_OF_CODE.get(error.code, 1)
        if as_json:
            _print_json(name, chosen, {"error": _error_fields(error)})
        raise
    if as_json:
        _print_json(name, chosen, result)
        return
    from messango.terminal.host_tables import result_lines

    for line in result_lines(result_of(result)):
        click.echo(line)


def _print_json(name: str, room: RunningRoom | None, fields: dict[str, Any]) -> None:
    place = {"id": room.id if room else None, "room": room.name if room else None}
    document = {"command": name, **place, **fields}
    click.echo(safe_json(json.dumps(document, ensure_ascii=False)))


def _error_fields(error: MessangoError) -> dict[str, str]:
    code = error.code if isinstance(error, RequestFailed) else _CODE_OF_STATUS[error.exit_status]
    return {"code": code, "message": str(error), "hint": error.hint}


#: The codes of what goes wrong before a room is asked, and if it does not answer.
_CODE_OF_STATUS: Final = {1: "failed", 2: "several-rooms", 3: "no-room", 5: "no-answer"}
