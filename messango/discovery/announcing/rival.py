"""Checks whether another host that claims our room's name has a room of that name.

Anybody can announce any name. Only a room that answers there, and proves its id by its certificate, is a
reason to take another one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from zeroconf import (  # type: ignore[attr-defined]  # AddressResolver is not in its __all__
    AddressResolver,
    DNSQuestionType,
    IPVersion,
    Zeroconf,
)
from zeroconf import Error as ZeroconfError

from messango.discovery.announcing.duplicate import Ours, probe_in_pool
from messango.discovery.model.events import usable_addresses
from messango.discovery.model.txt_record import instance_label
from messango.discovery.probe_pool import Probe, ProbePool
from messango.discovery.resolve import RESOLVE_TIMEOUT_MS
from messango.protocol.text.validation import normalized_name
from messango.transport.addresses import without_scope
from messango.transport.dialing.probe import ProbeResult
from messango.transport.networks.interfaces import own_interfaces
from messango.transport.networks.own_networks import own_networks

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rival:
    """A claim to a label that is ours, or that we want: the host name and the port of its SRV record."""

    label: str
    server: str
    port: int


class RivalCheck:
    """Owns the threads that ask rivals. Its coroutines run in one event loop."""

    def __init__(self, ours: Ours, probe: Probe) -> None:
        self._ours = ours
        self._pool = ProbePool(probe)

    def close(self) -> None:
        """Stop, without waiting for the answers of rivals."""
        self._pool.close(0.0)

    async def is_real(self, zeroconf: Zeroconf, rival: Rival) -> bool:
        """Return whether another room of that name answers there; takes five seconds at most."""
        try:
            resolver = AddressResolver(rival.server)
            await resolver.async_request(zeroconf, RESOLVE_TIMEOUT_MS, DNSQuestionType.QM)
            own = own_networks()
            addresses = usable_addresses(resolver.parsed_scoped_addresses(IPVersion.All), rival.port, own)
        except (ZeroconfError, ValueError, OSError) as error:
            # Names and records come from strangers and may be invalid.
            logger.debug("can't check %r: %s", rival.server, error)
            return False
        result = await probe_in_pool(self._pool, addresses) if addresses else None
        return result is not None and not self._is_ours(result) and has_label(result.room.name, rival.label)

    def _is_ours(self, result: ProbeResult) -> bool:
        if self._ours.is_relayed(result):
            return True
        own_addresses = [interface.literal for interface in own_interfaces()]
        return result.address.port == self._ours.port and without_scope(result.address.host) in own_addresses


def has_label(name: str, label: str) -> bool:
    """Return whether a room of this name is announced under this label."""
    return normalized_name(instance_label(name)) == normalized_name(label)
