"""Asks a running room to do what `messango host` says, and shows the answer."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import click

from messango.errors import MessangoError
from messango.protocol.password import Password
from messango.protocol.text.command_table import InvalidInput
from messango.protocol.text.escaping import safe_json
from messango.room.host.host_command_parser import AskPassword, CloseRoom, command_line, parse_command
from messango.room.host.host_events import (
    INVALID_INPUT,
    NOT_BANNED,
    SEVERAL_MEMBERS,
    UNKNOWN_FILE,
    UNKNOWN_MEMBER,
    GuestLink,
)
from messango.room.host.host_result import Result, result_of
from messango.transport.control.client import (
    RequestFailed,
    RunningRoom,
    ask,
    choose_room,
    running_rooms,
)

#: Closing says goodbye to every member and to the network first.
_CLOSE_TIMEOUT_S: Final = 10.0

#: As in `messango help exit-status`; every other failure is 1.
_STATUS_OF_CODE: Final = {
    UNKNOWN_MEMBER: 3,
    UNKNOWN_FILE: 3,
    NOT_BANNED: 3,
    SEVERAL_MEMBERS: 2,
    INVALID_INPUT: 2,
}


def run_host_command(words: Sequence[str], room: str | None, *, as_json: bool) -> None:
    """Run a command of the table with its arguments in a room; `room` None is the only one.

    Raises `click.UsageError` or a `MessangoError`.
    """
    line = command_line(words)
    asked = _Asked(words[0], as_json=as_json)
    with asked.failures_as_json():
        command = parse_command(line, ())
        if isinstance(command, InvalidInput):
            # As the room would say it, but also if no room is open.
            raise click.UsageError(command.reason)
        if isinstance(command, AskPassword):
            raise AssertionError("passwords have a function of their own")
        asked.room = choose_room(running_rooms(), room)
        if isinstance(command, CloseRoom):
            asked.show(ask(asked.room, "close", {}, _CLOSE_TIMEOUT_S))
        else:
            asked.show(ask(asked.room, "command", {"line": line}))


def run_password_command(choose: Callable[[], Password | None], room: str | None, *, as_json: bool) -> None:
    """Change a room's password to what `choose` returns, once it is known which room; None removes it."""
    asked = _Asked("password", as_json=as_json)
    with asked.failures_as_json():
        asked.room = choose_room(running_rooms(), room)
        password = choose()
        secret = None if password is None else password.secret.decode()
        asked.show(ask(asked.room, "password", {"password": secret}))


@dataclass
class _Asked:
    """A command that goes to a room, which is None until it is known."""

    name: str
    room: RunningRoom | None = None
    as_json: bool = field(kw_only=True)

    @contextlib.contextmanager
    def failures_as_json(self) -> Iterator[None]:
        """Print a failure for programs too, and pass it on with the status of what went wrong."""
        try:
            yield
        except (MessangoError, click.UsageError) as error:
            if isinstance(error, RequestFailed):
                error.exit_status = _STATUS_OF_CODE.get(error.code, 1)
            if self.as_json:
                self._print_json({"error": _error_fields(error)})
            raise

    def show(self, result: dict[str, Any]) -> None:
        """Print the result."""
        # What only some commands need is imported here.
        if self.as_json:
            if "web" in result:
                from messango.cli.guest_output import add_links

                result = add_links(self._describe_room(), result)
            self._print_json(result)
        else:
            for line in self._lines(result_of(result)):
                click.echo(line)

    def _lines(self, result: Result) -> list[str]:
        if isinstance(result, GuestLink):
            from messango.cli.guest_output import guest_answer

            return guest_answer(self._describe_room(), result)
        from messango.terminal.host.host_tables import result_lines

        return result_lines(result)

    def _describe_room(self) -> dict[str, Any]:
        if self.room is None:
            raise AssertionError("only a room has results")
        return ask(self.room, "room")

    def _print_json(self, fields: dict[str, Any]) -> None:
        place = (
            {"id": None, "room": None} if self.room is None else {"id": self.room.id, "room": self.room.name}
        )
        document = {"command": self.name, **place, **fields}
        click.echo(safe_json(json.dumps(document, ensure_ascii=False)))


def _error_fields(error: MessangoError | click.UsageError) -> dict[str, str]:
    if isinstance(error, click.UsageError):
        return {"code": INVALID_INPUT, "message": error.message, "hint": ""}
    code = (
        error.code if isinstance(error, RequestFailed) else _CODE_OF_STATUS.get(error.exit_status, "failed")
    )
    return {"code": code, "message": str(error), "hint": error.hint}


#: The codes of what goes wrong before a room is asked, and if it does not answer.
_CODE_OF_STATUS: Final = {1: "failed", 2: "several-rooms", 3: "no-room", 5: "no-answer"}
