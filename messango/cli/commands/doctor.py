"""`messango doctor`: why no room appears, or why one room can't be reached."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from messango.cli.options import json_option, use_color

if TYPE_CHECKING:
    from messango.doctor.findings import Finding
    from messango.doctor.way.room_search import RoomTarget


@click.command()
@click.argument("room", required=False)
@json_option("Print one JSON array of findings.")
def doctor(*, room: str | None, as_json: bool) -> None:
    """Find out why no room appears, and what to do about it.

    With ROOM, a room's name, an address or an invite link, examine the way to that room step by step, and
    name the first step that is broken. With the file of a linked room, such as Hall.link, examine the way to
    its engine.

    Example: messango doctor "Table 4"
    """
    from messango.doctor.report import run_doctor

    sys.exit(run_doctor(sys.stdout, as_json=as_json, color=use_color(), findings=_findings(room)))


def _findings(room: str | None) -> Iterable[Finding]:
    if room is not None and room.casefold().endswith(".link"):
        from messango.cli.link_target import link_findings

        return link_findings(Path(room))
    if room is not None:
        from messango.doctor.way.room_way import check_way

        return check_way(_target(room))
    from messango.cli.network_reason import rooms_of_earlier_visits
    from messango.doctor.all_checks import all_checks, run_checks

    return run_checks(all_checks(known=rooms_of_earlier_visits()))


def _target(text: str) -> RoomTarget:
    """Return the room that a person means, with what the last visits left; raises `BadAddress`."""
    from messango.client.trust.known_rooms import KnownRooms
    from messango.discovery.interfaces import configured_addresses
    from messango.doctor.way.room_search import RoomTarget
    from messango.transport.addresses import may_be_room_name, parse_address, parse_address_or_invite

    configured_addresses()
    text = text.strip()
    known_rooms = KnownRooms.load()
    named = known_rooms.all_named(text)
    if by_id := known_rooms.by_id(text):
        named = [by_id]
    if not named and (invite := parse_address_or_invite(text)) and not may_be_room_name(text):
        return RoomTarget(text, (invite.address,), invite.fingerprint or "")
    if named:
        return RoomTarget(text, tuple(named[0].addresses), named[0].fingerprint, is_name=True)
    if "." in text or text.casefold() == "localhost":
        return RoomTarget(text, (parse_address(text),))
    return RoomTarget(text, is_name=True)
