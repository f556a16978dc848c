"""Notices when this computer gets another address: by DHCP, a second cable, another Wi-Fi."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from messango.discovery.interfaces import listening_addresses
from messango.errors import MessangoError
from messango.transport.addresses import Address
from messango.transport.networks.interfaces import Interface, own_interfaces

logger = logging.getLogger(__name__)

#: One list of interfaces, which takes about a millisecond, in this time.
CHECK_EVERY_S: Final = 3.0
#: DHCP and IPv6 add addresses one after another.
_SETTLES_S: Final = 0.5
#: A cable that is moved, or a Wi-Fi between two stations, is without an address for a moment.
LOST_AFTER_S: Final = 10.0

OnChange = Callable[[Sequence[Address]], None]


class AddressChanges:
    """Decides which changes the host should know of. Pure: no thread, clock or system.

    Containers and VPNs come and go without changing where the others of the local network find the room.
    """

    def __init__(self, host: str | None, port: int, interfaces: Sequence[Interface]) -> None:
        self._host, self._port = host, port
        self._known = self._place(interfaces)
        self._lost_since_s: float | None = None

    def differs(self, interfaces: Sequence[Interface]) -> bool:
        """Return whether the place on the local network is another than the one that the host knows."""
        return self._place(interfaces) != self._known

    def check(self, interfaces: Sequence[Interface], now_s: float) -> list[Address] | None:
        """Return the addresses to join by if the host should read them; empty if the computer has none left.

        None if there is nothing new. `now_s` is in seconds of a monotonic clock.
        """
        place = self._place(interfaces)
        if place == self._known:
            self._lost_since_s = None
            return None
        if not place:
            self._lost_since_s = now_s if self._lost_since_s is None else self._lost_since_s
            if now_s - self._lost_since_s < LOST_AFTER_S:
                return None
        self._known, self._lost_since_s = place, None
        return self._listening(interfaces) if place else []

    def _listening(self, interfaces: Sequence[Interface]) -> list[Address]:
        return listening_addresses(self._host, self._port, interfaces)

    def _place(self, interfaces: Sequence[Interface]) -> frozenset[str]:
        hosts = {address.host for address in self._listening(interfaces)}
        lan = [one for one in interfaces if one.kind == "lan" and one.has_carrier and one.address in hosts]
        ipv4 = frozenset(one.address for one in lan if not one.is_ipv6)
        # The temporary IPv6 addresses of a computer change every day.
        link_local = frozenset(one.address for one in lan if one.is_link_local)
        return ipv4 or link_local or frozenset(one.address for one in lan)


class AddressWatch:
    """Owns a thread that calls `on_change` with the addresses to join by, whenever they have changed.

    It also calls `on_network_change()` soon after any other change of the interfaces, for those who would
    otherwise have to look themselves. Both are called in the thread and must not block.
    """

    def __init__(
        self,
        host: str | None,
        port: int,
        on_change: OnChange,
        on_network_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._host, self._port = host, port
        self._on_change, self._on_network_change = on_change, on_network_change
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messango-address-watch", daemon=True)

    def start(self) -> None:
        """Start watching."""
        self._thread.start()

    def close(self) -> None:
        """Stop, and wait for the thread. Twice is harmless."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            changes = AddressChanges(self._host, self._port, own_interfaces())
            # The first list counts as a change: others may have looked before the thread began.
            before: Sequence[Interface] = ()
            while not self._stopped.wait(CHECK_EVERY_S):
                interfaces = own_interfaces()
                if interfaces != before:
                    before = interfaces
                    self._on_network_change()
                self._check(changes, interfaces)
        except MessangoError as error:  # A mistake in `MESSANGO_INTERFACES`: the room says so elsewhere.
            logger.info("the addresses of this computer are not watched: %s", error)
        except Exception:  # The edge of the thread: log a bug.
            logger.exception("watching the addresses of this computer failed")

    def _check(self, changes: AddressChanges, interfaces: Sequence[Interface]) -> None:
        if changes.differs(interfaces):
            interfaces = self._settled(interfaces)
        addresses = changes.check(interfaces, time.monotonic())
        if addresses is not None and not self._stopped.is_set():
            self._on_change(addresses)

    def _settled(self, interfaces: Sequence[Interface]) -> Sequence[Interface]:
        """Return the interfaces once two lists in a row are the same."""
        while not self._stopped.wait(_SETTLES_S):
            before, interfaces = interfaces, own_interfaces()
            if before == interfaces:
                break
        return interfaces
