"""What the commands' options take beyond words and numbers."""

from __future__ import annotations

import datetime
import os
import time
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

_UNITS_S: Final = {"m": 60, "h": 3_600, "d": 86_400}


class Since(click.ParamType[tuple[int, float]]):
    """A date, a date and time, a time ago, or a message's number.

    Gives the number of the last message that is not wanted, and a time in seconds since 1970 UTC.
    """

    name = "when"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, float]:
        """Return the two, of which one is 0."""
        if isinstance(value, tuple):
            return value
        if value.isdecimal():
            return int(value), 0.0
        if value[:-1].isdecimal() and value[-1:] in _UNITS_S:
            return 0, time.time() - int(value[:-1]) * _UNITS_S[value[-1]]
        try:
            return 0, datetime.datetime.fromisoformat(value).astimezone().timestamp()
        except (ValueError, OverflowError, OSError):
            self.fail(f"“{value}” is no time: give 2026-11-22, 2026-11-22T14:00, 30m, 2h or 3d.", param, ctx)


class KnownRoomName(click.ParamType[str]):
    """A room's name or id; Tab offers those of the rooms that this person knows."""

    name = "room"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 (click's)
        """Return it as it was typed: what is not known yet may be found."""
        return str(value)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's)
        param: click.Parameter,  # noqa: ARG002 (click's)
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """Return the names that begin so, the last visited first."""
        from messango.client.known_rooms import KnownRooms
        from messango.errors import HARMLESS_IN_A_SHELL, MessangoError

        try:
            rooms = KnownRooms.load().all()
        except MessangoError:
            return []  # The command itself says what is wrong.
        begun = incomplete.casefold()
        return [
            CompletionItem(_as_word(room.name), help=room.id)
            for room in rooms
            # A stranger chose the name, and a shell would run what is in it.
            if room.name.casefold().startswith(begun) and HARMLESS_IN_A_SHELL.fullmatch(room.name)
        ]


def _as_word(name: str) -> str:
    """Return a name as one word of the shell that asks; bash alone does not see to that itself."""
    in_bash = os.environ.get("_MESSANGO_COMPLETE", "").startswith("bash")
    return name.replace(" ", "\\ ") if in_bash else name


class IpAddress(click.ParamType[str]):
    """An IPv4 or IPv6 address."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it was typed."""
        from messango.transport.addresses import is_ip

        if not is_ip(value):
            self.fail(f"“{value}” is not an IP address; `messango doctor` lists yours.", param, ctx)
        return str(value)
