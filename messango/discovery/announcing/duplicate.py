"""Finds other servers with our certificate: a copied home folder, or a cloned computer.

Their announcements contain our fingerprint. Anybody can announce that, so only a server that answers with our
certificate counts. Another room of our own folder on this computer is no duplicate.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from zeroconf import (  # type: ignore[attr-defined]  # DNSText is not in its __all__
    DNSText,
    IPVersion,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
)
from zeroconf import Error as ZeroconfError
from zeroconf.asyncio import AsyncServiceInfo

from messango.discovery.model.events import usable_addresses
from messango.discovery.model.txt_record import SERVICE_TYPE, is_room_service
from messango.discovery.probe_pool import Probe, ProbeOutcome, ProbePool
from messango.discovery.resolve import RESOLVE_TIMEOUT_MS
from messango.transport.addresses import Address, without_scope
from messango.transport.dialing.probe import ProbeResult, probe
from messango.transport.networks.own_networks import own_networks

logger = logging.getLogger(__name__)

#: A stranger can announce any number of servers with our fingerprint: one is checked at a time, not more
#: often than this, and those that find no place wait for their next announcement.
_CHECK_EVERY_S: Final = 1.0
_MAX_WAITING: Final = 20


@dataclass(frozen=True, slots=True)
class Ours:
    """What others see of our server: the room's id, the certificate, the port and the mDNS host name."""

    room_id: str
    fingerprint: str
    port: int
    server_name: str

    def is_relayed(self, result: ProbeResult) -> bool:
        """Return whether we answered ourselves, through somebody who passes connections on to us."""
        return result.fingerprint == self.fingerprint and result.room.knows_session is True

    def is_duplicate(self, result: ProbeResult, own_addresses: Sequence[str]) -> bool:
        """Return whether the server that answered has our identity without being ours."""
        if self.is_relayed(result):
            return False
        is_here = without_scope(result.address.host) in own_addresses
        if result.fingerprint != self.fingerprint or (is_here and result.address.port == self.port):
            return False
        return not is_here or result.room.id == self.room_id


class DuplicateFinder(RecordUpdateListener):
    """Calls `on_duplicate` once for each address of another server with our identity. For one event loop."""

    def __init__(self, ours: Ours, on_duplicate: Callable[[Address], None], probe: Probe = probe) -> None:
        self._ours = ours
        self._on_duplicate = on_duplicate
        self._probe = probe
        self._names: asyncio.Queue[str] = asyncio.Queue(_MAX_WAITING)
        self._reported: set[Address] = set()

    @contextlib.asynccontextmanager
    async def watch(self, zeroconf: Zeroconf) -> AsyncIterator[None]:
        """Check announcements during the block."""
        pool = ProbePool(self._probe)
        checking = asyncio.ensure_future(self._check_announced(zeroconf, pool))
        zeroconf.async_add_listener(self, None)
        try:
            yield
        finally:
            zeroconf.async_remove_listener(self)
            checking.cancel()
            await asyncio.gather(checking, return_exceptions=True)
            pool.close(0.0)

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:  # noqa: ARG002 (zeroconf's)
        """Queue services that announce our fingerprint."""
        wanted = self._ours.fingerprint.encode()
        for update in records:
            record = update.new
            if isinstance(record, DNSText) and wanted in record.text and is_room_service(record.name):
                with contextlib.suppress(asyncio.QueueFull):
                    self._names.put_nowait(record.name)

    async def _check_announced(self, zeroconf: Zeroconf, pool: ProbePool) -> None:
        while True:
            name = await self._names.get()
            try:
                await self._check(zeroconf, pool, name)
            except (ZeroconfError, ValueError, OSError) as error:
                # Names and records come from strangers and may be invalid.
                logger.debug("can't check %r: %s", name, error)
            await asyncio.sleep(_CHECK_EVERY_S)

    async def _check(self, zeroconf: Zeroconf, pool: ProbePool, name: str) -> None:
        info = AsyncServiceInfo(SERVICE_TYPE, name)
        if not await info.async_request(zeroconf, RESOLVE_TIMEOUT_MS):
            return
        if (info.server or "").lower() == self._ours.server_name:
            return
        own = own_networks()
        addresses = usable_addresses(info.parsed_scoped_addresses(IPVersion.All), info.port or 0, own)
        result = await probe_in_pool(pool, addresses, self._ours.fingerprint) if addresses else None
        own_addresses = [interface.literal for interface in own.interfaces]
        if result is None or not self._ours.is_duplicate(result, own_addresses):
            return
        if result.address not in self._reported:
            self._reported.add(result.address)
            self._on_duplicate(result.address)


async def probe_in_pool(
    pool: ProbePool, addresses: Sequence[Address], fingerprint: str | None = None
) -> ProbeResult | None:
    """Return the answer of the server, or of the one with this certificate, at these addresses, or None."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[ProbeOutcome] = loop.create_future()

    def set_outcome(outcome: ProbeOutcome) -> None:
        if not done.done():
            done.set_result(outcome)

    def on_done(outcome: ProbeOutcome) -> None:
        with contextlib.suppress(RuntimeError):  # The loop has ended.
            loop.call_soon_threadsafe(set_outcome, outcome)

    pool.start(addresses, on_done, fingerprint)
    try:
        result = (await done).result
    finally:
        pool.release()
    return result if isinstance(result, ProbeResult) else None
