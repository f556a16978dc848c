"""Tries addresses of a room for its host: what a member does when the room asks whether it answers there.

The room is trusted as little as any other stranger. A member connects only to addresses on their own
networks, only at the port where the room answers them anyway, and sends nothing but a TLS hello.
"""

from __future__ import annotations

import contextlib
import ipaddress
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

from messango.errors import BadAddress, MessangoError
from messango.protocol.limits import MAX_REACH_ATTEMPTS
from messango.transport.addresses import Address, is_ip, parse_address
from messango.transport.dialing.dial import dial
from messango.transport.dialing.dial_failure import DialFailed, FailureKind
from messango.transport.networks.own_networks import OwnNetworks

#: Such a failure says nothing about the room's computer.
_NOT_TRIED: Final = frozenset({FailureKind.BLOCKED_HERE, FailureKind.NO_ROUTE, FailureKind.FAILED})


class TryAddresses(Protocol):
    """Returns at which addresses the certificate answered within the time, as `try_addresses` does."""

    def __call__(
        self,
        addresses: Sequence[Address],
        /,
        *,
        fingerprint: str,
        timeout_s: float,
        is_cancelled: Callable[[], bool],
    ) -> Mapping[Address, bool]: ...


def eligible_addresses(texts: Iterable[str], port: int, networks: OwnNetworks) -> dict[str, Address]:
    """Return the addresses that a member tries, by how the room wrote them: the first few that are allowed.

    `port` is that of the member's own connection; an address with another one is not tried.
    """
    chosen: dict[str, Address] = {}
    for text in texts:
        address = _parse(text, port)
        if address is not None and _is_neighbour(address.host, networks):
            chosen.setdefault(text, address)
        if len(chosen) == MAX_REACH_ATTEMPTS:
            break
    return chosen


def _parse(text: str, port: int) -> Address | None:
    """Return the IP address with this port in a text; None for a name, another port, or a scope."""
    literal = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    with contextlib.suppress(BadAddress):
        address = Address(literal, port) if is_ip(literal) else parse_address(text)
        # A scope is of the host's computer, and means another interface here.
        if address.port == port and is_ip(address.host) and "%" not in address.host:
            return address
    return None


def _is_neighbour(host: str, networks: OwnNetworks) -> bool:
    """Return whether another computer can have this address on one of our networks, and we reach it there."""
    address = ipaddress.ip_address(host)
    if networks.is_own(host) or not _is_for_one_computer(address):
        return False
    network = networks.network_of(host)
    if network is None or not network.has_carrier or network.kind not in ("lan", "vpn"):
        return False
    subnet = ipaddress.ip_network(f"{network.literal}/{network.prefix_length}", strict=False)
    if subnet.version == 4 and subnet.prefixlen < 31 and address in (subnet[0], subnet[-1]):
        return False
    # Where a VPN has taken the route to our own subnet, a failure would say nothing about the room.
    source = networks.source_of(host)
    return source is not None and source.index == network.index


def _is_for_one_computer(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Return whether an address without a scope can lead to one other computer."""
    # A link-local address needs a scope, and one that stands for an IPv4 address is written as that one.
    needs_more = address.version == 6 and (address.is_link_local or address.ipv4_mapped is not None)
    return not (address.is_multicast or address.is_unspecified or needs_more)


def try_addresses(
    addresses: Sequence[Address], *, fingerprint: str, timeout_s: float, is_cancelled: Callable[[], bool]
) -> dict[Address, bool]:
    """Return at which of the addresses the certificate with this fingerprint answers; all are tried at once.

    Those that this computer itself could not try are missing. Takes `timeout_s` at most, or until
    `is_cancelled`, which is called a few times a second, returns true.
    """
    answers: dict[Address, bool] = {}

    def attempt(address: Address) -> None:
        try:
            dial(
                [address], fingerprint=fingerprint, timeout_s=timeout_s, is_cancelled=is_cancelled
            ).connection.close()
        except DialFailed as error:
            if error.kind not in _NOT_TRIED:
                answers[address] = False
        except MessangoError:
            answers[address] = False
        else:
            answers[address] = True

    threads = [
        threading.Thread(target=attempt, args=(address,), name="messango-reach-attempt", daemon=True)
        for address in addresses
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
