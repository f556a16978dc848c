"""This computer's network interfaces: their addresses, subnets and kinds.

Every call reads the list of adapters again, because interfaces come and go. It takes less than a millisecond.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from messango.transport.addresses import without_scope
from messango.transport.networks.link_facts import NOTHING_KNOWN, InterfaceKind, LinkFacts, link_facts
from messango.transport.networks.mdns_socket import MDNS_GROUP

if TYPE_CHECKING:
    import ifaddr

#: Where a packet to the internet goes (RFC 5737: nobody is there), and one to the mDNS group.
_INTERNET: Final = "192.0.2.1"

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
    r"|lo\d*$|.*loopback"  # an address added there leads nowhere else
    r"|vEthernet \((WSL|Default|nat|Docker)"
    r"|.*(virtualbox host-only|vmware virtual ethernet|wsl)",
    re.IGNORECASE,
)

_ORDER: Final[dict[InterfaceKind, int]] = {"lan": 0, "vpn": 1, "container": 2, "loopback": 3}

ReadFacts = Callable[[str, int], LinkFacts]


@dataclass(frozen=True, slots=True)
class Interface:
    """One address of one interface; link-local IPv6 includes the scope that this system needs to connect.

    `prefix_length` is that of the address's subnet; 0 is unknown. Without a carrier no cable is plugged in,
    or nobody is at the other end of the tunnel; only Linux tells.
    """

    name: str
    index: int
    address: str
    is_ipv6: bool
    is_loopback: bool
    is_link_local: bool
    kind: InterfaceKind
    prefix_length: int = 0
    has_carrier: bool = True

    @property
    def literal(self) -> str:
        """The address without its scope, which has a meaning on this computer only."""
        return without_scope(self.address)

    def holds(self, literal: str) -> bool:
        """Return whether an IP address without scope is in the subnet of this one."""
        if not self.prefix_length:
            return literal == self.literal
        subnet = ipaddress.ip_network((self.literal, self.prefix_length), strict=False)
        return ipaddress.ip_address(literal) in subnet


def own_interfaces(
    adapters: Iterable[ifaddr.Adapter] | None = None, read_facts: ReadFacts | None = None
) -> list[Interface]:
    """Return every address of this computer, the ones that others can most likely reach first.

    With `adapters`, which have ifaddr's form, the system is not asked for anything.
    """
    if adapters is None:
        found, default = _adapters(), default_source()
        read_facts = read_facts or link_facts
    else:
        found, default = list(adapters), ""
    own: list[Interface] = []
    unsure: dict[int, int] = {}
    for adapter in found:
        facts = read_facts(adapter.name, adapter.index or 0) if read_facts else NOTHING_KNOWN
        if facts.kind is None:
            unsure[adapter.index or 0] = 1 + facts.is_bridge
        own += [_interface(adapter, ip, facts) for ip in adapter.ips]
    defaults = {interface.name for interface in own if interface.literal == default}
    return sorted(own, key=lambda each: (*_rank(each), each.name not in defaults, unsure.get(each.index, 0)))


def can_list_interfaces() -> bool:
    """Return false if the system does not list its interfaces: in a sandbox without netlink."""
    import ifaddr  # Here, because it takes 20 ms.

    try:
        ifaddr.get_adapters()
    except OSError:
        return False
    return True


def source_address(destination: str) -> str:
    """Return the address, without scope, that a packet to an IP address would leave by; "" without a route.

    Nothing is sent. This is how every system tells what its routes say, policies and VPNs included.
    """
    with contextlib.suppress(OSError, UnicodeError):
        info = socket.getaddrinfo(destination, 9, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0]
        with socket.socket(info[0], socket.SOCK_DGRAM) as any_socket:
            any_socket.connect(info[4])
            return without_scope(str(any_socket.getsockname()[0]))
    return ""


def default_source() -> str:
    """Return the address that a packet to the internet would leave by, as `source_address` does."""
    return source_address(_INTERNET)


def _adapters() -> list[ifaddr.Adapter]:
    """Return the adapters; without the system's list those that a packet would leave by."""
    import ifaddr

    try:
        return list(ifaddr.get_adapters())
    except OSError:
        found = filter(None, map(source_address, (MDNS_GROUP, _INTERNET)))
        addresses = dict.fromkeys([*found, "127.0.0.1"])
        return [ifaddr.Adapter("", "", [ifaddr.IP(text, 24, "default")], 0) for text in addresses]


def _interface(adapter: ifaddr.Adapter, ip: ifaddr.IP, facts: LinkFacts) -> Interface:
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
    kind = facts.kind or _kind_of_names((adapter.name, adapter.nice_name, name))
    return Interface(
        name,
        index,
        text,
        address.version == 6,
        address.is_loopback,
        address.is_link_local,
        "loopback" if address.is_loopback else kind,
        ip.network_prefix,
        facts.has_carrier,
    )


def _kind_of_names(names: Iterable[str]) -> InterfaceKind:
    known = [name for name in names if name]
    if any(map(_CONTAINER.match, known)):
        return "container"
    return "vpn" if any(map(_VPN.match, known)) else "lan"


def _rank(interface: Interface) -> tuple[bool, bool, int, bool, bool]:
    """Return where an address belongs among all: nobody reaches one without a carrier now."""
    return (
        interface.is_loopback,
        not interface.has_carrier,
        _ORDER[interface.kind],
        interface.is_link_local,
        interface.is_ipv6,
    )
