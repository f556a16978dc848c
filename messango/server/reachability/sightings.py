"""Which of the host's addresses other computers have reached, or have tried in vain. Pure.

A finished handshake with another computer proves the address at which it arrived, in both directions and for
large packets too.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

#: More than a host has; with IPv6 a stranger may be able to choose at which of many addresses to arrive.
_MAX_ADDRESSES: Final = 64

#: For each address the latest of so many computers are remembered.
_MAX_HOSTS: Final = 8


@dataclass(frozen=True, slots=True)
class Sighting:
    """The computer at `host` has reached an address of ours, or not, at `time_s` (seconds since 1970 UTC).

    `name` is that of the member there, or "".
    """

    host: str
    ok: bool
    time_s: float
    name: str = ""


class Sightings:
    """The latest sighting of each address from each computer; bounded. Not thread-safe."""

    def __init__(self) -> None:
        self._by_address: dict[str, dict[str, Sighting]] = {}

    def add(self, address: str, sighting: Sighting) -> None:
        """Record a sighting, in place of the last one of this address from this computer."""
        by_host = self._by_address.pop(address, {})
        before = by_host.pop(sighting.host, None)
        if before is not None and not sighting.name:
            sighting = replace(sighting, name=before.name)
        # At the end of both: the first of each is the oldest.
        by_host[sighting.host] = sighting
        self._by_address[address] = by_host
        if len(by_host) > _MAX_HOSTS:
            del by_host[next(iter(by_host))]
        if len(self._by_address) > _MAX_ADDRESSES:
            del self._by_address[next(iter(self._by_address))]

    def of(self, address: str) -> list[Sighting]:
        """Return what is known of an address, the latest first."""
        return [*reversed(self._by_address.get(address, {}).values())]

    def name_host(self, host: str, name: str) -> None:
        """Record the name of the member at this computer."""
        for by_host in self._by_address.values():
            if host in by_host:
                by_host[host] = replace(by_host[host], name=name)

    def keep(self, addresses: Collection[str]) -> None:
        """Forget what is known of all other addresses."""
        for address in [*self._by_address]:
            if address not in addresses:
                del self._by_address[address]
