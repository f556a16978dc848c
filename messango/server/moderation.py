"""The host's hand in an open room: what a terminal or a window may ask of it."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
from collections.abc import Callable

from messango.protocol.escaping import safe_line
from messango.room.moderation import Moderation, ModerationError
from messango.room.remote_peer import Network, contains, parse_network, single_address
from messango.room.room import Room
from messango.server.ban_store import BanStore
from messango.server.host_events import (
    BanList,
    CommandDone,
    CommandFailed,
    MemberList,
    ServerEvent,
    ServerWarning,
)
from messango.server.request_queue import RequestQueue, RoomCall

logger = logging.getLogger(__name__)


class RoomModeration:
    """`Server.moderation`: each method is for any thread and never waits.

    Each is answered by one event on `Server.events`, when the room has done it or can't: `CommandDone` or
    `CommandFailed` with a sentence for the host, `MemberList` for `who`, `BanList` for `bans`. Who goes for
    it is told besides, as `HostMemberLeft`. A `name` may be in any case, and may be the beginning of one
    where
    that fits one member alone.
    """

    def __init__(
        self, request_queue: RequestQueue, ban_store: BanStore, publish: Callable[[ServerEvent], None]
    ) -> None:
        self._request_queue = request_queue
        self._ban_store = ban_store
        self._publish = publish

    def kick(self, name: str, reason: str = "") -> None:
        """Send a member out. Its session does not get back in; it may join anew, as a newcomer."""
        self._run_in_room(lambda moderation: moderation.kick(name, reason))

    def ban(self, name: str, seconds: float | None = None, reason: str = "") -> None:
        """Keep somebody out, for good or for so long, also when the server starts again.

        That is the name, and of a member or of somebody who has just left the address and the session
        too; but not the address of the host's own machine.
        """
        self._run_in_room(lambda moderation: moderation.ban(name, seconds, reason))

    def ban_address(self, address: str, seconds: float | None = None, reason: str = "") -> None:
        """Keep out an IP address, or a network such as 192.168.7.0/24; members there are sent out.

        An IPv6 address stands for its /64, unless this machine is in that too. Raises `ValueError`
        where it is no address.
        """
        network = parse_network(address)
        if network.version == 6 and "/" not in address and _includes_this_machine(network):
            network = single_address(address)
        self._run_in_room(
            lambda moderation: moderation.ban_network(network, seconds, reason) + _self_ban_warning(network)
        )

    def unban(self, target: str) -> None:
        """Let in again whoever is kept out by this name, address or network."""
        self._run_in_room(lambda moderation: moderation.unban(target))

    def lock(self) -> None:
        """Let nobody new in: who has a seat, or had one, may come back. `RoomInfo.locked` tells."""
        self._run_in_room(lambda moderation: moderation.lock())

    def unlock(self) -> None:
        """Let newcomers in again."""
        self._run_in_room(lambda moderation: moderation.unlock())

    def announce(self, text: str) -> None:
        """Say something to everybody, under a name that no member can have (`HOST_NAME`)."""
        self._run_in_room(lambda moderation: moderation.announce(text))

    def who(self) -> None:
        """Ask who has a seat, from where and since when; answered by `MemberList`."""
        self._run_in_room(lambda moderation: MemberList(moderation.who()))

    def bans(self) -> None:
        """Ask who is banned; answered by `BanList`."""
        self._run_in_room(lambda moderation: BanList(moderation.bans()))

    def _run_in_room(self, action: Callable[[Moderation], str | MemberList | BanList]) -> None:
        self._request_queue.put(RoomCall(lambda room: self._execute(room, action)))

    # The thread that owns the room.

    def _execute(self, room: Room, action: Callable[[Moderation], str | MemberList | BanList]) -> None:
        try:
            result = action(Moderation(room))
        except ModerationError as error:
            self._publish(CommandFailed(safe_line(str(error))))
            return
        self._save_bans(room)
        self._publish(CommandDone(safe_line(result)) if isinstance(result, str) else result)

    def _save_bans(self, room: Room) -> None:
        try:
            self._ban_store.save(room.admission.bans)
        except OSError as error:
            logger.warning("the bans could not be written: %s", error)
            reason = f"The bans can't be written to the disk ({error.strerror or error})."
            self._publish(ServerWarning(f"{reason} They hold until the room is closed."))


def _self_ban_warning(network: Network) -> str:
    if not _includes_this_machine(network):
        return ""
    return " This machine is in it too: who joins from here may be kept out until `unban`."


def _includes_this_machine(network: Network) -> bool:
    """Tell whether this machine has an address in the network, or none but it leads there."""
    if network.is_loopback or network.prefixlen == 0:
        return True
    family = socket.AF_INET if network.version == 4 else socket.AF_INET6
    # Connecting a datagram socket sends nothing, and tells which address of ours would be used.
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.connect((str(_sample_address(network)), 9))
        return contains(network, sock.getsockname()[0])
    return False


def _sample_address(network: Network) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return an address in the network, where there are several not the first: that is nobody's."""
    return network[min(1, network.num_addresses - 1)]
