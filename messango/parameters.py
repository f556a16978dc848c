"""What the commands' options take beyond words and numbers."""

from __future__ import annotations

import datetime
import time
from typing import Any, Final

import click

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


class IpAddress(click.ParamType[str]):
    """An IPv4 or IPv6 address."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it was typed."""
        from messango.transport.addresses import is_ip

        if not is_ip(value):
            self.fail(f"“{value}” is not an IP address; `messango doctor` lists yours.", param, ctx)
        return str(value)
