"""The types of the options of `messango server`."""

from __future__ import annotations

import enum
import os
import re
from pathlib import Path
from typing import Any, Final

import click

from messango.cli.param_types import SECONDS_PER_UNIT
from messango.protocol.text.escaping import excerpt

#: Decimal, as file managers and drives have them; `KiB` and the like are bytes by 1,024.
_BYTES_PER_UNIT: Final = {
    "": 1,
    **{f"{prefix}{end}": 1_000**power for power, prefix in enumerate("kmgt", 1) for end in ("", "b")},
    **{f"{prefix}ib": 1_024**power for power, prefix in enumerate("kmgt", 1)},
    "b": 1,
}
_SIZE: Final = re.compile(
    r"(?P<number>[0-9]{1,15}(\.[0-9]{1,3})?)\s*(?P<unit>[kmgt]?b?|[kmgt]ib)", re.IGNORECASE
)
_AGE: Final = re.compile(r"(?P<number>[0-9]{1,4})\s*(?P<unit>[mhd])", re.IGNORECASE)


class Off(enum.Enum):
    """The word that switches something off."""

    OFF = "off"


OFF: Final = Off.OFF


class FileLimit(click.ParamType["int | Off"]):
    """A number of bytes such as 200MB, 1G or 500k, or `off`."""

    name = "size|off"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | Off:
        """Return the bytes, in decimal units as file managers have them, or `OFF`."""
        from messango.protocol.limits import MAX_FILE_BYTES

        if isinstance(value, (int, Off)):
            return value
        if value.strip().lower() == OFF.value:
            return OFF
        match = _SIZE.fullmatch(value.strip())
        size = float(match["number"]) * _BYTES_PER_UNIT[match["unit"].lower()] if match else 0
        if match is None:
            self.fail(f"“{excerpt(value)}” is not a size. Use 200MB, 1G, 500k or off.", param, ctx)
        if not 1 <= size <= MAX_FILE_BYTES:
            self.fail(f"A limit of {excerpt(value)} is not possible. Use off for no files.", param, ctx)
        return int(size)


class Age(click.ParamType[float]):
    """A time such as 7d, 12h or 30m, in seconds."""

    name = "age"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the seconds."""
        if isinstance(value, float):
            return value
        match = _AGE.fullmatch(value.strip())
        seconds = float(int(match["number"]) * SECONDS_PER_UNIT[match["unit"].lower()]) if match else 0.0
        if not seconds:
            self.fail(f"“{excerpt(value)}” is not a time. Use 7d, 12h or 30m.", param, ctx)
        return seconds


class HistoryFile(click.Path):
    """The path of a file, which need not exist yet."""

    def __init__(self) -> None:
        super().__init__(readable=False, path_type=Path)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path."""
        if not value:
            self.fail("The name of the file is empty.", param, ctx)
        return super().convert(value, param, ctx)


class ListenAddress(click.ParamType[str]):
    """An address or a host name of this computer, without a port."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it without the brackets around an IPv6 address."""
        from messango.errors import BadAddress
        from messango.transport.addresses import is_ip, parse_address, require_scope

        host = value.strip()
        if not host:
            self.fail("The address is empty. Leave out --host to listen on every network.", param, ctx)
        if set(host) <= set("0123456789.") and not is_ip(host):
            self.fail(
                f"“{excerpt(host)}” is not a valid IP address. `messango doctor` lists yours.", param, ctx
            )
        try:
            address = parse_address(host)
            require_scope(address.host)
        except BadAddress as error:
            self.fail(str(error), param, ctx)
        if host not in (address.host, f"[{address.host}]"):
            self.fail(f"“{excerpt(value)}” has a port in it. Choose the port with --port.", param, ctx)
        return address.host
