"""This computer's network interfaces, and the addresses to announce and to use.

Every call reads the list of adapters again, because interfaces come and go.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import ifaddr

from messango.errors import BadAddress
from messango.transport.addresses import Address, is_ip, without_scope

INTERFACES_VARIABLE: Final = "MESSANGO_INTERFACES"

InterfaceKind = Literal["lan", "vpn", "container", "loopback"]

#: Where a packet to the mDNS group goes, and one to the internet (RFC 5737: nobody is there).
_ELSEWHERE: Final = ("224.0.0.251", "192.0.2.1")

#: The ways to say "listen on all networks".
ANY_HOST: Final = (None, "", "::", "0.0.0.0")  # noqa: S104 (compared with, not bound to)

# Names that well-known programs use: on Linux and macOS for the interface, on Windows for the adapter's
# description or the connection. A plain bridge (br0) often carries the LAN, so it is not among them.
_VPN: Final = re.compile(
    r"(tun|tap|utun|ipsec|ppp|wg|tailscale|zt|nordlynx|proton|mullvad|cscotun|cloudflarewarp|gpd\d|ham\d)"
    r"|.*(\btap-|wintun|wireguard|openvpn|tailscale|zerotier|\bvpn\b|anyconnect|fortinet|hamachi|pangp)",
    re.IGNORECASE,
)
_CONTAINER: Final = re.compile(
    r"(docker|br-|veth(?!ernet)|virbr|vnet|vboxnet|vmnet|vmenet|cni|podman|nerdctl|lxc|lxdbr|incusbr|flannel|cali|cilium|kube)"
    r"|bridge1\d\d"  # macOS, where bridge0 is a real one
    r"|vEthernet \((WSL|Default|nat|Docker)"
    r"|.*(virtualbox host-only|vmware virtual ethernet|wsl)",
    re.IGNORECASE,
)

_ORDER: Final[dict[InterfaceKind, int]] = {"lan": 0, "vpn": 1, "container": 2, "loopback": 3}


@dataclass(frozen=True, slots=True)
class Interface:
    """One address of one interface; link-local IPv6 includes the scope that this system needs to connect."""

    name: str
    index: int
    address: str
    is_ipv6: bool
    is_loopback: bool
    is_link_local: bool
    kind: InterfaceKind

    @property
    def literal(self) -> str:
        """The address without its scope, which has a meaning on this computer only."""
        return without_scope(self.address)


def own_interfaces(adapters: Iterable[ifaddr.Adapter] | None = None) -> list[Interface]:
    """Return every address of this computer, the ones that others can most likely reach first."""
    found = _adapters() if adapters is None else adapters
    return sorted((_interface(adapter, ip) for adapter in found for ip in adapter.ips), key=_rank)


def can_list_interfaces() -> bool:
    """Return false if the system does not list its interfaces: in a sandbox without netlink."""
    try:
        ifaddr.get_adapters()
    except OSError:
        return False
    return True


def _adapters() -> list[ifaddr.Adapter]:
    """Return the adapters; without the system's list those that a packet would leave by."""
    try:
        return list(ifaddr.get_adapters())
    except OSError:
        found = filter(None, map(_source_address, _ELSEWHERE))
        addresses = dict.fromkeys([*found, "127.0.0.1"])
        return [ifaddr.Adapter("", "", [ifaddr.IP(text, 24, "default")], 0) for text in addresses]


def _source_address(destination: str) -> str:
    """Return the IPv4 address that a packet to `destination` would leave by, or "". Nothing is sent."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        any_socket.connect((destination, 9))
        return str(any_socket.getsockname()[0])
    return ""


def configured_addresses() -> list[str] | None:
    """Return the addresses in `MESSANGO_INTERFACES`, or None if it is empty or not set.

    Raises `BadAddress` for text that can't be the address of an interface.
    """
    configured = os.environ.get(INTERFACES_VARIABLE, "")
    if not configured:
        return None
    # Nothing but commas and blanks is not "every network": somebody wanted to exclude some.
    pieces = [piece for piece in "".join(configured.split()).split(",") if piece] or [configured]
    return [_validated(piece) for piece in pieces]


def advertised_addresses(host: str | None, interfaces: Sequence[Interface] | None = None) -> list[str]:
    """Return the IP addresses to announce for a room that listens on `host` (None: everywhere), best first.

    They have no scope, because they go into A and AAAA records. Empty if this computer has none of the
    addresses in `MESSANGO_INTERFACES` or `host`. Raises `BadAddress` as `configured_addresses` does.
    """
    if host not in ANY_HOST:
        return _resolve_host(host)
    own = _of_family(host, own_interfaces() if interfaces is None else interfaces)
    configured = configured_addresses()
    chosen = _advertisable(own) if configured is None else select_interfaces(own, configured)
    return list(dict.fromkeys(interface.literal for interface in chosen))


def listening_addresses(
    host: str | None, port: int, interfaces: Sequence[Interface] | None = None
) -> list[Address]:
    """Return the addresses to type to reach a room that listens on `host` (None: everywhere), best first."""
    if host not in ANY_HOST:
        return [Address(host, port)]
    own = _of_family(host, own_interfaces() if interfaces is None else interfaces)
    chosen = select_interfaces(own, configured_addresses() or []) + _advertisable(own)
    return list(dict.fromkeys(Address(interface.address, port) for interface in chosen))


def _interface(adapter: ifaddr.Adapter, ip: ifaddr.IP) -> Interface:
    # Windows names the connection on the address ("Wi-Fi") and the driver on the adapter.
    name = ip.nice_name or adapter.name
    index = adapter.index or 0
    if isinstance(ip.ip, tuple):
        text, _, scope = ip.ip
        text = without_scope(text)
    else:
        text, scope = ip.ip, 0
    address = ipaddress.ip_address(text)
    if address.version == 6 and address.is_link_local:
        # Windows accepts only the number; elsewhere people know the name.
        text = f"{text}%{(scope or index) if os.name == 'nt' else adapter.name}"
    return Interface(
        name,
        index,
        text,
        address.version == 6,
        address.is_loopback,
        address.is_link_local,
        "loopback" if address.is_loopback else _kind((adapter.name, adapter.nice_name, name)),
    )


def _kind(names: Iterable[str]) -> InterfaceKind:
    known = [name for name in names if name]
    if any(map(_CONTAINER.match, known)):
        return "container"
    return "vpn" if any(map(_VPN.match, known)) else "lan"


def _rank(interface: Interface) -> tuple[int, bool, bool]:
    return _ORDER[interface.kind], interface.is_link_local, interface.is_ipv6


def _validated(text: str) -> str:
    address = ipaddress.ip_address(text) if is_ip(text) else None
    if address is None or address.is_unspecified or address.is_multicast:
        raise BadAddress(
            f"“{text}” in {INTERFACES_VARIABLE} is not a valid interface address.",
            "Use addresses of this computer with commas between them, like 192.168.1.20,127.0.0.1. "
            "`messango doctor` lists them.",
        )
    return str(address)


def _of_family(host: str | None, interfaces: Sequence[Interface]) -> list[Interface]:
    only_ipv4 = host == "0.0.0.0"  # noqa: S104 (compared with, not bound to)
    return [interface for interface in interfaces if not (only_ipv4 and interface.is_ipv6)]


def select_interfaces(interfaces: Iterable[Interface], addresses: Iterable[str]) -> list[Interface]:
    """Return the interfaces that have one of these addresses, ignoring scopes."""
    wanted = {without_scope(address) for address in addresses}
    return [interface for interface in interfaces if interface.literal in wanted]


def _advertisable(interfaces: Sequence[Interface]) -> list[Interface]:
    """Leave out addresses that others can't use, as long as any are left."""
    outside = [interface for interface in interfaces if not interface.is_loopback]
    routed = [interface for interface in outside if not (interface.is_ipv6 and interface.is_link_local)]
    # Container bridges have the same address on every machine (Docker's is 172.17.0.1): others who use it
    # would reach themselves, and faster than us.
    unique = [interface for interface in routed if interface.kind != "container"]
    return unique or routed or outside or list(interfaces)


def _resolve_host(host: str | None) -> list[str]:
    found: list[str] = []
    with contextlib.suppress(OSError, UnicodeError):
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    return list(dict.fromkeys(map(without_scope, found)))
