"""Opens zeroconf on the right interfaces, and says in plain words why it could not."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from zeroconf import Error as ZeroconfError
from zeroconf import InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncZeroconf

from messango.discovery.interfaces import Interface, configured_addresses, own_interfaces
from messango.errors import MessangoError

# zeroconf warns of each packet that an interface did not take. Unless somebody sets logging up, that
# is not for the terminal: what a person can do something about is told as a reason.
logging.getLogger("zeroconf").addHandler(logging.NullHandler())

#: What opening and using zeroconf raises: no such interface, no socket, an address that is none.
MDNS_ERRORS = (ZeroconfError, OSError, RuntimeError, ValueError, MessangoError)

_NO_NETWORK = "This machine is on no network"
_NO_NETWORK_HINT = "Join a Wi-Fi network or plug in a cable; nothing needs to be restarted."


class NoNetwork(MessangoError):
    """There is no interface to speak on."""


@dataclass(frozen=True, slots=True)
class MdnsNetwork:
    """The addresses of this machine's interfaces, and which of them mDNS is to use (None: all)."""

    addresses: frozenset[tuple[str, str]]
    chosen: tuple[str, ...] | None
    ip_version: IPVersion
    only_loopback: bool

    @property
    def available(self) -> tuple[str, ...]:
        """Those of the chosen addresses that this machine has now; all of them where none were chosen."""
        own = {address for _, address in self.addresses}
        return tuple(own if self.chosen is None else [one for one in self.chosen if _literal(one) in own])

    @contextlib.asynccontextmanager
    async def zeroconf_session(self, *, unicast: bool = False) -> AsyncIterator[AsyncZeroconf]:
        """Run zeroconf as long as the block lasts, goodbyes included; raises one of `MDNS_ERRORS`.

        `unicast` is for asking alone: from ports of our own, so that answers come to nobody else.
        """
        if not self.addresses:
            raise NoNetwork(f"{_NO_NETWORK}.", _NO_NETWORK_HINT)
        if not self.available:
            raise NoNetwork(
                f"This machine does not have the address {' or '.join(self.chosen or ())} to use mDNS on.",
                "Give one that `messango doctor` lists.",
            )
        version = self.ip_version if self.chosen is None else None
        zeroconf = AsyncZeroconf(self.zeroconf_interfaces, unicast, version)
        try:
            # On Python 3.10 zeroconf swallows a cancellation that comes while it starts.
            await _shielded(zeroconf.zeroconf.async_wait_for_start())
            yield zeroconf
        finally:
            await _shielded(zeroconf.async_close())

    @property
    def zeroconf_interfaces(self) -> InterfaceChoice | list[str]:
        """The interfaces as zeroconf takes them."""
        return InterfaceChoice.All if self.chosen is None else list(self.available)

    @property
    def limitation(self) -> MessangoError | None:
        """What keeps other machines out although zeroconf works, or None."""
        if self.only_loopback and self.chosen is None:
            return NoNetwork(
                f"{_NO_NETWORK}: nobody but this machine itself is within reach.", _NO_NETWORK_HINT
            )
        return None


def current_network(interfaces: Sequence[str] | None = None) -> MdnsNetwork:
    """Look at the interfaces as they are now; cheap enough for every few seconds.

    `interfaces` are the addresses to use; otherwise those of the environment, otherwise all.
    """
    own = own_interfaces()
    chosen = configured_addresses() if interfaces is None else list(interfaces)
    outside = [interface for interface in own if not interface.is_loopback]
    return MdnsNetwork(
        frozenset((interface.name, interface.literal) for interface in own),
        None if chosen is None else tuple(chosen),
        _ip_version(outside),
        only_loopback=not outside,
    )


def explain_error(error: BaseException) -> tuple[str, str]:
    """Return what went wrong with mDNS and what to do next, each a sentence."""
    if isinstance(error, MessangoError):
        return str(error), error.hint
    if isinstance(error, PermissionError):
        return "The system does not let us use UDP port 5353.", "Allow it in the firewall's settings."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (
        f"mDNS (UDP port 5353) can't be used: {reason or type(error).__name__}.",
        "`messango doctor` looks for the cause; joining by address works all the same.",
    )


async def _shielded(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run the work whole, also where the caller is cancelled meanwhile; then that counts."""
    task = asyncio.ensure_future(coroutine)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _literal(address: str) -> str:
    return address.partition("%")[0]


def _ip_version(outside: Sequence[Interface]) -> IPVersion:
    """Choose IPv4, where every LAN is at home, and IPv6 as well only where the LAN has no IPv4.

    A VPN or a bridge of containers has IPv4 whatever the LAN has, and no neighbours.
    """
    lan = [interface for interface in outside if interface.kind == "lan"] or outside
    if lan and all(interface.is_ipv6 for interface in lan):
        return IPVersion.All
    return IPVersion.V4Only
