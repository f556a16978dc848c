"""Opens zeroconf on the right interfaces, and explains in plain words why it could not."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from zeroconf import Error as ZeroconfError
from zeroconf import InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncZeroconf

from messango.discovery.interfaces import configured_addresses
from messango.discovery.memberships import joinable, max_memberships
from messango.errors import MessangoError
from messango.transport.addresses import without_scope
from messango.transport.networks.interfaces import Interface, can_list_interfaces, own_interfaces

# zeroconf logs a warning for every packet that an interface did not take. Without this handler, Python
# would print them in the terminal; `explain_error` covers the failures that a person can mend.
logging.getLogger("zeroconf").addHandler(logging.NullHandler())

#: Exceptions of opening and using zeroconf: no such interface, no socket, an invalid address.
MDNS_ERRORS = (ZeroconfError, OSError, RuntimeError, ValueError, MessangoError)

CHECK_NETWORK_EVERY_S: Final = 3.0
#: DHCP and IPv6 add addresses one after another.
_NETWORK_SETTLES_S: Final = 1.0

_NO_NETWORK: Final = "This computer is not connected to a network"
_NO_NETWORK_HINT: Final = "Join a Wi-Fi network or plug in a cable. You don't need to restart Messango."


class NoNetwork(MessangoError):
    """There is no interface for mDNS."""


@dataclass(frozen=True, slots=True)
class MdnsNetwork:
    """The addresses of this computer's interfaces, and the ones that mDNS should use (None: all).

    `joined` are those of all that mDNS uses, the networks where other people likely are first.
    """

    addresses: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...] | None
    ip_version: IPVersion
    only_loopback: bool
    joined: tuple[str, ...] = ()

    @property
    def available(self) -> tuple[str, ...]:
        """The chosen addresses that this computer has now; all of its addresses if none were chosen."""
        own = [address for _, address in self.addresses]
        if self.chosen is None:
            return tuple(own)
        return tuple(address for address in self.chosen if without_scope(address) in own)

    @contextlib.asynccontextmanager
    async def zeroconf_session(self, *, unicast: bool = False) -> AsyncIterator[AsyncZeroconf]:
        """Run zeroconf during the block, and send goodbyes at its end; raises one of `MDNS_ERRORS`.

        `unicast` is for queries only: they come from a port of our own, so only we get the answers.
        """
        if not self.addresses:
            raise NoNetwork(f"{_NO_NETWORK}.", _NO_NETWORK_HINT)
        if not self.available:
            raise NoNetwork(
                f"This computer does not have the address {' or '.join(self.chosen or ())}.",
                "Use an address that `messango doctor` lists.",
            )
        zeroconf = self._open_zeroconf(unicast=unicast)
        try:
            # On Python 3.10, zeroconf swallows a cancellation that comes while it starts.
            await _shielded(zeroconf.zeroconf.async_wait_for_start())
            yield zeroconf
        finally:
            await _shielded(zeroconf.async_close())

    def _open_zeroconf(self, *, unicast: bool) -> AsyncZeroconf:
        interfaces = self._all_interfaces if unicast else self.zeroconf_interfaces
        if self.chosen is not None:
            return AsyncZeroconf(interfaces, unicast)
        try:
            return AsyncZeroconf(interfaces, unicast, self.ip_version)
        except OSError:
            ipv4 = [address for address in self.joined if ":" not in address]
            if self.ip_version is not IPVersion.All or not ipv4:
                raise
            # A sandbox may have IPv6 addresses, but no IPv6 sockets.
            return AsyncZeroconf(ipv4, unicast, IPVersion.V4Only)

    @property
    def zeroconf_interfaces(self) -> list[str]:
        """The interfaces as an argument for zeroconf."""
        return list(self.joined if self.chosen is None else self.available)

    @property
    def _all_interfaces(self) -> InterfaceChoice | list[str]:
        # zeroconf can't list the interfaces where we can't, but it can use one of a given IPv4 address.
        return InterfaceChoice.All if self.chosen is None and can_list_interfaces() else list(self.available)

    @property
    def limitation(self) -> MessangoError | None:
        """Why other machines can't be reached although zeroconf works, or None."""
        if self.only_loopback and self.chosen is None:
            return NoNetwork(f"{_NO_NETWORK}: only rooms on this computer can be reached.", _NO_NETWORK_HINT)
        return None


def current_network(interfaces: Sequence[str] | None = None) -> MdnsNetwork:
    """Return the network as it is now; cheap enough to call every few seconds.

    mDNS uses the addresses in `interfaces`; without them those of the environment; without these all.
    """
    own = own_interfaces()
    chosen = configured_addresses() if interfaces is None else list(interfaces)
    outside = [interface for interface in own if not interface.is_loopback]
    version = _ip_version(outside)
    by_ipv6 = _by_ipv6(outside) if version is IPVersion.All else []
    usable = [interface for interface in own if not interface.is_ipv6 or interface in by_ipv6]
    return MdnsNetwork(
        tuple((interface.name, interface.literal) for interface in own),
        None if chosen is None else tuple(chosen),
        version,
        only_loopback=not outside,
        joined=tuple(interface.address for interface in joinable(usable, max_memberships())),
    )


async def stable_network(network: MdnsNetwork, interfaces: Sequence[str] | None) -> MdnsNetwork:
    """Return the current network; if it differs from `network`, wait until it stays the same for a while."""
    while (later := current_network(interfaces)) != network:
        network = later
        await asyncio.sleep(_NETWORK_SETTLES_S)
    return network


def error_reason(error: BaseException) -> str:
    """Return a reason that is never empty: zeroconf raises some errors without a message."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def explain_error(error: BaseException) -> tuple[str, str]:
    """Return what went wrong with mDNS and what to do next, each a sentence."""
    if isinstance(error, MessangoError):
        return str(error), error.hint
    if isinstance(error, PermissionError):
        return (
            "The system does not let Messango use UDP port 5353.",
            "Allow this port in the firewall's settings.",
        )
    return (
        f"mDNS (UDP port 5353) can't be used: {error_reason(error)}.",
        "Run `messango doctor` to find the cause. You can still join by address.",
    )


async def _shielded(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run `coroutine` to its end even if the caller is cancelled; then raise the cancellation."""
    task = asyncio.ensure_future(coroutine)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _by_ipv6(outside: Sequence[Interface]) -> Sequence[Interface]:
    """Return the interfaces of the LAN: dozens of containers must not cost a socket each."""
    return [interface for interface in outside if interface.kind == "lan"] or outside


def _ip_version(outside: Sequence[Interface]) -> IPVersion:
    """Choose IPv4, which almost every LAN has, and also IPv6 where the LAN has it.

    By IPv6 also computers in different subnets meet, or one that got no IPv4 address at all. VPNs and
    container bridges do not count: they have IPv4 regardless of the LAN, and no neighbours. Other systems
    than Linux may refuse a socket for both, so there IPv6 is used only if the LAN has no IPv4.
    """
    with_ipv6 = [interface.is_ipv6 for interface in _by_ipv6(outside)]
    if any(with_ipv6) if sys.platform == "linux" else with_ipv6 and all(with_ipv6):
        return IPVersion.All
    return IPVersion.V4Only
