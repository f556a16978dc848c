"""The options `--link` and `--link-host` of `messango server`."""

from __future__ import annotations

from pathlib import Path

import click

from messango.discovery.interfaces import advertised_addresses
from messango.link.extra import require_link
from messango.link.link_choice import LinkChoice
from messango.link.link_file import read_link_file


def choose_link(
    name: str | None, file: Path | None, host: str | None, *, is_engine_host: bool, keeps_history: bool
) -> tuple[str | None, LinkChoice]:
    """Return the room's name, which the file says if the host has not, and how the server is linked.

    Raises `click.UsageError`, `ExtraMissing`, `LinkUnusable` or `BadAddress`: before the host is asked for
    anything.
    """
    option = "--link" if file is not None else "--link-host"
    if file is not None and is_engine_host:
        raise click.UsageError(
            "--link and --link-host can't be used together: one server has the engine, the others its file."
        )
    if not keeps_history:
        raise click.UsageError(
            f"{option} and --no-history can't be used together: a linked room is in each server's history."
        )
    require_link()
    if file is not None:
        return name or read_link_file(file).name, LinkChoice(file.absolute())
    return name, LinkChoice(folder=Path.cwd(), addresses=tuple(advertised_addresses(host)))
