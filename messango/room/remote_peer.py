"""Where somebody comes from, as the room knows it."""

from __future__ import annotations

import functools
import ipaddress
from dataclasses import dataclass
from typing import Final, TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

#: One household or machine has at least so much of IPv6 for itself (RFC 6177), and changes its address in it.
_SUBNET_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection: `host` is an IP address, `at` that of ours at which it arrived."""

    host: str
    port: int
    encrypted: bool = True
    local_host: str = ""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether it is on the host's own machine."""
        return self.host == self.local_host

    @property
    def network(self) -> Network:
        """The addresses that are to be kept out to keep it out, and nobody else as far as one can tell."""
        subnet = parse_network(self.host)
        return single_address(self.host) if self.local_host and contains(subnet, self.local_host) else subnet


@functools.lru_cache(maxsize=4_096)
def parse_network(text: str) -> Network:
    """Read an address or a network in CIDR notation; raises `ValueError`.

    An IPv6 address without a length stands for its household; on its own link there is none.
    """
    network = ipaddress.ip_network(_strip_scope(text).removeprefix("::ffff:"), strict=False)
    if network.version == 4 or "/" in text or network.is_link_local or network.is_loopback:
        return network
    return network.supernet(new_prefix=_SUBNET_BITS)


def format_network(network: Network) -> str:
    """Return a network as people write it, and as `parse_network` reads it again."""
    text = str(network)
    return text.removesuffix("/32") if network.version == 4 else text


def single_address(host: str) -> Network:
    """Return the network of one address; raises `ValueError`."""
    return ipaddress.ip_network(_strip_scope(host))


def contains(network: Network, host: str) -> bool:
    """Tell whether an address, with a scope or without, is in the network."""
    try:
        return ipaddress.ip_address(_strip_scope(host)) in network
    except ValueError:
        return False


def _strip_scope(text: str) -> str:
    """Return `fe80::1` for `fe80::1%eth0`: which of the host's links it is does not tell who it is."""
    host, slash, length = text.partition("/")
    return host.partition("%")[0] + slash + length
