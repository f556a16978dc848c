"""The types of the arguments of `messango host`; Tab asks the open rooms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from messango.cli.param_types import KnownRoomName, shell_word
from messango.room.host.host_command_table import GUEST_WORDS, REMOVE_FILE

#: A person who presses Tab does not wait longer for names.
_COMPLETION_TIMEOUT_S: Final = 1.0


class OpenRoomName(KnownRoomName):
    """The name or id of a room that is open on this computer; Tab completes the names."""

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's)
        param: click.Parameter,  # noqa: ARG002 (click's)
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """Return the names of the open rooms that begin with `incomplete`."""
        from messango.errors import MessangoError
        from messango.transport.control.client import running_rooms

        try:
            return _matching_items([room.name for room in running_rooms()], incomplete)
        except MessangoError:
            return []  # The command itself reports the error.


class _Word(click.ParamType[str]):
    """A word of a command, which the room itself reads."""

    name = "text"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002 (click's)
        ctx: click.Context | None,  # noqa: ARG002 (click's)
    ) -> str:
        """Return it as it was typed."""
        return str(value)


class MemberName(_Word):
    """A word of a command that begins with a member's name; Tab asks the room for the names."""

    name = "name"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the names of the members that begin with `incomplete`, for the first word."""
        if ctx.params.get(param.name or ""):
            return []
        return _matching_items([member["name"] for member in _ask(ctx, "who").get("members", ())], incomplete)


class SharedFileWord(_Word):
    """A word after `files`: `remove`, then a file's name; Tab asks the room for the names."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return `remove`, or the names of the files that begin with `incomplete`."""
        typed = ctx.params.get(param.name or "") or ()
        if not typed:
            return _matching_items([REMOVE_FILE], incomplete)
        if [*typed] != [REMOVE_FILE]:
            return []
        return _matching_items([file["name"] for file in _ask(ctx, "files").get("files", ())], incomplete)


class GuestWord(_Word):
    """The word after `web`."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the words that begin with `incomplete`, unless there is one already."""
        return [] if ctx.params.get(param.name or "") else _matching_items(GUEST_WORDS, incomplete)


def _ask(ctx: click.Context, line: str) -> dict[str, Any]:
    """Return what the room answers to a command, or nothing."""
    from messango.errors import MessangoError
    from messango.transport.control.client import ask, choose_room, running_rooms

    outer = ctx.parent.params if ctx.parent else {}
    room: str | None = ctx.params.get("room") or outer.get("room")
    try:
        return ask(choose_room(running_rooms(), room), "command", {"line": line}, _COMPLETION_TIMEOUT_S)
    except MessangoError:
        return {}


def _matching_items(names: Iterable[str], incomplete: str) -> list[CompletionItem[str]]:
    """Return the names that begin with `incomplete`, as words of the shell."""
    from messango.protocol.text.validation import normalized_name, normalized_prefix
    from messango.transport.identity.identity_errors import SHELL_SAFE

    prefix = normalized_prefix(incomplete)
    return [
        CompletionItem(shell_word(name))
        for name in names
        # A stranger chose the name, and a shell could run a command in it.
        if normalized_name(name).startswith(prefix) and SHELL_SAFE.fullmatch(name)
    ]
