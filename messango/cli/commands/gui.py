"""`messango gui`: the window."""

from __future__ import annotations

import sys

import click

from messango.cli.options import room_options


@click.command()
@room_options("the one you used last, or your login name")
def gui(*, room: str | None, name: str | None) -> None:
    """Open the window: pick a room from the list, join, talk.

    ROOM is a room's name, an address (HOST, HOST:PORT, [IPV6]:PORT) or an invite link.

    Example: messango gui "Table 4" --name Ann
    """
    from messango.gui.app import run
    from messango.storage import as_text

    sys.exit(run(room, name and as_text(name)))
