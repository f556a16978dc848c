"""The address of a client, and the network that a ban of it covers."""

from __future__ import annotations

import functools
import ipaddress
import re
from dataclasses import dataclass
from typing import Final, TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

#: A site has at least a /64 of IPv6 (RFC 6177), and its computers change their addresses within it.
_SUBNET_BITS: Final = 64

#: How `str` of a peer writes its address; the port may be left out after brackets.
_AS_LOGGED: Final = re.compile(r"\[(?P<ipv6>[^\[\]]+)\](:\d{1,5})?|(?P<ipv4>[\d.]+):\d{1,5}", re.ASCII)

#: The bits before the IPv4 address in an IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2).
_MAPPED_BITS: Final = 96


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection; `host` is its IP address, `local_host` ours, at which it arrived.

    `browser`: it speaks HTTP.
    """

    host: str
    port: int
    encrypted: bool = True
    local_host: str = ""
    browser: bool = False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether it is on the host's own computer."""
        return self.host == self.local_host

    @property
    def network(self) -> Network:
        """The network to ban: one IPv4 address, or the /64 of an IPv6 address."""
        return parse_network(self.host)

    @property
    def shares_our_network(self) -> bool:
        """Whether our own address is in `network` too, as that of everybody on a LAN with IPv6."""
        return bool(self.local_host) and contains(self.network, self.local_host)

    @property
    def limit_keys(self) -> tuple[str, ...]:
        """What a limit counts this client for: its address, and an IPv6 address from elsewhere also its /64.

        Elsewhere a /64 belongs to one site. Ours belongs to everybody on the LAN, and one computer there,
        which can use any of its addresses, must not use up what is meant for all.
        """
        try:
            address, network = single_address(self.host), self.network
        except ValueError:
            return (self.host,)
        if network == address or self.shares_our_network:
            return (str(address),)
        return str(address), str(network)


@functools.lru_cache(maxsize=4_096)
def parse_network(text: str) -> Network:
    """Parse an address, also as the host's log writes it, or a network in CIDR notation; raises `ValueError`.

    An IPv6 address without a length stands for its /64, except the loopback address; one that stands for an
    IPv4 address (RFC 4291, section 2.5.5.2) becomes that one.
    """
    network = _unmapped(ipaddress.ip_network(_bare(text), strict=False))
    if network.version == 4 or "/" in text or network.is_loopback:
        return network
    return network.supernet(new_prefix=_SUBNET_BITS)


def format_network(network: Network) -> str:
    """Return a network as people write it, which `parse_network` parses to the same network."""
    text = str(network)
    return text.removesuffix("/32") if network.version == 4 else text


def single_address(host: str) -> Network:
    """Return the network of one address; raises `ValueError`."""
    return _unmapped(ipaddress.ip_network(_bare(host)))


def contains(network: Network, host: str) -> bool:
    """Return whether an address, with or without a scope, is in the network."""
    try:
        address = single_address(host)
    except ValueError:
        return False
    return address.network_address in network


def _unmapped(network: Network) -> Network:
    """Return the IPv4 network for one of IPv4-mapped IPv6 addresses, and any other as it is."""
    if network.version == 6 and network.prefixlen >= _MAPPED_BITS and network.network_address.ipv4_mapped:
        mapped = network.network_address.ipv4_mapped
        return ipaddress.IPv4Network((mapped, network.prefixlen - _MAPPED_BITS))
    return network


def _bare(text: str) -> str:
    """Return the address without the brackets and the port of a peer in the host's log, and without a scope.

    A scope is only valid on one computer.
    """
    if logged := _AS_LOGGED.fullmatch(text.strip()):
        text = logged["ipv6"] or logged["ipv4"]
    host, slash, length = text.partition("/")
    return host.partition("%")[0] + slash + length
