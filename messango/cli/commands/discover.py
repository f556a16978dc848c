"""`messango discover`: the rooms on this network."""

from __future__ import annotations

import sys

import click

from messango.cli.network_reason import network_reasons
from messango.cli.options import json_option
from messango.cli.param_types import IpAddress, Number
from messango.signals import watch_reader, watch_terminal


@click.command()
@click.option(
    "--timeout", type=Number(0.1, 3600.0), default=3, show_default=True, help="Seconds to look for rooms."
)
@click.option(
    "--watch", is_flag=True, help="Run until Ctrl-C: + is a new room, = a change, - a room that is gone."
)
@json_option("Print one JSON array; with --watch, one object a line.")
@click.option("--first", is_flag=True, help="Stop at the first room that answers.")
@click.option(
    "--interface",
    "interfaces",
    metavar="ADDRESS",
    multiple=True,
    type=IpAddress(),
    help="Look only on the network of this address of yours. Can be repeated.",
)
def discover(*, timeout: float, watch: bool, as_json: bool, first: bool, interfaces: tuple[str, ...]) -> None:
    """List the rooms on this network, and whether they answer.

    Example: messango discover --first --json
    """
    from messango.app.last_addresses import load_hints
    from messango.cli.commands.trust import link_of, trust_warning
    from messango.cli.room_printer import RoomPrinter
    from messango.discovery.interfaces import configured_addresses

    if not interfaces:
        configured_addresses()  # Raises `BadAddress`: a search would only say that it found nothing.
    printer = RoomPrinter(
        sys.stdout, sys.stderr, as_json, first, interfaces or None, trust_warning, load_hints(), link_of
    )
    if watch:
        watch_terminal()
        watch_reader()
        printer.watch()
    else:
        with network_reasons():
            printer.run_once(timeout)
