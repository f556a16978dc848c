"""Runs the host's commands in the room, saves the bans, and publishes the results."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
from collections.abc import Callable

from messango.room.host.host_command import HostCommand, run_command
from messango.room.host.host_events import CommandResult, RoomEvent, ServerWarning
from messango.room.moderation import Moderation, RoomPassword
from messango.room.peer import Network, contains
from messango.room.room import Room
from messango.server.ban_store import BanStore

logger = logging.getLogger(__name__)


class CommandRunner:
    """Runs host commands; for the room thread."""

    def __init__(
        self, ban_store: BanStore, password: RoomPassword, publish: Callable[[RoomEvent], None]
    ) -> None:
        self._ban_store = ban_store
        self._password = password
        self._publish = publish

    def run(self, command: HostCommand, room: Room) -> None:
        """Run a command, save the bans if they changed, and publish the result."""
        self._publish(self.apply(command, room))

    def apply(self, command: HostCommand, room: Room) -> CommandResult:
        """Run a command and save the bans if they changed; return the result."""
        moderation = Moderation(room, includes_this_computer, self._password, guest_obstacle)
        result = run_command(command, moderation)
        self._save_bans(room)
        return result

    def _save_bans(self, room: Room) -> None:
        try:
            self._ban_store.save(room.admission.bans)
        except OSError as error:
            logger.warning("the bans could not be written: %s", error)
            reason = f"The bans can't be written to the disk ({error.strerror or error})."
            self._publish(ServerWarning(f"{reason} They apply until the room closes."))


def guest_obstacle() -> str:
    """Return why this server can't admit guests from the browser, or "" if it can."""
    # Imported here because most rooms never have such guests.
    from messango.web import extra

    return extra.guest_obstacle()


def includes_this_computer(network: Network) -> bool:
    """Return whether this computer has an address in the network, or the network contains every address."""
    if network.is_loopback or network.prefixlen == 0:
        return True
    family = socket.AF_INET if network.version == 4 else socket.AF_INET6
    # Connecting a datagram socket sends nothing, but it selects the local address that would be used.
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.connect((str(_sample_address(network)), 9))
        return contains(network, sock.getsockname()[0])
    return False


def _sample_address(network: Network) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return an address in the network: the second if there is one, as the first names the network."""
    return network[min(1, network.num_addresses - 1)]
