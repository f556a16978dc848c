"""What can be seen of the network around one room, or of none: the recognizers decide from it alone."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from messango.doctor.firewall.packet_filter import Ruleset
from messango.transport.addresses import Address, is_ip, without_scope
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.networks.interfaces import Interface
from messango.transport.networks.own_networks import OwnNetworks

#: Somebody on the way said no; that may have been this computer's own packet filter.
_TURNED_AWAY: Final = frozenset({FailureKind.REFUSED, FailureKind.REJECTED})

#: Nothing came back, as far as one attempt can tell.
UNANSWERED: Final = frozenset(
    {FailureKind.NO_ANSWER, FailureKind.HOST_UNREACHABLE, FailureKind.NO_ROUTE, FailureKind.BLOCKED_HERE}
)


@dataclass(frozen=True, slots=True)
class Route:
    """The way that the system would choose to an address: by which interface, through which router or "".

    `table` is the routing table that was looked up: another than `main` if a rule of a VPN chose it.
    """

    interface: str
    gateway: str = ""
    table: str = "main"


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What this system tells beside its addresses; empty where it tells nothing.

    `neighbors` says which addresses of our own networks answered when they were asked for their hardware
    address (ARP), which may be a while ago; `confirmed_s` says how many seconds, None if that is not known.
    `inside` says in what Messango runs.
    """

    neighbors: Mapping[str, bool] = field(default_factory=dict)
    gateways: Sequence[str] = ()
    find_route: Callable[[str], Route | None] = lambda _: None
    confirmed_s: Callable[[str], float | None] = lambda _: None
    inside: Literal["", "container", "WSL"] = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Own networks, the addresses of a room if one is wanted, and what the attempts to reach it met.

    `heard`: whether the room's announcement was received now; None if nobody listened for it. `ruleset` is
    this computer's packet filter, None if it could not be read. `deaf` is an own address on whose network
    this computer does not even hear itself by mDNS. `limit` are the addresses in `MESSANGO_INTERFACES`.
    """

    own: OwnNetworks
    rooms: tuple[Address, ...] = ()
    attempts: tuple[DialAttempt, ...] = ()
    heard: bool | None = None
    facts: HostFacts = field(default_factory=HostFacts)
    system: str = sys.platform
    ruleset: Ruleset | None = None
    deaf: Interface | None = None
    limit: tuple[str, ...] = ()

    @property
    def lan(self) -> list[Interface]:
        """The own IPv4 addresses on networks of the LAN kind that are plugged in."""
        return [
            interface
            for interface in self.own.interfaces
            if interface.kind == "lan" and interface.has_carrier and not interface.is_ipv6
        ]

    @property
    def room_ipv4(self) -> list[str]:
        """The room's IPv4 addresses that are not ours, loopback left out."""
        literals = (address.host for address in self.rooms if is_ip(address.host) and ":" not in address.host)
        return [literal for literal in dict.fromkeys(literals) if not self.own.is_own(literal)]

    def attempts_of(self, *kinds: FailureKind) -> list[DialAttempt]:
        """Return the attempts that met one of these kinds."""
        return [attempt for attempt in self.attempts if attempt.kind in kinds]

    def attempts_at(self, host: str) -> list[DialAttempt]:
        """Return the attempts at this numeric address."""
        return [attempt for attempt in self.attempts if attempt.address.host == host]

    def is_unanswered(self, host: str) -> bool:
        """Return whether an attempt at this address met nothing; also true if none was made."""
        return {attempt.kind for attempt in self.attempts_at(host)} <= UNANSWERED

    def is_turned_away(self, host: str) -> bool:
        """Return whether attempts at this address were refused, and met nothing else."""
        met = {attempt.kind for attempt in self.attempts_at(host)}
        return bool(met) and met <= _TURNED_AWAY

    def holding(self, literal: str) -> list[Interface]:
        """Return the own plugged-in LAN addresses whose subnet holds this IPv4 address."""
        return [interface for interface in self.lan if interface.holds(literal)]


def leads_outside(own: Interface) -> bool:
    """Return whether other computers may be reached by this address of ours."""
    # macOS has tunnels with only a link-local address for its own services.
    is_quiet = own.is_ipv6 and own.is_link_local and own.kind != "lan"
    return not own.is_loopback and not is_quiet


def is_self_assigned(literal: str) -> bool:
    """Return whether a computer gave itself this IPv4 address: nobody answered by DHCP (RFC 3927)."""
    address = ipaddress.ip_address(without_scope(literal))
    return address.version == 4 and address.is_link_local


def is_near(one: str, other: str) -> bool:
    """Return whether two IPv4 addresses share a /24, the subnet that nearly every router gives out."""
    network = ipaddress.ip_network(f"{one}/24", strict=False)
    return ipaddress.ip_address(other) in network
