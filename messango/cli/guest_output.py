"""How guests get into a running room: its server says where it listens, this computer at which addresses.

`description` is the answer to the request `room`.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

from messango.cli.options import can_draw_codes
from messango.discovery.interfaces import listening_addresses
from messango.room.host.host_events import GuestLink
from messango.terminal.host.guest_invite import GuestInvite
from messango.transport.addresses import Address
from messango.web.invite.guest_link import guest_links


def guest_answer(description: Mapping[str, Any], link: GuestLink) -> list[str]:
    """Return the answer to a command about guests as lines for the terminal."""
    invite = GuestInvite(
        lambda: _addresses(description),
        description["fingerprint"],
        columns=lambda: shutil.get_terminal_size().columns,
        draws_codes=can_draw_codes(),
        has_password=lambda: bool(description["password"]),
    )
    return invite.result_lines(link)


def add_links(description: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer's fields with a link for each address of this computer, the best first."""
    key = result["web"]["key"]
    links = guest_links(map(str, _addresses(description)), key) if key else []
    return {**result, "web": {**result["web"], "links": links}}


def _addresses(description: Mapping[str, Any]) -> list[Address]:
    return listening_addresses(description["host"], description["port"])
