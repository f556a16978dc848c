"""This machine's network interfaces, and which of their addresses are good for what.

Everything here is judged anew from a list of adapters at each call: interfaces come and go.
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
from messango.transport.addresses import Address, is_ip

INTERFACES_VARIABLE: Final = "MESSANGO_INTERFACES"

InterfaceKind = Literal["lan", "vpn", "container", "loopback"]

#: What a host may have given to listen on all networks.
ANY_HOST: Final = (None, "", "::", "0.0.0.0")  # noqa: S104 (compared with, not bound to)

# Names that the well-known programs give: on Linux and macOS to the interface, on Windows to the
# adapter's description or the connection. A plain bridge (br0) often carries the LAN, so it is none.
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
    """One address of one interface; link-local IPv6 has the scope that this system connects with."""

    name: str
    index: int
    address: str
    is_ipv6: bool
    is_loopback: bool
    is_link_local: bool
    kind: InterfaceKind

    @property
    def literal(self) -> str:
        """The address without its scope, which means nothing to other machines."""
        return self.address.partition("%")[0]


def own_interfaces(adapters: Iterable[ifaddr.Adapter] | None = None) -> list[Interface]:
    """Return each address of this machine, those that others are likeliest to reach first."""
    found = ifaddr.get_adapters() if adapters is None else adapters
    return sorted((_interface(adapter, ip) for adapter in found for ip in adapter.ips), key=_rank)


def configured_addresses() -> list[str] | None:
    """Return the addresses that `MESSANGO_INTERFACES` names for mDNS, None where it names none.

    Raises `BadAddress` for what is no address of an interface.
    """
    configured = "".join(os.environ.get(INTERFACES_VARIABLE, "").split()).split(",")
    return [_validated(piece) for piece in configured if piece] or None


def advertised_addresses(host: str | None, interfaces: Sequence[Interface] | None = None) -> list[str]:
    """Return the IP addresses to announce for a room that listens on `host` (None: everywhere), best first.

    They fit an A or AAAA record, so without scope. Empty where `MESSANGO_INTERFACES` or `host` names
    none that this machine has.
    """
    if host not in ANY_HOST:
        return _resolve_host(host)
    own = _of_family(host, own_interfaces() if interfaces is None else interfaces)
    configured = configured_addresses()
    chosen = _advertisable(own) if configured is None else _selected(own, configured)
    return list(dict.fromkeys(interface.literal for interface in chosen))


def listening_addresses(
    host: str | None, port: int, interfaces: Sequence[Interface] | None = None
) -> list[Address]:
    """Return what a person can type to reach a room that listens on `host` (None: everywhere), best first."""
    if host not in ANY_HOST:
        return [Address(host, port)]
    own = _of_family(host, own_interfaces() if interfaces is None else interfaces)
    chosen = _selected(own, configured_addresses() or []) + _advertisable(own)
    return list(dict.fromkeys(Address(interface.address, port) for interface in chosen))


def _interface(adapter: ifaddr.Adapter, ip: ifaddr.IP) -> Interface:
    # Windows names the connection on the address ("Wi-Fi") and the driver on the adapter.
    name = ip.nice_name or adapter.name
    index = adapter.index or 0
    if isinstance(ip.ip, tuple):
        text, _, scope = ip.ip
        text = text.partition("%")[0]
    else:
        text, scope = ip.ip, 0
    address = ipaddress.ip_address(text)
    if address.version == 6 and address.is_link_local:
        # Windows takes the number alone; elsewhere the name is what people know.
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
            f"“{text}” in {INTERFACES_VARIABLE} is not the address of an interface.",
            "Give addresses of this machine with commas between them, like 192.168.1.20,127.0.0.1; "
            "`messango doctor` lists them.",
        )
    return str(address)


def _of_family(host: str | None, interfaces: Sequence[Interface]) -> list[Interface]:
    only_ipv4 = host == "0.0.0.0"  # noqa: S104 (compared with, not bound to)
    return [interface for interface in interfaces if not (only_ipv4 and interface.is_ipv6)]


def _selected(interfaces: Sequence[Interface], names: Iterable[str]) -> list[Interface]:
    wanted = {name.partition("%")[0] for name in names}
    return [interface for interface in interfaces if interface.literal in wanted]


def _advertisable(interfaces: Sequence[Interface]) -> list[Interface]:
    """Leave out what others can't use, as long as there is something that they can."""
    outside = [interface for interface in interfaces if not interface.is_loopback]
    routed = [interface for interface in outside if not (interface.is_ipv6 and interface.is_link_local)]
    # Container bridges have one address on every machine (Docker's is 172.17.0.1): told to others,
    # it would lead them to themselves, faster than to us.
    unique = [interface for interface in routed if interface.kind != "container"]
    return unique or routed or outside or list(interfaces)


def _resolve_host(host: str | None) -> list[str]:
    found: list[str] = []
    with contextlib.suppress(OSError, UnicodeError):
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    return list(dict.fromkeys(address.partition("%")[0] for address in found))
